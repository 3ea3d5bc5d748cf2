"""The English catalogue: found in the source, kept as a .po file, compiled without external tools.

Vietnamese sentences are the source text, so a missing translation shows Vietnamese, never a code word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MARKERS = frozenset(
    {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "msg", "no"}
)
_CALL = re.compile(r"""\b(n?gettext)\(\s*u?(['"])((?:\\.|(?!\2).)*)\2""", re.DOTALL)


def compile_catalogues() -> None:
    """Write the .mo beside the .po when it is missing or older."""
    target = CATALOGUE.with_suffix(".mo")
    if CATALOGUE.exists() and (not target.exists() or target.stat().st_mtime < CATALOGUE.stat().st_mtime):
        polib.pofile(str(CATALOGUE)).save_as_mofile(str(target))


def source_strings() -> dict[str, list[str]]:
    """Every marked sentence of the source, with the files it stands in."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or "tests" in path.parts:
            continue
        for text in _in_python(path):
            found.setdefault(text, []).append(str(path.relative_to(PACKAGE)))
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        for text in _in_template(path):
            found.setdefault(text, []).append(str(path.relative_to(PACKAGE)))
    return found


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in MARKERS and name not in {"Entry", "Message"}:
            continue
        count = 2 if name.startswith("ngettext") else 1
        for argument in node.args[:count]:
            if (
                isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and argument.value.strip()
            ):
                yield argument.value


def _in_template(path: Path) -> Iterator[str]:
    prepared = templatize(path.read_text(encoding="utf-8"))
    for found in _CALL.finditer(prepared):
        text = ast.literal_eval(f"{found[2]}{found[3]}{found[2]}") if "\n" not in found[3] else found[3]
        if text.strip():
            yield text


def renew() -> tuple[int, int]:
    """Bring the catalogue in line with the source; gives (new, removed). Translations are kept."""
    catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else _empty()
    known = {entry.msgid: entry for entry in catalogue}
    wanted = source_strings()
    for text, places in wanted.items():
        entry = known.get(text)
        if entry is None:
            entry = polib.POEntry(msgid=text, msgstr="")
            catalogue.append(entry)
        entry.occurrences = [(place, "") for place in sorted(set(places))]
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
    for text, places in source_strings().items():
        entry = known.get(text)
        if entry is None or not entry.msgstr.strip():
            found.append(f"{places[0]}: not translated: {text!r}")
        elif _places(text) != _places(entry.msgstr):
            found.append(f"{places[0]}: placeholders differ: {text!r} / {entry.msgstr!r}")
    return found


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def _empty() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
    }
    return catalogue
