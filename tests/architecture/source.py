"""The source tree as the architecture tests read it: files, syntax trees, contexts."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "motcua"

# From the ground up, as in docs/adr/0002-contexts-and-layers.md; portal and desk, workflow and payments stand
# side by side.
CONTEXTS = (
    "kernel",
    "organisation",
    "documents",
    "workflow",
    "payments",
    "catalogue",
    "dossiers",
    "support",
    "counter",
    "portal",
    "desk",
    "config",
)
HEIGHT = {name: number for number, name in enumerate(CONTEXTS)} | {
    "desk": CONTEXTS.index("portal"),
    "payments": CONTEXTS.index("workflow"),
}

EDGES = frozenset({"views", "api", "handlers", "tasks", "management"})
"""Where a context meets the outside: requests, partner systems, the outbox, the clock, the shell."""


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of the product."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        return str(self.path.relative_to(PACKAGE))

    @property
    def context(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0]

    @property
    def part(self) -> str:
        """The part of the context: `actions`, `queries`, `views`, … ("" for files of the package itself)."""
        parts = self.path.relative_to(PACKAGE).parts
        return parts[1].removesuffix(".py") if len(parts) > 1 else ""

    @property
    def is_edge(self) -> bool:
        return bool(EDGES & {part.removesuffix(".py") for part in self.path.relative_to(PACKAGE).parts})

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file under src/motcua except migrations, tests included."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            found.append(Module(path, ast.parse(text, str(path)), text.count("\n")))
    return tuple(found)


def product() -> Iterator[Module]:
    """The files that run: no tests."""
    return (module for module in modules() if not module.is_test)


def imports(module: Module) -> Iterator[tuple[str, int]]:
    """Dotted names a module imports, with their lines; imported names are joined to their module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository: what git knows, and what is about to be added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def none(found: Iterable[str], rule: str) -> None:
    """Fail with the rule and every place that breaks it."""
    places = sorted(set(found))
    assert not places, "\n".join([rule, *places])
