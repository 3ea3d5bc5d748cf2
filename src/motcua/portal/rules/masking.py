"""Names and numbers on pages that anybody with a slip may open: enough to know one's own, no more.

Law: Decree 13/2023 on personal data; Law 91/2025 on the protection of personal data (least disclosure).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from motcua.kernel.text import fold

STARS = "***"
DOTS = "••••"
HIDDEN = "…"
# A run of digits this long, spaces and dots between them allowed, is somebody's number.
_NUMBER = re.compile(r"(?<![\w.-])\+?\d(?:[ .]?\d){8,}(?![\w-])")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
# Words that say what an organisation is, not which one.
_KIND_WORDS = """
    cong ty tnhh co phan mot hai thanh vien doanh nghiep tu nhan hop tac xa ho kinh chi nhanh van phong dai dien
    truong trung tam benh vien quy hiep hoi uy ban cp tm dv sx xd mtv htx
"""
_KINDS = frozenset(_KIND_WORDS.split())


def masked_name(name: str, *, is_organisation: bool = False) -> str:
    """`Nguyễn Văn An` gives `Nguyễn V*** A***`; stars hide how long a word is.

    The family name stays whole unless it is the only word. Of an organisation the words that say what it is stay.

    >>> masked_name("Nguyễn Văn A")
    'Nguyễn V*** A'
    >>> masked_name("Công ty TNHH Hoa Mai", is_organisation=True)
    'Công ty TNHH H*** M***'
    """
    words = name.split()
    if is_organisation:
        kept = 0
        while kept < len(words) - 1 and fold(words[kept]) in _KINDS:
            kept += 1
    else:
        kept = 1 if len(words) > 1 else 0
    return " ".join([*words[:kept], *(_masked_word(word) for word in words[kept:])])


def _masked_word(word: str) -> str:
    return word if len(word) == 1 else word[0] + STARS


def masked_number(number: str) -> str:
    """`027190001234` gives `••••1234`; a short one shows nothing, and none is nothing."""
    text = number.strip()
    if not text:
        return ""
    return DOTS + text[-4:] if len(text) >= 8 else DOTS


def without_identity(text: str, private: Iterable[str]) -> str:
    """Free words of an officer without the person's names, addresses and numbers, and without anybody's number.

    `private` is what must not be repeated, longest first.
    """
    for secret in private:
        if len(secret) > 1:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    text = _EMAIL.sub(HIDDEN, text)
    return _NUMBER.sub(lambda found: masked_number(re.sub(r"\D", "", found.group())), text)
