"""Reading at volume: a worklist page, a dossier by its code, people by their folded names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bench.cast import Cast
from bench.figures import Figure, Goal
from bench.place import Place
from bench.raw import Database, connect
from bench.timing import in_turns, statements
from bench.volume import Volume, multiply
from motcua.dossiers import actions, queries
from motcua.dossiers.queries_worklist import worklist
from motcua.dossiers.rules.worklist import Tab
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation

PAGE = Goal(statements=3, value=15)
BY_CODE = Goal(statements=1)
BY_NAME = Goal(value=100)
NAME = "nguyen thi anh"


def measure(place: Place, cast: Cast, volume: Volume, *, rounds: int = 40) -> Iterator[Figure]:
    """Fill the database, then read."""
    made = actions.receive_dossier(actor=cast.officer, reception=cast.fresh(), now=clock.now())
    multiply(made.dossier.code, volume, clock.now())
    database = connect(place)
    yield from _page(place, cast, database, volume, rounds)
    yield _by_code(place, cast, database, volume, rounds)
    yield _by_name(place, cast, database, volume, max(5, rounds // 4))
    database.close()


def _page(place: Place, cast: Cast, database: Database, volume: Volume, rounds: int) -> Iterator[Figure]:
    now, actor = clock.now(), cast.specialist
    unit, role = actor.grants[0].unit_id, actor.grants[0].role
    text = (
        "SELECT t.*, d.code, d.status, d.owner_name, d.procedure_name, d.received_at, d.due_at FROM workflow_task t "
        "JOIN workflow_run r ON r.id = t.run_id JOIN dossiers_dossier d ON d.run_id = r.id "
        "WHERE t.status = 'open' AND t.unit_id = %s AND t.role = %s AND t.assignee_id IS NULL "
        "AND d.paused_since IS NULL AND t.kind <> 'return'{} ORDER BY t.due_at, t.id LIMIT 51"
    )
    midnight = datetime.combine(clock.today(now) + timedelta(days=1), time(), clock.VN)
    today = database.adapted(midnight)
    asked = {
        Tab.TODAY: (text.format(" AND (t.due_at < %s OR t.run_due_at < %s)"), [unit, role, today, today]),
        Tab.MINE: (text.format(""), [unit, role]),
    }
    for tab, (statement, values) in asked.items():

        def page(tab: Tab = tab) -> object:
            return worklist(actor, now=now, tab=tab)

        def by_hand(statement: str = statement, values: list[object] = values) -> object:
            return database.run(statement, values)

        pair = in_turns(by_hand, page, rounds=rounds)
        shown = len(worklist(actor, now=now, tab=tab).rows)
        yield Figure(
            f"worklist page, tab {tab.value}", place.database, pair.product, "ms", pair.raw, len(statements(page)), 1,
            PAGE, f"{shown} rows of {volume.open_tasks:,} open, {volume.tasks:,} tasks in all",
        )  # fmt: skip


def _by_code(place: Place, cast: Cast, database: Database, volume: Volume, rounds: int) -> Figure:
    code = f"H05.B-{volume.dossiers - 1 - _mine(cast.specialist, volume)}"

    def find() -> object:
        return queries.readable_dossier(cast.specialist, code)

    text = "SELECT d.*, r.* FROM dossiers_dossier d JOIN workflow_run r ON r.id = d.run_id WHERE d.code = %s"
    pair = in_turns(lambda: database.run(text, [code]), find, rounds=rounds)
    return Figure(
        "find by code", place.database, pair.product, "ms", pair.raw, len(statements(find)), 1, BY_CODE,
        f"{volume.dossiers:,} dossiers",
    )  # fmt: skip


def _mine(actor: Actor, volume: Volume) -> int:
    """How far from the last dossier one of the actor's own commune lies."""
    communes = organisation.communes()
    for back in range(len(communes)):
        if communes[(volume.dossiers - 1 - back) * 31 % len(communes)].id in actor.agency_ids:
            return back
    raise LookupError("the actor's commune got no dossier")


def _by_name(place: Place, cast: Cast, database: Database, volume: Volume, rounds: int) -> Figure:
    overseer = Actor.system("bench", "command")

    def search() -> object:
        found = queries.search(overseer, NAME)
        assert found
        return found

    words = [f"%{word}%" for word in NAME.split()]
    if place.database == "SQLite":
        text = (
            "SELECT d.* FROM dossiers_dossier d WHERE d.id IN (SELECT rowid FROM dossiers_search WHERE "
            "dossiers_search MATCH %s) AND d.search_text LIKE %s AND d.search_text LIKE %s AND d.search_text LIKE %s "
            "ORDER BY d.id DESC LIMIT 50"
        )
        values = [" ".join(f'"{word}"' for word in NAME.split()), *words]
    else:
        text = (
            "SELECT d.* FROM dossiers_dossier d WHERE d.search_text LIKE %s AND d.search_text LIKE %s "
            "AND d.search_text LIKE %s ORDER BY d.id DESC LIMIT 50"
        )
        values = words
    pair = in_turns(lambda: database.run(text, values), search, rounds=rounds, warm=1)
    return Figure(
        "folded name search", place.database, pair.product, "ms", pair.raw, len(statements(search)), 1, BY_NAME,
        f"“{NAME}” among {volume.dossiers:,} dossiers",
    )  # fmt: skip
