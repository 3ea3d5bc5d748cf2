"""What needs no database: a letter, the search as one types, a deadline with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle
from statistics import median

from bench.cast import Cast
from bench.figures import Figure, Goal
from bench.place import Place
from bench.timing import median_ms, once, undisturbed
from motcua.catalogue import queries as catalogue
from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.actions.timing import deadline_of
from motcua.kernel import clock

LETTER = Goal(value=15)
SEARCH = Goal(value=50)
TYPED = (
    "dang ky khai sinh",
    "cấp giấy phép xây dựng",
    "xntthn",
    "đăng ký biến động đất",
    "1.004873",
    "gcn qsdd",
)


def measure(place: Place, cast: Cast, *, rounds: int = 60) -> Iterator[Figure]:
    """In the process, on whichever database."""
    yield _letter(cast, rounds)
    yield from _search(rounds // 6)
    yield _deadline(cast, rounds * 10)


def _letter(cast: Cast, rounds: int) -> Figure:
    """Different slips, so that typst cannot give back the one it has just made."""
    received = [
        actions.receive_dossier(
            actor=cast.officer, reception=cast.fresh(), now=clock.now() + timedelta(minutes=number)
        )
        for number in range(20)
    ]
    letters = cycle([found.letter for found in received])
    taken = median_ms(lambda: documents.render_letter(next(letters)), rounds=rounds)
    size = len(documents.render_letter(received[0].letter).content)
    return Figure(
        "reception slip as PDF, warm",
        "-",
        taken,
        goal=LETTER,
        note=f"{size / 1000:.0f} kB, PDF/A-2a and UA-1",
    )


def _search(rounds: int) -> Iterator[Figure]:
    """Every keystroke of what people type, the typical and the slowest."""
    typed = [text[:length] for text in TYPED for length in range(1, len(text) + 1)]
    find = partial(catalogue.search, at=clock.now())
    find("khai sinh")
    with undisturbed():
        taken = {text: median(once(partial(find, text)) for _ in range(rounds)) for text in typed}
    slowest = max(taken, key=lambda text: taken[text])
    yield Figure(
        "procedure search, per keystroke",
        "-",
        median(taken.values()),
        goal=SEARCH,
        note=f"{len(typed)} keystrokes",
    )
    yield Figure("procedure search, slowest keystroke", "-", taken[slowest], goal=SEARCH, note=f"“{slowest}”")


def _deadline(cast: Cast, rounds: int) -> Figure:
    dossier = actions.receive_dossier(actor=cast.officer, reception=cast.fresh(), now=clock.now()).dossier
    taken = median_ms(lambda: deadline_of(dossier, events=()).explanation, rounds=rounds)
    return Figure("due date with its reasons", "-", taken * 1000, "µs")
