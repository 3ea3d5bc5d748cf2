"""One ward's whole day with its money, in a real browser: `make tour`.

Builds a small demo of its own, lives through the day as the officer, the leader and the citizen's display, and writes
the pictures and their page into docs/tour/. Nothing is staged: every picture is the page after the real act.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from motcua.kernel import clock
from motcua.kernel.tests.web import browser as tools
from motcua.payments.rules.cash import NOTES, in_notes
from tests.e2e.serving import ROOT, served

HERE = ROOT / "docs" / "tour"
PASSWORD = "motcua-demo"
OFFICER, LEADER = "xa1.motcua", "xa1.lanhdao"
CARD = "027090001234|125123456|Nguyễn Văn An|15081990|Nam|Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh|01072021"
OTHER = "024190004321||Trần Thị Bình|20101990|Nữ|TDP số 2, Phường Bắc Giang, Tỉnh Bắc Ninh|10092024||||"
CERTIFIED_COPY = "2.000815"
TITLE = "# A ward's day\n\n"
INTRODUCTION = (
    "One day at the counter of a ward of the demo, from the first person to the closed books. `make "
    "tour` lives through it again "
    "in a browser and renews these pictures; dates and numbers are those of the day it ran.\n"
)


@dataclass
class Album:
    """The pictures in their order, with what they show."""

    pages: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, page: Page, name: str, title: str, text: str) -> None:
        """A picture of what the person sees now, small enough for a repository."""
        page.wait_for_timeout(350)
        number = f"{len(self.pages) + 1:02d}-{name}"
        path = HERE / f"{number}.png"
        page.screenshot(path=str(path))
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
        self.pages.append((number, title, text))
        sys.stdout.write(f"{number}: {title}\n")

    def write(self) -> None:
        """The page of the tour."""
        parts = [TITLE, INTRODUCTION]
        for number, (name, title, text) in enumerate(self.pages, 1):
            parts.append(f"\n## {number}. {title}\n\n{text}\n\n![{title}]({name}.png)\n")
        (HERE / "README.md").write_text("".join(parts), encoding="utf-8")


@dataclass
class Day:
    """The people and the screen of one counter."""

    album: Album
    state: Path
    officer: Page
    leader: Page
    screen: Page


def main() -> None:
    """Build, live, write."""
    chromium = tools.chromium()
    if chromium is None:
        sys.exit("no Chromium on this machine; set CHROMIUM to its path")
    HERE.mkdir(parents=True, exist_ok=True)
    for old in HERE.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        with served(state, ("-m", "tests.e2e.demo_site")) as address, tools.opened(chromium) as browser:
            live(browser, address, state)


def live(browser: Browser, address: str, state: Path) -> None:
    """The day from its first page to its report."""
    desk = sign_in(browser, address, OFFICER)
    day = Day(Album(), state, desk.new_page(), sign_in(browser, address, LEADER).new_page(), desk.new_page())
    day.screen.set_viewport_size({"width": 1280, "height": 720})
    morning(day)
    cash_bill = reception(day)
    cash(day)
    transfer(day)
    refund(day, cash_bill)
    close(day)
    report(day)
    day.album.write()


def sign_in(browser: Browser, address: str, username: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address)
    context.set_default_timeout(30_000)
    context.add_init_script("window.print = function () {};")
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.get_by_text("Đăng nhập", exact=True)).to_have_count(0)
    page.close()
    return context


def morning(day: Day) -> None:
    """What was left open is seen first, and closed."""
    page = day.officer
    page.goto("/thu-phi/")
    day.album.take(
        page,
        "morning",
        "The morning begins with what is open",
        "The cashier's list: who waits to pay, newest first, found by name, code or scan. A day nobody "
        "closed stands above "
        "everything else.",
    )
    while (link := page.locator(".till-open a", has_text="Đếm tiền").first).count():
        link.click()
        count(page)
        page.keyboard.press("F9")
        expect(page.locator(".eyebrow")).to_have_text("Ngày thu đã khóa")
        page.goto("/thu-phi/")


def count(page: Page, *, missing: int = 0) -> None:
    """Count what the books expect, less what is missing."""
    box = page.locator("[data-count]")
    expect(box).to_be_visible()
    expected = int(box.get_attribute("data-expected") or 0)
    pieces = dict(in_notes(expected - missing))
    for note in NOTES:
        page.fill(f"#id_note-{note}", str(pieces.get(note, "")))
    loose = expected - missing - sum(note * pieces_ for note, pieces_ in pieces.items())
    if loose:
        page.fill("#id_loose", str(loose))


def reception(day: Day) -> str:
    """A person with papers to certify; gives the address of the bill."""
    page = day.officer
    receive(page, CARD)
    day.album.take(
        page,
        "fees",
        "What it costs, said before anything is saved",
        "The card was scanned, the procedure found by its code. Pages and copies are the only things to "
        "type: each line says why it "
        "is what it is.",
    )
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_be_visible()
    day.album.take(
        page,
        "received",
        "Received: number, date, and the money one key away",
        "The slip is printed; F1 leads to the money and back to an empty form.",
    )
    return str(page.locator("[data-pay-saved]").first.get_attribute("href"))


def receive(page: Page, card: str) -> None:
    page.goto("/quay/tiep-nhan/?moi=1")
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(card, delay=2)
    page.keyboard.press("Enter")
    expect(page.locator("#procedure-search")).to_be_focused()
    page.keyboard.type(CERTIFIED_COPY, delay=12)
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen]")).to_be_visible()
    page.get_by_label("thông thường", exact=False).first.check()
    page.wait_for_timeout(1_500)
    for number, field_ in enumerate(page.locator("[data-fee-count]").all()):
        field_.fill(("4", "3")[number] if number < 2 else "1")
    for paper in page.locator("[data-paper] [name=paper]").all():
        paper.check()
    if page.input_value("#id_owner-phone") == "":
        page.fill("#id_owner-phone", "0912345678")
    page.locator("#fees").scroll_into_view_if_needed()
    page.wait_for_timeout(1_200)


def cash(day: Day) -> None:
    """Five hundred thousand for a small fee: the change is computed, the screen follows."""
    page = day.officer
    day.screen.goto("/thu-phi/man-hinh/")
    page.keyboard.press("F1")
    expect(page.locator("#id_tendered")).to_be_focused()
    page.keyboard.type("500k")
    expect(page.locator("[data-change]")).to_contain_text("Trả lại")
    day.album.take(
        page,
        "cash",
        "Cash: the change while one types",
        "Lines with their reasons on the left, ways to pay by key on the right. “500k” is enough.",
    )
    page.keyboard.press("F9")
    expect(page.locator(".paid-change")).to_be_visible()
    day.album.take(
        page,
        "change",
        "The change, large, and in notes",
        "The receipt has its number and goes to the printer. A second press of F9 takes nothing; F8 is "
        "the next person.",
    )
    expect(day.screen.locator(".show-change")).to_be_visible(timeout=10_000)
    day.album.take(
        day.screen,
        "thanks",
        "What the citizen sees",
        "Amount and change on the screen turned to them; nobody's name.",
    )


def transfer(day: Day) -> None:
    """Another person pays by transfer: QR, statement, receipt."""
    page = day.officer
    receive(page, OTHER)
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_be_visible()
    page.keyboard.press("F1")
    expect(page.locator("#id_tendered")).to_be_focused()
    reference = str(page.locator("[data-till]").get_attribute("data-reference"))
    owed = int(page.locator("[data-till]").get_attribute("data-owed") or 0)
    page.keyboard.press("F7")
    expect(page.locator(".pay-qr svg").first).to_be_visible()
    expect(day.screen.locator(".show-qr svg")).to_be_visible(timeout=10_000)
    day.album.take(
        day.screen,
        "qr",
        "A transfer: the QR on the citizen's screen",
        "VietQR with amount and reference, so that nobody types anything.",
    )
    day.album.take(
        page, "waiting", "The till waits for the money", "It asks by itself and says when the money came."
    )
    bring_statement(day, reference, owed)
    expect(page.locator(".paid-change")).to_be_visible(timeout=30_000)
    day.album.take(
        page,
        "arrived",
        "The money came",
        "The statement was matched by the reference; the waiting page moved on to the receipt by itself.",
    )


def bring_statement(day: Day, reference: str, owed: int) -> None:
    """The bank's file of the hour, brought in on another tab; the worker matches it."""
    today = f"{clock.today(clock.now()):%d/%m/%Y}"
    rows = (
        "Ngày GD;Số CT;Số tiền ghi nợ;Số tiền ghi có;Nội dung chi tiết",
        f"{today};FT0001;;{owed};{reference} Tran Thi Binh chuyen tien",
        f"{today};FT0002;;150000;CHUYEN TIEN LE PHI",
    )
    tab = day.officer.context.new_page()
    tab.goto("/thu-phi/sao-ke/nhap/")
    tab.set_input_files(
        "input[type=file]",
        {"name": "sao-ke.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode("utf-8")},
    )
    tab.select_option("#layout", "vietcombank")
    tab.get_by_role("button", name="Xem trước").click()
    tab.locator("button[value=import]").click()
    tab.wait_for_load_state()
    work(day.state)
    tab.goto("/thu-phi/sao-ke/?tab=chua-khop")
    day.album.take(
        tab,
        "statement",
        "The bank's statement",
        "What carries a reference is booked by itself; the rest waits with proposals or to be looked at.",
    )
    tab.close()


def work(state: Path) -> None:
    """Let the worker do what is due."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")},
        "MOTCUA_STATE_DIR": str(state),
    }
    line = [sys.executable, "-m", "motcua.config.cli", "work", "--once"]
    subprocess.run(line, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def refund(day: Day, bill: str) -> None:
    """The first person belonged to a group that pays nothing: money back, by two people."""
    page = day.officer
    page.goto(bill.split("?")[0] + "hoan-tra/")
    page.fill("#id_phi", re.sub(r"\D", "", page.locator("#id_phi-hint").inner_text()))
    page.fill("#id_reason", "Người nộp thuộc hộ nghèo, đã xuất trình giấy chứng nhận sau khi nộp tiền")
    day.album.take(
        page, "refund", "Money back: the cashier asks", "With the reason; never more than was paid."
    )
    page.keyboard.press("F9")
    expect(page.locator(".messages")).to_contain_text("người thứ hai")
    request = page.url
    day.leader.goto("/thu-phi/hoan-tra/")
    day.leader.locator("[data-open]").first.click()
    expect(day.leader.locator("button[value=confirm]")).to_be_visible()
    day.album.take(
        day.leader,
        "confirm",
        "The leader confirms",
        "Nobody confirms what they asked for, whatever roles they hold.",
    )
    day.leader.keyboard.press("F9")
    expect(day.leader.locator(".messages")).to_contain_text("Đã xác nhận")
    page.goto(request)
    page.keyboard.press("F9")
    expect(page.locator(".messages")).to_contain_text("Đã chi trả")
    day.album.take(
        page, "paid-out", "Paid out", "Only now the books change; the slip is printed for three signatures."
    )


def close(day: Day) -> None:
    """The evening: two thousand are missing, explained, and the day is shut."""
    page = day.officer
    page.goto("/thu-phi/khoa-so/")
    count(page, missing=2_000)
    page.fill("#id_explanation", "Trả thừa 2.000 đồng cho người nộp lúc 14 giờ 30, không liên hệ được")
    page.evaluate("window.scrollTo(0, 0)")
    day.album.take(
        page,
        "count",
        "The till is counted note by note",
        "Against the ledger, way by way. Two thousand are missing: that takes words; above the limit it "
        "takes a second person.",
    )
    page.keyboard.press("F9")
    expect(page.locator(".eyebrow")).to_have_text("Ngày thu đã khóa")
    work(day.state)
    page.reload()
    expect(page.get_by_text("Đã ký số").first).to_be_visible()
    day.album.take(
        page,
        "closed",
        "The day is shut, its record signed",
        "Nothing can be booked into it any more. A job puts the cashier's signature and the unit's seal; where "
        "no certificate is declared the record is printed and signed by hand.",
    )
    record = page.locator("a[data-print-url]").get_attribute("href")
    pdf = page.request.get(str(record)).body()
    picture_of(pdf, day.album)


def picture_of(pdf: bytes, album: Album) -> None:
    """The first page of the record, where the machine can draw PDFs."""
    name = f"{len(album.pages) + 1:02d}-record"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "record.pdf"
        source.write_bytes(pdf)
        try:
            line = ["pdftoppm", "-r", "70", "-png", "-singlefile", str(source), str(HERE / name)]
            subprocess.run(line, check=True)
        except (OSError, subprocess.CalledProcessError):
            sys.stdout.write("the record is not drawn: pdftoppm is not here\n")
            return
    about = (
        "Sums, receipts, notes, the difference and why; a digest binds it to the books, signatures to people."
    )
    album.pages.append((name, "The record of the day", about))


def report(day: Day) -> None:
    """What the office sees of it."""
    page = day.leader
    page.goto("/thu-phi/bao-cao/")
    day.album.take(
        page,
        "report",
        "What was collected",
        "By unit, procedure, way and day, down to the dossier, and as a workbook.",
    )
    page.goto("/bien-lai/")
    day.album.take(
        page,
        "receipts",
        "Every receipt",
        "Numbers without holes, what became of each, the stock of the books.",
    )


if __name__ == "__main__":
    main()
