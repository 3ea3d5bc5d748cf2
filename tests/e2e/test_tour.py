"""The tour of the README in a real browser: one dossier from the counter to the citizen's hands, and back to
the QR on the slip; then every page of every menu, wide and narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from motcua.kernel import clock
from motcua.kernel.accounts.queries import DEMO_PASSWORD
from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served

pytestmark = pytest.mark.browser

CARD = "027090001234|125123456|Nguyễn Văn An|15081990|Nam|Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh|01072021"
ROLES = ("xa1.motcua", "xa1.tuphap", "xa1.lanhdao", "xa1.quantri", "tinh.kiemsoat", "quantri")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with served(tmp_path_factory.mktemp("demo"), ("-m", "tests.e2e.demo_site")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address: str) -> Iterator[Browser]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as browser:
        yield browser


def sign_in(chromium: Browser, address: str, username: str) -> BrowserContext:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address)
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.get_by_text("Đăng nhập", exact=True)).to_have_count(0)
    page.close()
    return context


def test_one_dossier_from_the_counter_to_the_citizen(chromium: Browser, address: str) -> None:
    counter = sign_in(chromium, address, "xa1.motcua").new_page()
    code = _receive(counter)
    for username in ("xa1.tuphap", "xa1.lanhdao"):
        _finish_step(sign_in(chromium, address, username).new_page(), code)
    _finish_step(sign_in(chromium, address, "xa1.vanthu").new_page(), code, result="15/XN-UBND")
    _hand_over(counter, code)
    _citizen(chromium.new_context(base_url=address, viewport={"width": 360, "height": 740}).new_page(), code)


def _receive(page: Page) -> str:
    page.goto("/quay/tiep-nhan/?moi=1")
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(CARD, delay=2)
    page.keyboard.press("Enter")
    expect(page.locator("#procedure-search")).to_be_focused()
    page.keyboard.type("1.004873", delay=12)
    page.keyboard.press("Enter")
    expect(page.locator("[data-paper]").first).to_be_visible()
    page.get_by_label("không phải xác minh", exact=False).first.check()
    page.keyboard.press("*")
    if page.input_value("#id_owner-phone") == "":
        page.fill("#id_owner-phone", "0912345678")
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_be_visible()
    return page.locator(".saved-code").inner_text()


def _finish_step(page: Page, code: str, *, result: str = "") -> None:
    page.goto(f"/ho-so/{code}/")
    expect(page.locator(".dossier-line .code")).to_have_text(code)
    page.keyboard.press("1")
    if result:
        page.wait_for_url("**/hoan-thanh/**")
        page.fill("[name=result_number]", result)
        page.fill("[name=result_issued_on]", f"{clock.today(clock.now()):%d/%m/%Y}")
        page.fill("[name=result_summary]", "Giấy xác nhận tình trạng hôn nhân")
        page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.locator(".messages")).to_contain_text(f"hồ sơ {code}")
    page.close()


def _hand_over(page: Page, code: str) -> None:
    page.goto("/quay/tra-ket-qua/")
    page.keyboard.type(code, delay=2)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Nguyễn Văn An")
    page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text(re.compile("[Đđ]ã trả"))


def _citizen(page: Page, code: str) -> None:
    page.goto("/tra-cuu/")
    page.fill("[name=code]", code)
    page.fill("[name=check_value]", "1234")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Đã trả kết quả")
    assert "027090001234" not in page.content()
    assert "Nguyễn Văn An" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("username", ROLES)
def test_every_page_of_the_menu_is_whole_wide_and_narrow(
    chromium: Browser, address: str, username: str
) -> None:
    page = sign_in(chromium, address, username).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto("/")
    links = page.locator("nav a[href^='/']").evaluate_all("found => found.map(a => a.getAttribute('href'))")
    assert len(set(links)) >= 4
    for link in dict.fromkeys(links):
        for width in (1366, 360):
            page.set_viewport_size({"width": width, "height": 740})
            answer = page.goto(link)
            assert answer is not None and answer.status == 200, link
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (link, width)
            assert tools.serious(page) == [], (link, width)
    assert complaints == []
