"""A citizen's way in a real browser: the front page, the form, the page behind the QR; and the log of it all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served

pytestmark = pytest.mark.browser

USER, PASSWORD = "thanh-tra", "mot-cua-kinh-bac-2026"
HEAVIEST = 300_000


@dataclass(frozen=True)
class Site:
    """The address, and code and token of each dossier by what became of it."""

    address: str
    dossiers: dict[str, tuple[str, str]]

    def track(self, name: str) -> str:
        return f"/tra-cuu/{self.dossiers[name][1]}/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    found = tmp_path_factory.mktemp("found") / "dossiers.json"
    build = ("-m", "tests.e2e.portal_site", USER, PASSWORD, str(found))
    with served(tmp_path_factory.mktemp("portal"), build) as address:
        yield Site(
            address, {name: (code, token) for name, (code, token) in json.loads(found.read_text()).items()}
        )


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Browser]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as browser:
        yield browser


def opened(chromium: Browser, site: Site, width: int, *, script: bool = True) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": 740},
        locale="vi-VN",
        base_url=site.address,
        java_script_enabled=script,
    )
    context.set_default_timeout(8000)
    return context.new_page()


@pytest.fixture(params=[1366, 360, 320], ids=["desk", "telephone", "small"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Page]:
    page = opened(chromium, site, request.param)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    yield page
    page.context.close()
    assert complaints == []


def test_public_pages_are_open_to_everybody(page: Page, site: Site) -> None:
    paths = [
        "/",
        "/tra-cuu/",
        "/trung-tam/",
        "/trung-tam/?q=kinh+bac",
        "/trung-tam/?q=khong-co",
        "/khong-co/",
    ]
    for path in [*paths, *(site.track(name) for name in site.dossiers)]:
        page.goto(path)
        assert tools.serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_citizen_finds_the_dossier_by_code_and_four_digits(
    chromium: Browser, site: Site, script: bool
) -> None:
    page = opened(chromium, site, 360, script=script)
    code, token = site.dossiers["paused"]
    page.goto("/")
    page.fill("[name=code]", code.lower())
    page.fill("[name=check_value]", "0000")
    page.press("[name=check_value]", "Enter")
    expect(page.locator("main")).to_contain_text("Không tìm thấy hồ sơ khớp")
    expect(page.locator("[name=code]")).to_have_value(code.lower())
    page.fill("[name=check_value]", "5678")
    page.press("[name=check_value]", "Enter")
    expect(page).to_have_url(f"{site.address}/tra-cuu/{token}/")
    expect(page.locator("h2").first).to_have_text("Chờ bạn bổ sung giấy tờ")
    expect(page.locator("main")).to_contain_text("Bản sao có chứng thực giấy khai sinh cũ")
    page.locator("details.why summary").click()
    expect(page.locator("details.why ol")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.context.close()


def test_the_page_of_a_slip_sends_nobody_its_address(chromium: Browser, site: Site) -> None:
    page = opened(chromium, site, 360)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("referer", "")))
    page.goto(site.track("late"))
    page.get_by_role("link", name="Nơi tiếp nhận", exact=True).click()
    page.wait_for_url("**/trung-tam/")
    token = site.dossiers["late"][1]
    assert not any(token in referer for referer in sent)
    page.context.close()


def test_the_page_of_a_slip_is_light_and_prints(chromium: Browser, site: Site) -> None:
    page = opened(chromium, site, 360)
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", 0))))
    page.goto(site.track("late"), wait_until="networkidle")
    assert sum(sizes) <= HEAVIEST
    page.emulate_media(media="print")
    assert page.locator(".public-nav").is_hidden()
    assert page.locator("h1").is_visible()
    page.context.close()


def test_an_inspector_reads_who_looked(chromium: Browser, site: Site) -> None:
    for width in (1366, 360):
        page = opened(chromium, site, width)
        page.goto(site.track("fresh"))
        page.goto("/dang-nhap/")
        page.fill("[name=username]", USER)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        expect(page.locator("h1")).to_have_text("Bàn làm việc")
        for path in ("/ban-lam-viec/", "/tim/?q=dao", "/nhat-ky/?viec=tra-cuu"):
            page.goto(path)
            assert tools.serious(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        expect(page.locator("main")).to_contain_text(site.dossiers["fresh"][0])
        page.context.close()


def test_found_rows_are_walked_by_keys(chromium: Browser, site: Site) -> None:
    page = opened(chromium, site, 1366)
    page.goto("/dang-nhap/")
    page.fill("[name=username]", USER)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("Bàn làm việc")
    page.wait_for_load_state("load")  # keys are heard once the scripts are there
    page.keyboard.press("/")
    expect(page.locator("#top-q")).to_be_focused()
    page.keyboard.type("khai sinh")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("khai sinh")
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-current")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/thu-tuc/[^/]+/$"))
    page.context.close()
