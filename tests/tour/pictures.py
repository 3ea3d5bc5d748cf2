"""The four pictures of the README, taken again: `make pictures`.

Builds a demo of four hundred dossiers, or uses one that runs (its address is the argument). Nothing is staged: the
counter is filled by its keys, the other pages are what stands in the demo.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from motcua.kernel.tests.web import browser as tools
from tests.e2e.serving import ROOT, served
from tests.tour.__main__ import CARD, sign_in

HERE = ROOT / "docs" / "pictures"
COUNTER, SPECIALIST = "xa1.motcua", "xa1.tuphap"
TOKEN = "motcua-demo-token"


def main() -> None:
    """Take them all."""
    chromium = tools.chromium()
    if chromium is None:
        sys.exit("no Chromium on this machine; set CHROMIUM to its path")
    with tools.opened(chromium) as browser:
        if len(sys.argv) > 1:
            take_all(browser, sys.argv[1])
            return
        with (
            tempfile.TemporaryDirectory() as folder,
            served(Path(folder), ("-m", "tests.e2e.demo_site", "400")) as address,
        ):
            take_all(browser, address)


def take_all(browser: Browser, address: str) -> None:
    """Counter, worklist, a dossier, and what its citizen sees."""
    counter(sign_in(browser, address, COUNTER).new_page())
    officer = sign_in(browser, address, SPECIALIST).new_page()
    officer.goto("/ho-so/")
    officer.wait_for_load_state("networkidle")
    take(officer, "worklist")
    # One that is under way and in time: the last row that says so, else the first there is.
    timely = officer.locator("[data-row]", has_text="Hôm nay")
    row = timely.last if timely.count() else officer.locator("[data-row]").first
    code = row.locator("a").first.inner_text().strip()
    officer.goto(f"/ho-so/{code}/")
    officer.wait_for_load_state("networkidle")
    take(officer, "dossier")
    citizen = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address
    ).new_page()
    told = citizen.request.get(f"/api/v1/dossiers/{code}", headers={"Authorization": f"Bearer {TOKEN}"})
    token = str(told.json()["tracking_url"]).rstrip("/").rpartition("/")[2]
    citizen.goto(f"/tra-cuu/{token}/")
    citizen.wait_for_load_state("networkidle")
    take(citizen, "tracking")


def counter(page: Page) -> None:
    """The card, the procedure by four letters, its case, the papers: all by keys."""
    page.goto("/quay/tiep-nhan/?moi=1")
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(CARD, delay=2)
    page.keyboard.press("Enter")
    expect(page.locator("#procedure-search")).to_be_focused()
    page.keyboard.type("dkkt", delay=20)
    expect(page.locator("[role=option]").first).to_be_visible()
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen]")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("*")
    page.wait_for_timeout(800)
    page.evaluate("window.scrollTo(0, 0)")
    take(page, "counter")


def take(page: Page, name: str) -> None:
    """A picture of the window, with 128 colours: enough for a screen of ours, and a third of the weight."""
    page.wait_for_timeout(400)
    path = HERE / f"{name}.png"
    page.screenshot(path=str(path))
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
