"""Finding a procedure as an officer types: without accents, by any words, by code, by first letters.

Pure: the index is built once from plain entries and answers in a few milliseconds for some 3,000
procedures, which is why there is no search engine. Words are matched from their beginning and in any
order; a query that is one run of letters is also tried as first letters ("dkks") and as words typed
without spaces ("khaisinh").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from motcua.kernel.text import fold

_CODE = re.compile(r"[0-9][0-9.]*(\.?h[0-9]{0,2})?")
_WORD = re.compile(r"[a-z0-9]+")
_LEADING = ("thu tuc hanh chinh ", "thu tuc ")
_NO_COUNTS: Mapping[int, int] = {}
Offered = Callable[["Entry"], tuple[str, ...]]
"""The levels at which the province receives a version at the instant asked about."""

KEPT = 8192
"""Folded texts a process remembers: when one procedure changes, the index is made anew and only that one folded."""

SHORT, NAME, EXTRA = 30, 20, 6
"""Worth of a word found in the short name, in the name, in the field or the results."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One procedure as the index sees it; `codes` are all its codes, present and former."""

    version_id: int
    procedure_id: int
    code: str
    name: str
    short_name: str
    field: str
    levels: tuple[str, ...]
    codes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    detailed: bool = True
    online: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    number: int = 1
    digest: str = ""

    def stands_at(self, at: datetime | None) -> bool:
        """Whether the version is in force at an instant (any instant, if None)."""
        if at is None:
            return True
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_to is None or at < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class _Text:
    """An entry folded for matching; every text starts with a space so that ` word` means "a word begins"."""

    entry: Entry
    name: str
    short: str
    extra: str
    whole: str
    squashed: str
    initials: str
    short_initials: str
    codes: tuple[str, ...]
    base: float


@dataclass(frozen=True, slots=True)
class _Group:
    """One or more typed words with the phrases that mean the same.

    Words that have synonyms are abbreviations or sayings: taken literally only as a whole phrase ("sổ đỏ"
    is not any name with "số" and "đối"). Other words match from their beginning.
    """

    typed: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...] = ()


def words_of(text: str) -> list[str]:
    """Folded words, punctuation dropped."""
    return _WORD.findall(fold(text))


def plain_code(text: str) -> str:
    """A code as typed by anybody: lower case, letters and digits only (`1.001193.H05` gives `1001193h05`)."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def clean_synonyms(raw: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Synonyms by folded words; keys and phrases may be written with accents."""
    return {
        tuple(words_of(key)): tuple(tuple(words_of(phrase)) for phrase in phrases)
        for key, phrases in raw.items()
    }


class SearchIndex:
    """All procedures folded once; `find` never touches the database."""

    def __init__(self, entries: Iterable[Entry], synonyms: Mapping[str, Sequence[str]]) -> None:
        self._texts = [_folded(entry) for entry in entries]
        self._synonyms = clean_synonyms(synonyms)
        self._longest = max((len(key) for key in self._synonyms), default=1)

    def __len__(self) -> int:
        return len(self._texts)

    def find(
        self,
        text: str,
        *,
        levels: frozenset[str] | None = None,
        offered: Offered | None = None,
        field: str = "",
        at: datetime | None = None,
        popularity: Mapping[int, int] = _NO_COUNTS,
        limit: int = 12,
    ) -> list[Entry]:
        """The best `limit` entries, best first; an empty text gives the most used, then the detailed ones.

        `levels` keeps what has one of them; with `offered`, what the province receives at one of them.
        """
        query = _Query(text, self._groups(words_of(text)))
        found: list[tuple[float, str, Entry]] = []
        for item in self._texts:
            entry = item.entry
            if (field and entry.field != field) or not entry.stands_at(at):
                continue
            if levels is not None and levels.isdisjoint(entry.levels if offered is None else offered(entry)):
                continue
            worth = query.worth(item)
            if worth > 0:
                used = popularity.get(entry.procedure_id, 0)
                found.append((worth + item.base + 6 * math.log1p(used), entry.name, entry))
        found.sort(key=lambda hit: (-hit[0], hit[1]))
        return [entry for _, _, entry in found[:limit]]

    def _groups(self, words: list[str]) -> tuple[_Group, ...]:
        """The typed words, runs that have synonyms taken together (longest run first)."""
        groups: list[_Group] = []
        position = 0
        while position < len(words):
            for length in range(min(self._longest, len(words) - position), 0, -1):
                run = tuple(words[position : position + length])
                if length == 1 or run in self._synonyms:
                    groups.append(_Group(run, self._synonyms.get(run, ())))
                    position += length
                    break
        return tuple(groups)


