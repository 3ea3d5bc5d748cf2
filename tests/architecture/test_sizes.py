"""Files and functions a person can hold in mind."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, modules, none, product, tracked

SOFT, HARD = 400, 600
FUNCTION = 60

# Above the soft limit, with the reason; the list may only shrink. Nothing may pass the hard limit.
LONG_FILES = {
    "config/demo/history.py": "one story told in order",
    "counter/rules/card_scan.py": "one reader with its tables",
    "dossiers/actions/receive.py": "the longest act: slip, number, run and parties in one transaction",
    "dossiers/tests/factories.py": "the small province",
    "dossiers/tests/test_acts.py": "tables of examples",
    "dossiers/tests/test_views_acts.py": "one test for each form",
    "dossiers/tests/test_deadline.py": "tables of examples",
    "workflow/tests/test_runs.py": "tables of examples",
}
# Longer ones, with the reason; the list may only shrink.
LONG_FUNCTIONS = {
    "catalogue/rules/source_detailed.py:read_detailed": "builds one value of forty fields, a line each",
    "dossiers/api/reading.py:_detail": "builds one answer of forty fields, a line each",
}
VAGUE = re.compile(
    r"^(utils?|helpers?|common|services?|misc|stuff|tools|managers?)(_.*)?$|_(utils?|helpers?)$"
)


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    assert [f"{module.name}: {module.lines}" for module in modules() if module.lines > HARD] == []


def test_files_above_four_hundred_lines_are_known_and_have_a_reason() -> None:
    long = {module.name for module in modules() if module.lines > SOFT}
    none(long - LONG_FILES.keys(), "split the file, or write down here why not")


def test_functions_are_at_most_sixty_lines() -> None:
    """The signature and the docstring do not count: both are meant to be complete."""
    long = []
    for module in product():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                length = node.end_lineno - first.lineno + 1
                if length > FUNCTION and f"{module.name}:{node.name}" not in LONG_FUNCTIONS:
                    long.append(f"{module.name}:{node.lineno} {node.name}: {length} lines")
    none(long, f"a function has at most {FUNCTION} lines")


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.is_relative_to(PACKAGE)
        and any(VAGUE.search(part.removesuffix(".py")) for part in path.relative_to(PACKAGE).parts)
        and "static" not in path.parts
    ]
    none(vague, "name it after what it does: everything lands in a module called utils")


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplemented"])
def test_nothing_is_left_for_later_in_the_code(word: str) -> None:
    """What is not done stands in the context's README, where people look for it."""
    pattern = re.compile(rf"\b{word}\b")
    found = [module.name for module in product() if pattern.search(module.path.read_text(encoding="utf-8"))]
    none(found, "what is not done stands in the README of the context")


def test_every_ignored_type_says_why() -> None:
    bare = []
    for module in product():
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), start=1):
            if "# type: ignore" in line and not re.search(r"# type: ignore\[[\w, -]+\]\s+#? ?\S", line):
                bare.append(f"{module.name}:{number}")
    none(bare, "say why: `# type: ignore[code]  # the reason`")


def test_no_test_is_skipped_without_a_reason() -> None:
    bare = [
        f"{module.name}:{number}"
        for module in modules()
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"mark\.(skip|xfail)(\(\))?$", line.strip()) or "pytest.skip()" in line
    ]
    none(bare, "a skipped test says why")
