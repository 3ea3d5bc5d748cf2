"""Every address, asked as everybody: nothing is served to the wrong person."""

from __future__ import annotations

import pytest

from tests.cast import CANARIES, Cast
from tests.permissions import asking
from tests.permissions.table import METHODS, RECORDING, Key, columns, is_api, line_of, table, write

pytestmark = pytest.mark.django_db

# Who may read of the foreign applicant: their own ward, those who oversee the province, systems of either.
ENTITLED = {"pages": {"other", "insp", "ctrl", "admin"}, "api": {"other", "province"}}

Askers = dict[str, asking.Asker]


@pytest.fixture(scope="module")
def pages(cast: Cast) -> Askers:
    return asking.page_askers(cast)


@pytest.fixture(scope="module")
def api(cast: Cast) -> Askers:
    return asking.api_askers(cast)


def test_every_address_stands_in_the_table() -> None:
    decided = {name for name, _which, _method in table()}
    known = set(asking.url_names())
    if not RECORDING:
        assert sorted(known - decided) == [], "decide who may use them: see tests/permissions/table.py"
        assert sorted(decided - known) == [], "these are gone: take them out of the table"


@pytest.mark.parametrize("name", asking.url_names())
def test_everybody_gets_what_is_decided_and_nothing_of_others(
    name: str, cast: Cast, pages: Askers, api: Askers
) -> None:
    found, leaks = _answers(name, asking.targets(cast, name), api if is_api(name) else pages)
    assert not leaks, "the foreign applicant is told to somebody who may not know:\n" + "\n".join(leaks)
    if RECORDING:
        kept = {key: words for key, words in _recorded.items() if key[0] != name}
        _recorded.clear()
        _recorded.update(kept | found)
        write(_recorded)
        return
    wrong = [
        f"decided: {line_of(key, table().get(key, ('-',)))}\nanswers: {line_of(key, words)}"
        for key, words in found.items()
        if table().get(key) != words
    ]
    assert not wrong, f"columns: {' '.join(columns(name))}\n" + "\n".join(wrong)


_recorded: dict[Key, tuple[str, ...]] = {
    key: words for key, words in table().items() if key[0] in asking.url_names()
}


def _answers(
    name: str, places: list[asking.Target], askers: Askers
) -> tuple[dict[Key, tuple[str, ...]], list[str]]:
    found: dict[Key, tuple[str, ...]] = {}
    leaks = []
    entitled = ENTITLED["api" if is_api(name) else "pages"]
    for target in places:
        for method in METHODS:
            words = []
            for column in columns(name):
                answer = askers[column].ask(method, target.path, api=is_api(name))
                words.append(answer.word)
                if column not in entitled and any(secret.encode() in answer.content for secret in CANARIES):
                    leaks.append(f"{column}: {method} {target.path}")
            found[name, target.which, method] = tuple(words)
    return found, leaks


def test_no_answer_in_the_table_is_a_failure() -> None:
    broken = [key for key, words in table().items() if any(word.startswith("5") for word in words)]
    assert broken == []


def test_strangers_see_public_pages_only() -> None:
    """The first column, read as a sentence: 200 stands for these addresses alone."""
    public = {
        "api:openapi-json",
        "cashier:display",
        "catalogue:list",
        "catalogue:pdf",
        "catalogue:procedure",
        "healthz",
        "kernel:sign_in",
        "kernel:style",
        "portal:bills",
        "portal:centres",
        "portal:home",
        "portal:robots",
        "portal:track",
        "portal:tracking",
        "readyz",
    }
    assert {name for (name, _which, _method), words in table().items() if words[0] == "200"} <= public


def test_a_foreign_dossier_is_never_found() -> None:
    """404, not 403: even that it exists is nobody's business (columns of the first ward and without a post)."""
    inside = [number for number, name in enumerate(asking.PAGES) if name in INSIDE]
    told = [
        line_of(key, words)
        for key, words in table().items()
        if key[0].startswith("dossiers:") and key[1] in {"foreign", "crossed"}
        for number in inside
        if words[number] not in {"404", "405"}
    ]
    assert told == []


INSIDE = {"nobody", "counter", "spec", "head", "leader", "clerk", "it", "dept"}


def test_a_foreign_dossier_looks_like_an_unknown_one() -> None:
    inside = [number for number, name in enumerate(asking.PAGES) if name in INSIDE]
    for (name, which, method), words in table().items():
        if not is_api(name) and which == "unknown" and (name, "foreign", method) in table():
            foreign = table()[name, "foreign", method]
            assert [words[n] for n in inside] == [foreign[n] for n in inside], name
