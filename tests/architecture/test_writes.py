"""Every write is an act; every edge makes one call; the clock comes from outside."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module

from tests.architecture.source import CONTEXTS, PACKAGE, Module, none, product

WRITES = frozenset(
    {
        "save",
        "create",
        "update",
        "delete",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "acreate",
        "asave",
    }
)

# Calls of these names that write no row: dictionaries, sets, hashes, sessions, forms.
NOT_ROWS = frozenset(
    {"[]", "context", "params", "headers", "digest", "content", "values", "merged", "known", "env"}
)

# Edges that keep their own house: the kernel sweeps its own rows by the clock, the worker's state is rows.
OWN_HOUSE = {"kernel/tasks.py": "sweeps done jobs, spent windows and old keys"}


def calls(module: Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


def receiver(call: ast.Call) -> str:
    """`rows` for `rows.filter(...).update(...)`; "[]" for an element of something."""
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else "[]" if isinstance(node, ast.Subscript) else ""


def test_edges_write_no_rows() -> None:
    wrong = [
        f"{module.name}:{call.lineno} .{name}()"
        for module in product()
        if module.is_edge and module.name not in OWN_HOUSE
        for name in WRITES
        for call in calls(module, name)
        if receiver(call) not in NOT_ROWS
    ]
    none(wrong, "views, api, handlers, tasks and commands call one action; the action writes")


def test_queries_and_rules_write_no_rows() -> None:
    wrong = [
        f"{module.name}:{call.lineno} .{name}()"
        for module in product()
        if module.part.startswith(("queries", "rules", "permissions"))
        for name in WRITES - {"update"}
        for call in calls(module, name)
        if receiver(call) not in NOT_ROWS
    ]
    none(wrong, "queries, rules and permissions only read")


# Who reads the clock besides the edges, and why.
CLOCK_READERS = {
    "payments/simulator/server.py": "the edge of the stand-in: it tells its own time in its messages",
    "kernel/clock.py": "the clock itself",
    "kernel/outbox/worker.py": "the worker is an edge: time comes in there",
    "organisation/middleware.py": "the request is an edge",
    "organisation/snapshot.py": "how old the picture in memory is, not a business time",
    "kernel/templatetags/motcua.py": "a badge on a page without `now` in its context",
    # Reading "what is in force" without an instant means now; acts always say the instant.
    "catalogue/queries/deciding.py": "default of an optional instant",
    "catalogue/queries/searching.py": "default of an optional instant",
    "catalogue/queries/versions.py": "default of an optional instant",
}


def test_only_edges_read_the_clock() -> None:
    """Deadlines are plain function calls because `now` is an argument everywhere else."""
    wrong = []
    for module in product():
        if module.is_edge or module.name in CLOCK_READERS or module.name.startswith("kernel/web/"):
            continue
        for call in calls(module, "now"):
            if receiver(call) in {"clock", "timezone", "datetime", "dt"}:
                wrong.append(f"{module.name}:{call.lineno}")
        for call in (*calls(module, "today"), *calls(module, "utcnow")):
            if receiver(call) in {"date", "datetime"}:
                wrong.append(f"{module.name}:{call.lineno}")
    none(wrong, "take `now` as an argument; views, api, commands and jobs read the clock")


def test_nobody_reads_the_machines_calendar() -> None:
    """`date.today()` is the server's day, not Viet Nam's."""
    wrong = [
        f"{module.name}:{call.lineno}"
        for module in product()
        for call in (*calls(module, "today"), *calls(module, "utcnow"))
        if receiver(call) in {"date", "datetime"}
    ]
    none(wrong, "today is clock.today(now): the day in Viet Nam")


def test_business_flow_uses_no_signals() -> None:
    """What follows an act is written in the act or heard from the outbox; signals hide it."""
    names = {"receiver", "post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed", "Signal"}
    wrong = []
    for module in product():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("django.dispatch", "django.db.models.signals")
            ):
                wrong += [
                    f"{module.name}:{node.lineno} {alias.name}" for alias in node.names if alias.name in names
                ]
    none(wrong, "publish an event; a handler above hears it")


def offered() -> Iterator[tuple[str, Callable[..., object]]]:
    """The public acts of every context: what `actions` offers."""
    for context in CONTEXTS:
        place = PACKAGE / context / "actions"
        if not (place.is_dir() or place.with_suffix(".py").exists()):
            continue
        door = import_module(f"motcua.{context}.actions")
        for name in getattr(door, "__all__", [name for name in vars(door) if not name.startswith("_")]):
            act = getattr(door, name)
            if inspect.isfunction(act) and act.__module__.startswith(f"motcua.{context}.actions"):
                yield f"{context}.{name}", act


def test_every_act_takes_words_not_positions() -> None:
    """Keyword-only, so that two ids are never swapped; `bulk(act, …)` and `issue`-like verbs may name their object."""
    positional = []
    for name, act in offered():
        parameters = inspect.signature(act).parameters.values()
        loose = [found.name for found in parameters if found.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        if "actor" in loose or "now" in loose or len(loose) > 1:
            positional.append(f"{name}({', '.join(loose)})")
    none(positional, "an act takes keyword arguments only")


def test_every_act_is_told_the_time() -> None:
    timeless = [
        name
        for name, act in offered()
        if "actor" in inspect.signature(act).parameters and "now" not in inspect.signature(act).parameters
    ]
    none(set(timeless) - TIMELESS.keys(), "an act takes `now` from its caller")


TIMELESS = {"counter.discard_draft": "nothing happened: no audit, no event"}

# Acts that open their transactions themselves.
TRANSACTION_INSIDE = {
    "catalogue.attach_scan": "checks and disk come first, so that no lock waits for them",
    "counter.hand_over_all": "one transaction for each dossier",
    "dossiers.bulk": "one transaction for each dossier",
    "dossiers.attach_file": "checks and disk come first, so that no lock waits for them",
    "dossiers.recompute_deadlines": "one transaction for each batch",
    "payments.ask_now": "nothing goes over the line inside a transaction",
    "payments.pay_online": "nothing goes over the line inside a transaction",
    "payments.platform_bill": "nothing goes over the line inside a transaction",
    "payments.settle_automatic": "one transaction for each line of a statement",
    "portal.look_at_bills": "a refusal must not undo the count of tries",
    "portal.pay_online": "nothing goes over the line inside a transaction",
    "payments.propose_next_books": "one transaction for each book",
    "payments.send_receipt": "the document is committed before it leaves the house",
    "payments.send_cancellation": "as the receipt it takes back",
    "portal.look_up": "a refusal must not undo the count of tries",
    "portal.track": "a refusal must not undo the count of tries",
}


def test_every_act_is_one_transaction() -> None:
    loose = []
    for name, act in offered():
        if "actor" in inspect.signature(act).parameters and not hasattr(act, "__wrapped__"):
            loose.append(name)
    none(set(loose) - TRANSACTION_INSIDE.keys(), "an act is one transaction: @transaction.atomic")
