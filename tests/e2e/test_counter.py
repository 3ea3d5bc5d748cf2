"""A counter officer's morning in a real browser: no mouse, few keys, a bad line, an expired login."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, StorageState, expect

from motcua.counter.tests.counter_desk import CARD, OTHER_CARD
from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import served

pytestmark = pytest.mark.browser

USERNAME, PASSWORD = "quay.bn", "mot-cua-kinh-bac-2026"
RECEPTION, TODAY, GIVE = "/quay/tiep-nhan/", "/quay/hom-nay/", "/quay/tra-ket-qua/"
MOST_KEYS = 14
OWN_SCRIPTS = re.compile(r"/static/(kernel/(?!typeahead)|counter/|django_htmx/).*[.]js")
CHAU = "027305000077||Lê Minh Châu|05032005|Nữ|Khu 3, Phường Kinh Bắc, Tỉnh Bắc Ninh|20082024||||"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if tools.chromium() is None:
        pytest.skip("no Chromium on this machine; set CHROMIUM to its path")
    build = ("-m", "tests.e2e.counter_site", USERNAME, PASSWORD)
    with served(tmp_path_factory.mktemp("counter"), build) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address: str) -> Iterator[Browser]:
    path = tools.chromium()
    assert path is not None
    with tools.opened(path) as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, address: str) -> StorageState:
    """The officer's cookies: signing in is slow on purpose, once is enough."""
    context = chromium.new_context(base_url=address, locale="vi-VN")
    log_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def context(chromium: Browser, address: str, signed_in: StorageState) -> Iterator[BrowserContext]:
    """A browser of the officer, signed in; printing is a closed printer dialog."""
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address, storage_state=signed_in
    )
    context.set_default_timeout(8000)
    context.add_init_script("window.print = function () {}; window.printed = [];")
    context.route("**/quay/phieu/**", lambda route: route.fulfill(status=200, body="slip"))
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.goto(f"{RECEPTION}?moi=1")
    yield page
    page.close()
    assert complaints == []


def log_in(page: Page) -> None:
    page.goto("/dang-nhap/?next=/quay/hom-nay/")
    page.fill("[name=username]", USERNAME)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("Hôm nay tại quầy")


