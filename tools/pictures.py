"""Take the pictures of the README from a running demo: `python tools/pictures.py http://127.0.0.1:8000`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PASSWORD = "motcua-demo"  # noqa: S105 - the demo's, printed on its sign-in page
CARD = "027090001234|125123456|Nguyễn Văn An|15081990|Nam|Thôn Đông, Xã Yên Phong, Tỉnh Bắc Ninh|01072021"


def main(address: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        _counter(_signed_in(browser, address, "xa1.motcua"))
        officer = _signed_in(browser, address, "xa1.tuphap")
        officer.goto("/ho-so/?queue=cua-don-vi")
        _take(officer, "worklist")
        officer.locator("[data-row] a").first.click()
        officer.wait_for_load_state("networkidle")
        _take(officer, "dossier")
        _tracking(browser, address, sys.argv[2] if len(sys.argv) > 2 else "")
        browser.close()


def _signed_in(browser: Browser, address: str, username: str) -> Page:
    page = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address
    ).new_page()
    page.goto("/dang-nhap/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def _counter(page: Page) -> None:
    page.goto("/quay/tiep-nhan/?moi=1")
    page.keyboard.type(CARD, delay=2)
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    page.keyboard.type("dkkt", delay=20)
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    page.keyboard.press("*")
    page.wait_for_timeout(300)
    page.evaluate("window.scrollTo(0, 0)")
    _take(page, "counter")


def _tracking(browser: Browser, address: str, token: str) -> None:
    if not token:
        return
    page = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", base_url=address
    ).new_page()
    page.goto(f"/tra-cuu/{token}/")
    page.wait_for_load_state("networkidle")
    _take(page, "tracking")


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    # 128 colours are enough for a screen of ours, and a third of the weight.
    Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
