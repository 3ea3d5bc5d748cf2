"""Text of older Vietnamese encodings, found out by which one makes Vietnamese words of it."""

from __future__ import annotations

import unicodedata

from motcua.kernel.text import fold

_TCVN = dict(
    zip(
        "\xb8\xb5\xb6\xb7\xb9\xa8\xbe\xbb\xbc\xbd\xc6\xa9\xca\xc7\xc8\xc9\xcb\xae\xd0\xcc\xce\xcf\xd1\xaa\xd5\xd2\xd3\xd4\xd6"
        "\xdd\xd7\xd8\xdc\xde\xe3\xdf\xe1\xe2\xe4\xab\xe8\xe5\xe6\xe7\xe9\xac\xed\xea\xeb\xec\xee\xf3\xef\xf1\xf2\xf4\xad\xf8"
        "\xf5\xf6\xf7\xf9\xfd\xfa\xfb\xfc\xfe\xa1\xa2\xa7\xa3\xa4\xa5\xa6",
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
"""TCVN 5712 (ABC fonts): single bytes of lower-case letters; capitals were a matter of the font."""
WORDS = ("ngay", "so tien", "dien giai", "noi dung", "giao dich", "ghi co", "phat sinh", "tai khoan", "so du")


def as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 when it is clearly older Vietnamese text; else the data as they are.

    Binary files and what is already Unicode pass through.
    """
    if data[:2] in (b"PK", b"\xff\xfe", b"\xfe\xff", b"\xd0\xcf") or b"\0" in data[:4096]:
        return data
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return data
    tried = [_tcvn(data), unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))]
    best = max(tried, key=_vietnamese)
    return best.encode() if _vietnamese(best) else data


def _tcvn(data: bytes) -> str:
    return "".join(_TCVN.get(char, char) for char in data.decode("latin-1"))


def _vietnamese(text: str) -> int:
    folded = fold(text[:20_000])
    return sum(folded.count(word) for word in WORDS)
