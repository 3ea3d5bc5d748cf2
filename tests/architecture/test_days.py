"""A day is typed in one field, day first: the browser's own shows the order of its language."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT, none, tracked

PACKAGE = ROOT / "src/motcua"
COMPONENT = {PACKAGE / "kernel/web/days.py", PACKAGE / "kernel/static/kernel/days.js"}
NATIVE = re.compile(
    r"""type\s*=\s*["']?(?:date|month|week|time|datetime-local)\b(?!\.)|["']type["']\s*:\s*["'](?:date|month|datetime-local)["']"""
    r"""|input_type\s*=|forms\.(?:DateInput|DateField|DateTimeInput|DateTimeField|SelectDateWidget)\("""
)


def test_no_page_has_a_native_field_for_a_day() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        if path.suffix in {".py", ".html", ".js"}
        and PACKAGE in path.parents
        and "tests" not in path.parts
        and path not in COMPONENT
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NATIVE.search(line)
    ]
    none(found, "use kernel.web.days.DayField, or kernel/components/day_field.html: docs/design.md")


def test_the_expression_finds_what_it_forbids() -> None:
    forbidden = (
        '<input type="date" name="tu">',
        "<input type=month>",
        'forms.DateInput(attrs={"type": "date"})',
        'input_type = "date"',
        "born_on = forms.DateField()",
    )
    assert all(NATIVE.search(line) for line in forbidden)
    assert not NATIVE.search('<input type="text" data-day="date">')