class _Query:
    """One typed text, ready to be compared with every entry."""

    def __init__(self, text: str, groups: tuple[_Group, ...]) -> None:
        folded = fold(text)
        self.groups = groups
        self.words = words_of(text)
        self.phrase = " ".join(self.words)
        self.code = plain_code(text) if _CODE.fullmatch(folded.replace(" ", "")) else ""
        self.squashed = "".join(self.words)
        one_run = len(self.words) == 1 or all(len(word) == 1 for word in self.words)
        self.letters = (
            self.squashed if one_run and len(self.squashed) >= 2 and self.squashed.isalpha() else ""
        )

    def worth(self, item: _Text) -> float:
        """0 when the entry does not match."""
        if not self.words:
            return 1.0
        if self.code:
            worth = _code_worth(self.code, item)
            if worth:
                return worth
        return max(self._word_worth(item), self._letter_worth(item))

    def _word_worth(self, item: _Text) -> float:
        total = 0.0
        for group in self.groups:
            best = _group_worth(group, item)
            if not best:
                return 0.0
            total += best
        worth = 100 + total / len(self.groups)
        if item.short == f" {self.phrase}" or item.name == f" {self.phrase}":
            worth += 200
        else:
            worth += self._phrase_worth(item)
        return worth

    def _phrase_worth(self, item: _Text) -> float:
        """The typed words as one phrase: at the beginning, inside; half when the last word is not
        finished.
        """
        for end, share in ((" ", 1.0), ("", 0.5)):
            phrase = f" {self.phrase}{end}"
            if f"{item.short} ".startswith(phrase):
                return 60 * share
            if f"{item.name} ".startswith(phrase):
                return 45 * share
            if phrase in f"{item.short} " or phrase in f"{item.name} ":
                return 30 * share
        return 0.0

    def _letter_worth(self, item: _Text) -> float:
        letters = self.letters
        if not letters:
            return 0.0
        if letters in (item.short_initials, item.initials):
            return 130.0
        if item.short_initials.startswith(letters) or item.initials.startswith(letters):
            return 105.0
        if len(letters) >= 4 and letters in item.squashed:
            return 95.0
        if len(letters) >= 3 and (letters in item.short_initials or letters in item.initials):
            return 70.0
        return 0.0


def _code_worth(code: str, item: _Text) -> float:
    if code in item.codes:
        return 500.0
    bare, suffix, _ = code.partition("h")  # the province's suffix, perhaps not typed to its end
    if suffix and bare in item.codes:
        return 450.0
    if any(known.startswith(code) for known in item.codes):
        return 300.0
    tail = code.lstrip("0") if len(code) >= 4 else ""
    return 150.0 if tail and any(tail in known for known in item.codes) else 0.0


def _group_worth(group: _Group, item: _Text) -> float:
    best = 0.0
    if not group.synonyms or f" {' '.join(group.typed)} " in f"{item.whole} ":
        best = _words_worth(group.typed, item)
    whole = f"{item.whole} "
    for order, words in enumerate(group.synonyms):
        if all(f" {word} " in whole for word in words):
            together = 6.0 if f" {' '.join(words)} " in whole else 0.0
            best = max(best, _words_worth(words, item) + together - order - 1)
    return best


def _words_worth(words: tuple[str, ...], item: _Text) -> float:
    if not all(f" {word}" in item.whole for word in words):
        return 0.0
    return sum(_place(word, item) for word in words) / len(words)


def _place(word: str, item: _Text) -> float:
    start = f" {word}"
    whole_word = 8.0
    for text, worth in ((item.short, SHORT), (item.name, NAME), (item.extra, EXTRA)):
        if start in text:
            return worth + (whole_word if f"{start} " in f"{text} " else 0.0)
    return 0.0


def _folded(entry: Entry) -> _Text:
    words = _words(entry.name, entry.short_name, " ".join((entry.field, *entry.results)))
    base = (14.0 if entry.detailed else 0.0) + (9.0 if "xa" in entry.levels else 0.0)
    base -= min(len(words.short), 160) / 12
    return _Text(entry, *words, _plain_codes((entry.code, *entry.codes)), base)


class _Words(NamedTuple):
    """The first texts of a `_Text`, which only what is written decides."""

    name: str
    short: str
    extra: str
    whole: str
    squashed: str
    initials: str
    short_initials: str


@lru_cache(maxsize=KEPT)
def _words(name: str, short_name: str, rest: str) -> _Words:
    name, short, extra = _spaced(name), _spaced(short_name), _spaced(rest)
    return _Words(
        name=name,
        short=short,
        extra=extra,
        whole=f"{short}{name}{extra}",
        squashed=f"{short}{name}".replace(" ", ""),
        initials="".join(word[0] for word in name.split()),
        short_initials="".join(word[0] for word in short.split()),
    )


@lru_cache(maxsize=KEPT)
def _plain_codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain_code(code) for code in codes if code))


def _spaced(text: str) -> str:
    """Folded words behind one space each, the empty opening "thủ tục" dropped."""
    joined = " ".join(words_of(text))
    for opening in _LEADING:
        if joined.startswith(opening) and len(joined) > len(opening):
            joined = joined.removeprefix(opening)
            break
    return f" {joined}" if joined else ""
