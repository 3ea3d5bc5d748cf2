"""Lists in the documentation are checked against the code, so that a newcomer can trust them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from motcua.documents.letters import kinds
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.types import Act, PartyRole, Status
from motcua.organisation.types import Role, UnitKind
from motcua.workflow.rules.definition import StepKind
from motcua.workflow.types import RunStatus, TaskStatus
from tests.architecture.source import CONTEXTS, PACKAGE, ROOT, none, tracked

DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
MAP = (DOCS / "map.md").read_text(encoding="utf-8")
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))
PLAIN = {"migrations", "tests", "templates", "static", "__pycache__", "fonts"}


def test_every_folder_stands_in_the_map() -> None:
    folders = {
        str(path.parent.relative_to(PACKAGE))
        for path in tracked()
        if path.is_relative_to(PACKAGE) and path.parent != PACKAGE
    }
    wanted = {
        str(parent)
        for name in folders
        for parent in (Path(name), *Path(name).parents)
        if str(parent) != "." and not PLAIN & set(parent.parts)
    }
    none(wanted - set(re.findall(r"`([\w/]+)`", MAP)), "say in docs/map.md what the folder is for")


def test_the_map_names_no_folder_that_is_gone() -> None:
    gone = {name for name in folders_of_the_map() if not (PACKAGE / name).is_dir()}
    none(gone, "take it out of docs/map.md")


def test_no_folder_has_two_rows_in_the_map() -> None:
    named = folders_of_the_map()
    none({name for name in named if named.count(name) > 1}, "say it in one row of docs/map.md")


def folders_of_the_map() -> list[str]:
    """The folders of the table, each as often as it has a row."""
    table = MAP.partition("## Every folder")[2].partition("Every context may also")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([\w/]+)`", row)]


def in_glossary(word: str) -> bool:
    return f"`{word}`" in GLOSSARY


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([status.value for status in Status], id="statuses"),
        pytest.param([*(act.value for act in Act), *lifecycle.TABLE], id="acts"),
        pytest.param([role.value for role in PartyRole], id="parties"),
        pytest.param([role.value for role in Role], id="roles"),
        pytest.param([kind.value for kind in UnitKind], id="units"),
        pytest.param([kind.value for kind in StepKind], id="steps"),
        pytest.param([status.value for status in (*RunStatus, *TaskStatus)], id="runs and tasks"),
        pytest.param(sorted(kinds.load_kinds("")), id="letters"),
    ],
)
def test_every_word_of_the_code_stands_in_the_glossary(words: list[str]) -> None:
    none({word for word in words if not in_glossary(word)}, "give it a line in docs/glossary.md")


def events() -> set[str]:
    """The names of all events of all contexts."""
    found = set()
    for context in CONTEXTS:
        if (PACKAGE / context / "events.py").exists():
            module = import_module(f"motcua.{context}.events")
            classes = [thing for thing in vars(module).values() if isinstance(thing, type)]
            names = {getattr(thing, "name", None) for thing in classes}
            found |= {name for name in names if isinstance(name, str)}
    return found


def test_every_event_stands_in_the_glossary() -> None:
    none({name for name in events() if not in_glossary(name)}, "give the event a line in docs/glossary.md")


def test_the_glossary_names_no_event_that_is_gone() -> None:
    table = GLOSSARY.partition("## Events")[2]
    named = re.findall(r"`(\w+\.\w+)`", table)
    none(set(named) - events(), "take it out of docs/glossary.md")
    none({name for name in named if named.count(name) > 1}, "name the event once in docs/glossary.md")


def test_the_glossary_is_complete_enough_to_be_used() -> None:
    rows = [line for line in GLOSSARY.splitlines() if re.match(r"\| [^-V|]", line)]
    assert len(rows) >= 100
    terms = [row.split("|")[1].strip() for row in rows]
    twice = {term for term in terms if terms.count(term) > 1}
    none(twice - TWO_THINGS, "one Vietnamese term, one English word")


# An act or a status and a kind of step, or a role and a step, have one name in law.
TWO_THINGS = {"tiếp nhận", "yêu cầu bổ sung", "lấy ý kiến", "văn thư", "trả kết quả"}


def test_decisions_are_numbered_without_holes() -> None:
    numbers = [int(path.name[:4]) for path in ADRS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: str(path.stem))
def test_decision_says_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = path.name[:4]
    assert text.startswith(f"# {number} ")
    assert re.search(
        r"^Date: \d{4}-\d\d-\d\d\. Status: (accepted|superseded by \d{4})\.$", text, re.MULTILINE
    )
    for heading in ("## Context", "## Decision", "## Consequences"):
        assert heading in text
    assert f"]({path.name})" in (DOCS / "adr" / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    """The table of docs/operations/settings.md as the code has it, read in a process of its own.

    Tests of the readers register variables of their own in this one.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    asked = subprocess.run(
        [sys.executable, "-c", PRINT_SETTINGS],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(ROOT / "src")},
        check=True,
        capture_output=True,
        text=True,
    )
    return "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *asked.stdout.splitlines()])


PRINT_SETTINGS = """
from motcua.config import env, settings_test
for found in env.SETTINGS.values():
    default = f"`{found.default}`" if found.default else "empty"
    print(f"| `{found.name}` | {default} | {found.meaning} |")
"""


def test_every_setting_stands_in_the_reference() -> None:
    text = (DOCS / "operations" / "settings.md").read_text(encoding="utf-8")
    assert settings_table() in text, f"docs/operations/settings.md must hold:\n{settings_table()}"


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in tracked():
        if path.suffix == ".md":
            for target in LINK.findall(path.read_text(encoding="utf-8")):
                inside = "://" not in target and not target.startswith("mailto:")
                if inside and not (path.parent / target).exists():
                    broken.append(f"{path.relative_to(ROOT)} -> {target}")
    none(broken, "the document linked to is not there")


HEADINGS = ("Purpose", "Words", "Public door", "Decisions", "Not done yet")


@pytest.mark.parametrize("context", [name for name in CONTEXTS if name != "config"])
def test_every_context_describes_itself(context: str) -> None:
    path = PACKAGE / context / "README.md"
    assert path.exists(), f"{context} has no README.md"
    text = path.read_text(encoding="utf-8")
    missing = [heading for heading in HEADINGS if not re.search(rf"^#+ {heading}", text, re.MULTILINE)]
    assert missing == [], f"{context}/README.md"


def test_every_file_a_document_names_exists() -> None:
    """`kernel/audit/chain.py` in a document is a promise."""
    lost = []
    for path in (
        DOCS / "map.md",
        ROOT / "AGENTS.md",
        ROOT / "CONTRIBUTING.md",
        *ADRS,
        *(DOCS / "howto").glob("*.md"),
    ):
        for name in re.findall(
            r"`([\w./-]+/[\w.-]+\.(?:py|html|json|css|js|typ|po))`", path.read_text(encoding="utf-8")
        ):
            known = (PACKAGE, ROOT, PACKAGE / "kernel" / "templates")
            if not any((place / name).exists() for place in known):
                lost.append(f"{path.relative_to(ROOT)}: {name}")
    none(lost, "the file is not there (any more)")
