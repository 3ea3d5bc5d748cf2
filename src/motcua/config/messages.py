"""The English catalogue: found in the source, kept as a .po file, compiled without external tools.

Vietnamese sentences are the source text, so a missing translation shows Vietnamese, never a code word.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Which arguments of a call are sentences: of `refuse(code, text)` it is the second.
MARKERS: dict[str, slice] = {
    **dict.fromkeys(("_", "_t", "gettext", "gettext_lazy", "gettext_noop", "msg", "no"), slice(0, 1)),
    **dict.fromkeys(("Entry", "Message"), slice(0, 1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), slice(0, 2)),
    "refuse": slice(1, 2),
}
_STRING = r"""u?(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")"""
_CALL = re.compile(rf"""\b(n?gettext|_)\(\s*{_STRING}(?:\s*,\s*{_STRING})?""")


@dataclass(slots=True)
class Sentence:
    """A marked sentence: its form for many where the source counts, and the files it stands in."""

    plural: str = ""
    places: list[str] = field(default_factory=list)


def compile_catalogues() -> None:
    """Write the .mo beside the .po when it is missing or older."""
    target = CATALOGUE.with_suffix(".mo")
    if CATALOGUE.exists() and (not target.exists() or target.stat().st_mtime < CATALOGUE.stat().st_mtime):
        polib.pofile(str(CATALOGUE)).save_as_mofile(str(target))


def source_strings() -> dict[str, Sentence]:
    """Every marked sentence of the source, with its plural form and the files it stands in."""
    found: dict[str, Sentence] = {}
    for pattern, read in (("*.py", _in_python), ("templates/**/*.html", _in_template)):
        for path in sorted(PACKAGE.rglob(pattern)):
            place = path.relative_to(PACKAGE)
            if {"migrations", "tests"} & set(place.parts):
                continue
            for text, plural in read(path.read_text(encoding="utf-8")):
                sentence = found.setdefault(text, Sentence())
                sentence.plural = sentence.plural or plural
                sentence.places.append(str(place))
    for text in _letter_titles():
        found.setdefault(text, Sentence()).places.append("documents/data/letter_kinds.json")
    return found


def _letter_titles() -> Iterator[str]:
    """Letters are printed in Vietnamese; lists on the screen name them in the reader's language."""
    kinds = json.loads((PACKAGE / "documents" / "data" / "letter_kinds.json").read_text(encoding="utf-8"))
    yield from (kind["title"] for kind in kinds)


def _in_python(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [
            argument.value
            for argument in node.args[MARKERS.get(name, slice(0, 0))]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if texts and texts[0].strip():
            yield texts[0], "".join(texts[1:])


def _in_template(source: str) -> Iterator[tuple[str, str]]:
    for call in _CALL.finditer(templatize(source)):
        text, plural = (_unquoted(call[n]) or _unquoted(call[n + 1]) for n in (2, 4))
        if text.strip():
            yield text, plural if call[1] == "ngettext" else ""


def _unquoted(inside: str | None) -> str:
    """What stands between the quotes Django's own writer or the template's author put around it."""
    return re.sub(r"""\\(['"\\])""", r"\1", inside or "").replace("\\n", "\n")


def renew() -> tuple[int, int]:
    """Bring the catalogue in line with the source; gives (new, removed). Translations are kept."""
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=110) if CATALOGUE.exists() else _empty()
    known = {entry.msgid: entry for entry in catalogue}
    wanted = source_strings()
    for text, sentence in wanted.items():
        entry = known.get(text)
        if entry is None:
            entry = polib.POEntry(msgid=text, msgstr="")
            catalogue.append(entry)
        if sentence.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural = sentence.plural, {0: entry.msgstr, 1: ""}
            entry.msgstr = ""
        entry.occurrences = [(place, "") for place in sorted(set(sentence.places))]
        if "%(" in text and "python-format" not in entry.flags:
            entry.flags.append("python-format")
    removed = [entry for text, entry in known.items() if text not in wanted]
    for entry in removed:
        catalogue.remove(entry)
    catalogue.sort(key=lambda entry: (entry.occurrences[0][0] if entry.occurrences else "", entry.msgid))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    return len(wanted.keys() - known.keys()), len(removed)


def problems() -> list[str]:
    """What is missing or broken: untranslated sentences, placeholders that differ."""
    catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else _empty()
    known = {entry.msgid: entry for entry in catalogue}
    found = []
    for text, sentence in source_strings().items():
        entry = known.get(text, polib.POEntry(msgid=text))
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(form.strip() for form in forms) or (sentence.plural and not entry.msgid_plural):
            found.append(f"{sentence.places[0]}: not translated: {text!r}")
        # The form for one may leave the number out; the form for many may not.
        elif _places(forms[-1]) != _places(sentence.plural or text) or not _places(forms[0]) <= _places(text):
            found.append(f"{sentence.places[0]}: placeholders differ: {text!r} / {forms!r}")
    return found


def _places(text: str) -> set[str]:
    return set(re.findall(r"%%?\(\w+\)\w", text))


def _empty() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue
