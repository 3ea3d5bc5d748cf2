"""Short ASCII keys from Vietnamese words."""

from __future__ import annotations

import re

from motcua.kernel.text import fold


def slug(text: str) -> str:
    """Lower case, no accents, every other run of characters one hyphen.

    >>> slug("Đăng ký khai tử")
    'dang-ky-khai-tu'
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
