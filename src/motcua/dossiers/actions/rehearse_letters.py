"""Letters of rehearsed dossiers as real PDF files: once for each kind and class of units, the longest there is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from motcua.documents import queries as documents
from motcua.documents.errors import LetterNotRendered, UnknownLetterKind
from motcua.documents.queries import Letter
from motcua.dossiers.rules.golden import Configuration
from motcua.dossiers.rules.rehearsal import FailureKind, Findings, Where
from motcua.kernel.messages import msg

SMALLEST = 5_000
"""Bytes: a page with its fonts is never less."""


@dataclass(slots=True)
class Letters:
    """The longest letter of each kind and class, kept until they are printed."""

    longest: dict[tuple[str, str], Letter] = field(default_factory=dict)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, issued: list[Letter], unit_class: str, configuration: Configuration, code: str) -> None:
        """Keep what is longer than what was kept; letters of configured kinds as those kinds."""
        for letter in issued:
            self._keep(letter, letter.kind, unit_class, code)
            for choice in configuration.letters:
                kind = choice.value.get(letter.kind)
                if kind and kind != letter.kind:
                    self._keep(_as_kind(letter, kind), kind, unit_class, code)

    def _keep(self, letter: Letter | None, kind: str, unit_class: str, code: str) -> None:
        if letter is None:
            return
        key = (kind, unit_class)
        known = self.longest.get(key)
        if known is None or _length(letter) > _length(known):
            self.longest[key], self.codes[key] = letter, code

    def print_all(self, findings: Findings) -> int:
        """Render every kept letter and look at the file; gives how many."""
        for (kind, _unit_class), letter in sorted(self.longest.items(), key=lambda item: item[0]):
            code = self.codes[kind, _unit_class]
            try:
                content = documents.render_letter(letter).content
            except LetterNotRendered as error:
                problem = str(error)[:300]
            else:
                problem = what_is_wrong(content)
            if problem:
                findings.add(
                    FailureKind.LETTER,
                    msg("Văn bản “%(kind)s” không in được: %(why)s", kind=_title(kind), why=problem),
                    Where(unit_id=letter.unit_id),
                    code=code,
                )
        return len(self.longest)


def what_is_wrong(content: bytes) -> str:
    """Why these bytes are no archivable PDF with a page in it; empty when they are."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-64:]:
        return "tệp không phải PDF trọn vẹn"
    if b"pdfaid:part" not in content:
        return "tệp không theo PDF/A"
    if len(content) < SMALLEST:
        return "tệp rỗng"
    return ""


def _title(kind: str) -> str:
    try:
        return documents.letter_kind(kind).title
    except UnknownLetterKind:
        return kind


def _length(letter: Letter) -> int:
    return len(json.dumps(letter.data, ensure_ascii=False))


def _as_kind(letter: Letter, kind: str) -> Letter | None:
    """The same letter in the clothes of another kind; None for a kind that does not exist, told elsewhere."""
    try:
        found = documents.letter_kind(kind)
    except UnknownLetterKind:
        return None
    form = {"number": found.form, "title": found.title, "source": found.source, "template": found.template}
    return Letter(
        kind=kind,
        unit_id=letter.unit_id,
        subject=letter.subject,
        data={**letter.data, "form": form},
        template_version=letter.template_version,
    )
