"""A specialist's morning in a real browser: down the list by keys, one dossier after another, several at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served
from tests.e2e.ward_site import COUNT

pytestmark = pytest.mark.browser

PASSWORD = "mot-cua-kinh-bac-2026"
MINE, LATE, PAUSED = "/ho-so/?queue=cua-toi", "/ho-so/?queue=qua-han", "/ho-so/?queue=tam-dung"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    with served(tmp_path_factory.mktemp("ward"), ("-m", "tests.e2e.ward_site", PASSWORD)) as found:
        yield found


@pytest.fixture(scope="module")
def context(address: str) -> Iterator[BrowserContext]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as browser:
        yield _signed_in(browser, address, "chuyen")


def _signed_in(browser: Browser, address: str, username: str, *, script: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address, java_script_enabled=script
    )
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto(f"/dang-nhap/?next={MINE}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("Danh sách việc")
    page.close()
    return context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.goto(MINE)
    yield page
    page.close()
    assert complaints == []


def codes(page: Page) -> list[str]:
    return page.locator("[data-row] .code").all_inner_texts()


@pytest.mark.parametrize("width", [1366, 360])
@pytest.mark.parametrize("address_of", ["list", "filters", "late", "paused", "dossier", "act"])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(
    page: Page, address_of: str, width: int
) -> None:
    code = codes(page)[-1]
    there = {
        "list": MINE,
        "filters": MINE + "&filter=1",
        "late": LATE,
        "paused": PAUSED,
        "dossier": f"/ho-so/{code}/?queue=cua-toi",
        "act": f"/ho-so/{code}/lay-y-kien/",
    }
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(there[address_of])
    page.wait_for_load_state("networkidle")
    assert tools.serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_counts_arrive_after_the_page(page: Page) -> None:
    expect(page.locator("#count-cua-toi")).to_have_text(re.compile(r"\d+"))
    expect(page.locator("#count-tam-dung")).to_be_visible()


def test_keys_walk_the_list_open_a_dossier_and_finish_it_and_the_next_one_opens(page: Page) -> None:
    before = codes(page)
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    expect(page.locator("[data-row].is-current .code")).to_have_text(before[1])
    page.keyboard.press("Enter")
    expect(page.locator(".dossier-line .code")).to_have_text(before[1])
    page.keyboard.press("1")
    expect(page.locator(".dossier-line .code")).to_have_text(before[2])
    expect(page.locator(".messages")).to_contain_text(f"Đã chuyển hồ sơ {before[1]}.")
    page.keyboard.press("l")
    expect(page.locator("h1")).to_have_text("Danh sách việc")
    assert before[1] not in codes(page)


def test_the_key_of_the_list_does_the_act_on_the_page_too(page: Page) -> None:
    before = codes(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".dossier-line .code")).to_have_text(before[0])
    page.keyboard.press("a")
    expect(page.locator(".messages")).to_contain_text(f"Đã chuyển hồ sơ {before[0]}.")


def test_the_drawing_shows_the_step_where_the_dossier_is(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".dossier-line .code")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    box, step = (
        page.locator(".drawing-box").bounding_box(),
        page.locator(".swimlane-step.is-current").bounding_box(),
    )
    assert box is not None and step is not None
    assert box["x"] <= step["x"] and step["x"] + step["width"] <= box["x"] + box["width"]


def test_two_keys_from_the_list_send_a_dossier_on(page: Page) -> None:
    before = codes(page)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("h1")).to_have_text("Hoàn thành bước")
    page.keyboard.press("Enter")
    expect(page.locator(".dossier-line .code")).to_have_text(before[1])


def test_coming_back_to_the_list_one_stands_where_one_left(page: Page) -> None:
    before = codes(page)
    for _step in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".dossier-line .code")).to_have_text(before[2])
    page.goto(MINE)
    expect(page.locator("[data-row].is-current .code")).to_have_text(before[2])


def test_the_bulk_bar_offers_what_is_common_and_reports_each(page: Page) -> None:
    before = codes(page)
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-count]")).to_have_text("Đã chọn 2 dòng")
    page.get_by_role("button", name="Trình lãnh đạo phòng").click()
    expect(page.locator(".lead-line")).to_contain_text("Sẽ làm cho 2 hồ sơ")
    page.get_by_role("button", name="Trình lãnh đạo phòng").click()
    expect(page.locator(".note-success")).to_contain_text("Đã làm xong 2 hồ sơ.")
    page.goto(MINE)
    assert not set(before[:2]) & set(codes(page))


def test_a_refused_form_keeps_what_was_typed_and_names_the_place(page: Page) -> None:
    page.goto(f"/ho-so/{codes(page)[0]}/lay-y-kien/")
    page.fill("[name=question]", "Có lưu sổ đăng ký khai sinh năm 1985 không?")
    page.fill("[data-narrow]", "vu ninh")
    expect(page.locator("#units-list .form-check:visible")).to_have_count(1)
    page.click("text=Gửi lấy ý kiến")
    expect(page.locator("[data-error-summary]")).to_contain_text("Chọn ít nhất một đơn vị.")
    expect(page.locator("[name=question]")).to_have_value("Có lưu sổ đăng ký khai sinh năm 1985 không?")


def test_the_explanation_of_the_date_opens_with_one_key(page: Page) -> None:
    page.goto(f"/ho-so/{codes(page)[0]}/?queue=cua-toi")
    expect(page.locator(".why ol")).to_be_hidden()
    page.keyboard.press("v")
    expect(page.locator(".why ol")).to_contain_text("Tiếp nhận lúc")


def test_everything_works_without_script(address: str, context: BrowserContext) -> None:
    browser = context.browser
    assert browser is not None
    plain = _signed_in(browser, address, "chuyen", script=False)
    page = plain.new_page()
    page.goto(MINE)
    left = codes(page)
    assert 0 < len(left) < COUNT
    page.check(f"[name=target][value^='{left[0]}']")
    page.click(".bulk button:has-text('Nhận xử lý')")
    expect(page.locator(".note-success")).to_contain_text("Đã làm xong 1 hồ sơ.")
    page.goto(MINE)
    page.click("[data-row] .code >> nth=0")
    page.click("button:has-text('Trình lãnh đạo phòng')")
    expect(page.locator(".messages")).to_contain_text("Đã chuyển hồ sơ")
    plain.close()