class Keys:
    """Hands on a keyboard, counting what is not data."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def data(self, text: str) -> None:
        self.page.keyboard.type(text, delay=12)

    def scan(self, text: str, *, enter: bool = True) -> None:
        """What a scanner types costs the officer no key."""
        self.page.keyboard.type(text, delay=2)
        if enter:
            self.page.keyboard.press("Enter")


def code_of(page: Page) -> str:
    return page.locator(".saved-code").inner_text()


def receive(page: Page, card: str = CARD) -> Keys:
    """One ordinary reception from an empty page to the slip."""
    keys = Keys(page)
    keys.scan(card)
    keys.press("d", "k", "l", "Enter")
    keys.press("1", "*", "Enter")
    if page.input_value("#id_owner-phone") == "":
        keys.data("0912345678")
    keys.press("F9")
    expect(page.locator("#saved")).to_be_visible()
    return keys


def test_a_reception_needs_few_keys_no_mouse_and_no_waiting(page: Page) -> None:
    expect(page.locator("#scan")).to_be_focused()
    keys = receive(page)
    assert keys.count <= MOST_KEYS
    assert keys.count == 8
    assert re.fullmatch(r"H05\.16-\d{6}-\d{4}", code_of(page))
    expect(page.locator("#saved")).to_contain_text("Nguyễn Văn An")
    expect(page.locator("#saved")).to_contain_text("Hẹn trả")
    expect(page.locator("#scan")).to_be_focused()
    assert page.locator("#print-frame").count() == 1


def test_the_next_person_is_served_at_once_and_the_last_one_taken_again(page: Page) -> None:
    receive(page)
    first = code_of(page)
    keys = Keys(page)
    keys.press("F3")
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    expect(page.locator("#procedure-search")).to_be_focused()
    keys.press("d", "k", "l", "Enter", "2", "*", "F9")
    expect(page.locator(".saved-code")).not_to_have_text(first)
    assert keys.count <= MOST_KEYS


def test_keys_pressed_before_the_page_listens_are_not_lost(page: Page) -> None:
    """The next page is there, its scripts are still on the line, and the officer does not wait for them."""
    waiting: list[Route] = []
    line = {"open": False}

    def slowly(route: Route) -> None:
        if line["open"]:
            route.continue_()
        else:
            waiting.append(route)

    receive(page)
    first = code_of(page)
    page.route(OWN_SCRIPTS, slowly)
    page.goto(f"{RECEPTION}?moi=1", wait_until="commit")
    page.wait_for_selector("button[value=save]")
    Keys(page).press("F3", "d", "k", "l", "Enter", "2", "*", "F9")
    page.wait_for_timeout(200)
    assert waiting
    assert page.input_value("#scan") == "", "what follows a held key waits with it"
    line["open"] = True
    for script in waiting:
        script.continue_()
    expect(page.locator("#saved")).to_contain_text("Nguyễn Văn An")
    expect(page.locator(".saved-code")).not_to_have_text(first)


@pytest.mark.parametrize(
    "place",
    ["#id_owner-address", "#id_owner-born_on", "#procedure-search", "body", "#id_channel", "#id_has_payer"],
)
def test_a_scan_is_taken_wherever_it_arrives(page: Page, place: str) -> None:
    if place.startswith("#id_owner"):
        page.fill(place, "01/01/2000" if "born" in place else "Số 7")
    if place == "body":
        page.evaluate("document.activeElement.blur()")
    else:
        page.focus(place)
    Keys(page).scan(CARD)
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    expect(page.locator("#id_owner-id_number")).to_have_value("027090001234")
    expect(page.locator("#id_owner-born_on")).to_have_value("15/08/1990")
    expect(page.locator("#id_owner-address")).to_have_value("Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh")
    expect(page.locator("#procedure-search")).to_have_value("")


def test_a_scanner_without_enter_is_understood(page: Page) -> None:
    Keys(page).scan(OTHER_CARD, enter=False)
    expect(page.locator("#id_owner-name")).to_have_value("Trần Thị Bình")


def test_a_scan_that_halts_in_the_middle_is_one_scan(page: Page) -> None:
    begun, rest = CARD[: CARD.index("Ninh")], CARD[CARD.index("Ninh") :]
    Keys(page).scan(begun, enter=False)
    page.wait_for_timeout(600)
    Keys(page).scan(rest)
    expect(page.locator("#id_owner-address")).to_have_value("Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh")
    expect(page.locator("#procedure-search")).to_have_value("")


def test_the_second_card_goes_to_the_one_who_hands_in(page: Page) -> None:
    keys = Keys(page)
    keys.scan(CARD)
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    keys.press("F6")
    keys.scan(OTHER_CARD)
    expect(page.locator("#id_submitter-name")).to_have_value("Trần Thị Bình")
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    expect(page.locator("#id_authorisation")).to_be_focused()


def test_a_doubtful_card_is_explained_beside_the_field(page: Page) -> None:
    Keys(page).scan(CARD.replace("15081990", "31022000"))
    expect(page.locator("#scan-said")).to_contain_text("Ngày sinh 31/02/2000 không có thật")
    Keys(page).press("F2")
    Keys(page).scan('{"qr":"dynamic"}')
    expect(page.locator("#scan-said")).to_contain_text("VNeID")
    expect(page.locator("#scan")).to_be_focused()


def test_missing_papers_become_form_02_in_one_key(page: Page) -> None:
    keys = Keys(page)
    keys.scan(CARD)
    keys.press("d", "k", "l", "Enter", "1")
    expect(page.locator("[data-paper] input[name=paper]").first).to_be_focused()
    keys.press("Space")
    expect(page.locator("[data-missing-count]")).to_have_text(" (1)")
    keys.press("F8")
    expect(page.locator("#saved")).to_contain_text("Đã lập phiếu yêu cầu bổ sung")
    code = code_of(page)
    keys.scan(CARD)
    found = page.locator(".scan-found", has_text=code)
    expect(found).to_be_visible()
    page.keyboard.press("F1")
    expect(page.locator("h1")).to_have_text("Nhận giấy tờ bổ sung tại quầy")
    expect(page.get_by_label("Căn cước của người yêu cầu", exact=True)).to_be_focused()
    page.keyboard.press("*")
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_contain_text(code)
    expect(page.locator("#saved")).to_contain_text("Hẹn trả")


def test_a_mistake_keeps_everything_and_the_eyes_are_led_to_it(page: Page) -> None:
    keys = Keys(page)
    keys.scan(CHAU)
    keys.press("d", "k", "l", "Enter", "1", "*", "Enter")
    expect(page.locator("#id_owner-phone")).to_be_focused()
    keys.data("123")
    keys.press("F9")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#id_owner-name")).to_have_value("Lê Minh Châu")
    expect(page.locator("[data-paper] input[name=paper]:checked")).to_have_count(2)
    page.locator("[data-error-summary] a").press("Enter")
    expect(page.locator("#id_owner-phone")).to_be_focused()
    page.fill("#id_owner-phone", "0912345678")
    keys.press("F9")
    expect(page.locator("#saved")).to_be_visible()


def test_a_dropped_line_saves_once_when_it_is_back(page: Page) -> None:
    failures = {"left": 2}

    def drop(route: Route) -> None:
        if route.request.method == "POST" and failures["left"]:
            failures["left"] -= 1
            if failures["left"] == 0:
                route.fetch()  # the server got it, the answer was lost
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**{RECEPTION}", drop)
    keys = Keys(page)
    keys.scan(OTHER_CARD)
    keys.press("d", "k", "l", "Enter", "1", "*", "F9")
    expect(page.locator("#notices")).to_contain_text("Mất kết nối")
    expect(page.locator("#saved")).to_be_visible(timeout=15_000)
    expect(page.locator("#saved")).to_contain_text("từ lần bấm trước")


def test_an_expired_login_loses_nothing(page: Page, context: BrowserContext) -> None:
    keys = Keys(page)
    keys.scan(CARD)
    keys.press("d", "k", "l", "Enter", "1", "*")
    expect(page.locator("[data-paper] input[name=paper]:checked")).to_have_count(2)
    context.clear_cookies()
    keys.press("F9")
    expect(page.locator("#notices")).to_contain_text("Phiên đã hết hạn")
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    again = context.new_page()
    log_in(again)
    again.close()
    page.locator("#notices .note", has_text="hết hạn").get_by_role("button", name="Gửi lại").press("Enter")
    expect(page.locator("#saved")).to_be_visible()


def test_what_was_typed_without_a_line_is_there_after_a_crash(page: Page, context: BrowserContext) -> None:
    Keys(page).scan(CARD)
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    context.set_offline(True)
    page.fill("#id_owner-address", "Số nhà 12, ngõ 3")
    page.wait_for_timeout(600)
    page.close()  # the browser's tab is gone, nothing of this reached the server
    context.set_offline(False)
    back = context.new_page()
    back.goto(RECEPTION)
    expect(back.locator("#id_owner-address")).to_have_value("Số nhà 12, ngõ 3")
    expect(back.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    back.close()


def test_a_draft_waits_on_the_server_and_can_be_thrown_away(page: Page, context: BrowserContext) -> None:
    Keys(page).scan(OTHER_CARD)
    expect(page.locator("#id_owner-name")).to_have_value("Trần Thị Bình")
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã giữ nháp", timeout=8000)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator("[data-draft-note]")).to_be_visible()
    expect(page.locator("#id_owner-name")).to_have_value("Trần Thị Bình")
    page.locator("button[data-discard]").press("Enter")
    expect(page.locator("#id_owner-name")).to_have_value("")
    page.goto(RECEPTION)
    expect(page.locator("[data-draft-note]")).to_have_count(0)


def test_two_tabs_do_not_mix(page: Page, context: BrowserContext) -> None:
    Keys(page).scan(CARD)
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã giữ nháp", timeout=8000)
    second = context.new_page()
    second.goto(RECEPTION)
    expect(second.locator("#notices")).to_contain_text("thẻ khác")
    expect(second.locator("#id_owner-name")).to_have_value("")
    first_key, second_key = (tab.locator("[name=key]").input_value() for tab in (page, second))
    assert first_key != second_key
    second.close()


def test_the_page_works_without_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    log_in(page)
    page.goto(RECEPTION)
    page.fill("#scan", CARD)
    page.get_by_role("button", name="Đọc").click()
    expect(page.locator("#id_owner-name")).to_have_value("Nguyễn Văn An")
    page.fill("#procedure-search", "dkl")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.locator(".hits-plain button").first.click()
    page.locator("[name=case_key]").first.check()
    for box in page.locator("[name=paper]").all():
        box.check()
    page.locator("button[value=save]").click()
    expect(page.locator("#saved")).to_contain_text("Nguyễn Văn An")
    context.close()


@pytest.mark.parametrize("width", [1366, 360])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    sound(page)
    keys = Keys(page)
    keys.scan(CARD)
    keys.press("d", "k", "l")
    expect(page.locator("#procedure-hits [role=option]").first).to_be_visible()
    sound(page)
    keys.press("Enter", "1", "*", "F6")
    sound(page)
    keys.press("F9")  # the one who hands in has no name: an error page
    expect(page.locator("[data-error-summary]")).to_be_visible()
    sound(page)
    for path in (TODAY, f"{TODAY}?muc=tra", f"{TODAY}?muc=bo-sung", GIVE):
        page.goto(path)
        sound(page)
    page.fill("#scan", "027090001234")
    page.press("#scan", "Enter")
    expect(page.locator(".others-waiting").first).to_be_visible()
    sound(page)


def sound(page: Page) -> None:
    assert tools.serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_slip_scanned_at_the_reception_leads_where_it_belongs(page: Page) -> None:
    receive(page)
    code = code_of(page)
    keys = Keys(page)
    keys.scan(code)
    expect(page.locator("#scan-said")).to_contain_text(code)
    page.locator(".scan-found a").press("Enter")
    expect(page.locator("h1")).to_have_text("Trả kết quả")
    expect(page.locator(".others-waiting")).to_contain_text("Chưa có kết quả")
