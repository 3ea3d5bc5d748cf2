"""Names of procedures made comparable: abbreviations written out, filler left out, likeness as a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from motcua.kernel.text import fold, nfc

_SHORT: Mapping[str, str] = {
    "tthc": "thu tuc hanh chinh",
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "qsdd": "quyen su dung dat",
    "qsh": "quyen so huu",
    "gcn": "giay chung nhan",
    "gcnqsdd": "giay chung nhan quyen su dung dat",
    "gp": "giay phep",
    "gplx": "giay phep lai xe",
    "gpxd": "giay phep xay dung",
    "dn": "doanh nghiep",
    "hkd": "ho kinh doanh",
    "kcn": "khu cong nghiep",
    "kkt": "khu kinh te",
    "bhxh": "bao hiem xa hoi",
    "bhyt": "bao hiem y te",
    "attp": "an toan thuc pham",
    "pccc": "phong chay chua chay",
    "tnmt": "tai nguyen va moi truong",
    "khcn": "khoa hoc va cong nghe",
    "nsnn": "ngan sach nha nuoc",
    "vpdd": "van phong dai dien",
    "dtm": "danh gia tac dong moi truong",
    "cccd": "can cuoc cong dan",
    "lltp": "ly lich tu phap",
    "ncc": "nguoi co cong",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "gdnn": "giao duc nghe nghiep",
    "gdtx": "giao duc thuong xuyen",
    "cntt": "cong nghe thong tin",
    "vbqppl": "van ban quy pham phap luat",
}
_FILLER = re.compile(
    r"\b(?:đối với|và|của|các|những|cho|với|tại|theo|về|hoặc|là|để|trong|trên|bằng|được|do|một số)\b"
)
"""Written with accents, because without them "đối với" is like "đổi" and "được" like "dược"."""

_VARIANTS: Mapping[str, str] = {
    "qui": "quy",
    "ky": "ki",
    "ly": "li",
    "hy": "hi",
    "my": "mi",
    "sy": "si",
    "ty": "ti",
}
_ELLIPSIS = re.compile(r"(?:…|\.{2,})\s*$")
_LEADING = re.compile(r"^(?:\d{1,3}[.)]\s+)?(?:(?:thu tuc hanh chinh|thu tuc|tthc)\s*:?\s+)+")


@lru_cache(maxsize=20_000)
def words_of_name(name: str) -> tuple[str, ...]:
    """Folded words with abbreviations written out, the opening "thủ tục" and dots at the end dropped."""
    folded = _LEADING.sub("", fold(_ELLIPSIS.sub("", name)))
    words: list[str] = []
    for word in re.findall(r"[a-z0-9]+", folded):
        written = _SHORT.get(word)
        words.extend(written.split() if written else [_VARIANTS.get(word, word)])
    return tuple(words)


@lru_cache(maxsize=20_000)
def meaningful(name: str) -> tuple[str, ...]:
    """The words that tell one procedure from another, in order."""
    return words_of_name(_FILLER.sub(" ", nfc(name).lower())) or words_of_name(name)


def is_cut(name: str) -> bool:
    """Whether a name is only the beginning of one ("Cấp giấy phép lao động …")."""
    return bool(_ELLIPSIS.search(name))


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """0 to 1: the words and the neighbouring pairs of words two names share (Dice)."""
    left, right = features(tuple(one)), features(tuple(other))
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def features(words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """What two names are compared by."""
    return frozenset([(word,) for word in words] + list(pairwise(words)))
