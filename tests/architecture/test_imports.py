"""Who may import whom, as far as import-linter does not say it (the contracts are in pyproject.toml)."""

from __future__ import annotations

import re

from tests.architecture.source import CONTEXTS, PACKAGE, imports, none, product

DOORS = frozenset({"actions", "queries", "events", "types", "errors", "permissions", "rules"})

# Parts that are public for a reason of their own; each reason in a word.
ALLOWED = {
    ("config", "motcua.organisation.middleware"): "settings name it",
    (
        "config",
        "motcua.dossiers.models",
    ): "the demo names the row type it gets from actions; the night copies rows",
    ("config", "motcua.workflow.models"): "the night copies rows, in an installation of its own",
    ("config", "motcua.organisation.models"): "the night makes units of the past, which no act does",
    ("config", "motcua.organisation.snapshot"): "and says that they are there",
    ("config", "motcua.organisation.carried"): "the night reads the succession that is carried",
}


def test_every_folder_of_the_package_is_a_known_context() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(CONTEXTS), (
        "a new context needs its place in CONTEXTS, pyproject.toml and docs/map.md"
    )


def test_contexts_are_entered_by_their_public_doors_only() -> None:
    """actions, queries, events, types, errors, permissions and the pure rules (docs/adr/0003)."""
    wrong = []
    for module in product():
        for name, line in imports(module):
            parts = name.split(".")
            if parts[0] != "motcua" or len(parts) < 3 or parts[1] in {module.context, "kernel"}:
                continue
            door = parts[2].partition("_")[0] if parts[2].startswith(("queries_", "types_")) else parts[2]
            wired = module.context == "config" and (
                door == "api" or (module.context, f"motcua.{parts[1]}.{door}") in ALLOWED
            )
            if door not in DOORS and not wired:
                wrong.append(f"{module.name}:{line} imports {name}")
    none(wrong, "another context is entered by actions, queries, events, types, errors, permissions or rules")


# Readings that live beside the acts they serve, because acts use them inside their transaction.
READINGS_IN_ACTIONS = frozenset(
    {
        "motcua.dossiers.actions.timing",
        "motcua.dossiers.actions.kept_money.if_it_ended",
        "motcua.dossiers.actions.routing.router",
        "motcua.dossiers.actions.Target",
    }
)


def test_queries_never_act() -> None:
    wrong = [
        f"{module.name}:{line} imports {name}"
        for module in product()
        if module.part.startswith("queries")
        for name, line in imports(module)
        if name.startswith(f"motcua.{module.context}.actions") and name not in READINGS_IN_ACTIONS
    ]
    none(wrong, "a query that writes hides the write from permission, audit and event")


def test_migrations_use_no_code_of_the_product() -> None:
    """They must mean the same in ten years; frozen models come from `apps.get_model`."""
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("migrations/*.py")
        if any(
            line.lstrip().startswith(("from motcua.", "import motcua.")) and "migrations" not in line
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]
    none(wrong, "a migration is frozen: apps.get_model")


def test_nobody_waits_on_a_queue_that_may_never_wake() -> None:
    """`SimpleQueue.get(timeout=…)` of CPython 3.11 waits for ever when another thread took the item and the time ran
    out meanwhile: a simulated day of 350 dossiers never ended. `queue.Queue` does not.
    """
    wrong = [
        module.name
        for module in product()
        if re.search(r"\bSimpleQueue\b", module.path.read_text(encoding="utf-8"))
    ]
    none(wrong, "use queue.Queue")
