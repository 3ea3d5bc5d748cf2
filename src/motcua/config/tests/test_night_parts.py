"""The parts of the night: its hours, its place, its decision, its dossiers, and proofs that do fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motcua.catalogue.models import CompetenceRule, ProcedureVersion, ProcessBinding
from motcua.catalogue.queries.facts import ContentFacts, ProcedureFacts, facts
from motcua.catalogue.rules.decisions import DecisionLine, read_decision
from motcua.catalogue.rules.time_limits import LimitPhase, LimitUnit, TimeLimit
from motcua.catalogue.types import FeeLine, Level, ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction
from motcua.config.night import crowd, decision, hours, june, proof, staff
from motcua.config.night.place import own_place
from motcua.config.night.steps import Steps
from motcua.dossiers.models import Dossier
from motcua.kernel import clock
from motcua.organisation import queries as organisation
from motcua.organisation.models import Post
from motcua.organisation.snapshot import touch
from motcua.workflow.models import Task

LINES = 1_500


def subject(number: int, *, days: int = 5, fee: int = 20_000) -> decision.Subject:
    level = Level.COMMUNE if number % 3 else Level.PROVINCE
    code = f"1.{300_000 + number}"
    definition = ProcedureDefinition(
        name=f"Cấp giấy phép số {number}",
        short_name=f"Giấy phép {number}",
        field="Hộ tịch",
        levels=(level,),
        code=code,
        limit=TimeLimit((LimitPhase(days, LimitUnit.WORKING_DAY),)),  # type: ignore[arg-type]  # whole days
        fees=(FeeLine("le-phi", "lệ phí", "Lệ phí cấp giấy", fee, "giấy"),),
        authority="Ủy ban nhân dân",
        legal_bases=("Luật Hộ tịch 2014",),
    )
    content = ContentFacts((), 0, 1, 0, has_form=False, form_known=False, ministry="")
    known = ProcedureFacts(number, number, code, definition.name, "Hộ tịch", (level.value,), content)
    return decision.Subject(known, definition)


@pytest.fixture(scope="module")
def lines() -> list[DecisionLine]:
    return decision.make_lines([subject(number) for number in range(LINES)], LINES)


def test_the_decision_has_the_lines_of_that_summer(lines: list[DecisionLine]) -> None:
    counts = Counter(line.action for line in lines)
    assert len(lines) == LINES and len({line.code for line in lines}) == LINES
    assert counts[ChangeAction.NEW] == 200
    assert counts[ChangeAction.REPLACED] == counts[ChangeAction.ABOLISHED] == 150
    assert counts[ChangeAction.AMENDED] > 900
    assert counts[ChangeAction.REDELEGATED] and counts[ChangeAction.LEVEL_MOVED]


def test_twelve_broken_cells_are_all_named_and_the_mended_file_reads_as_it_was_meant(
    lines: list[DecisionLine],
) -> None:
    (spoilt,) = read_decision(decision.workbook(decision.broken(lines)), name="hong.xlsx")
    assert len({problem.cell for problem in spoilt.problems}) == len(decision.BROKEN) == 12
    (read,) = read_decision(decision.workbook(lines), name="dung.xlsx")
    assert read.clean and read.head.number == decision.NUMBER
    assert read.head.effective_at == hours.MIDNIGHT
    assert [(line.code, line.action) for line in read.lines] == [(line.code, line.action) for line in lines]


def test_an_amended_procedure_takes_a_day_less_and_costs_half(lines: list[DecisionLine]) -> None:
    (read,) = read_decision(decision.workbook(lines[1:2]), name="mot.xlsx")
    limit, fees = read.lines[0].values["limit"], read.lines[0].values["fees"]
    assert isinstance(limit, TimeLimit) and limit.phases[0].amount == 4
    assert isinstance(fees, tuple) and [fee.amount for fee in fees] == [10_000]


def test_a_limit_that_cannot_be_shortened_is_left_alone() -> None:
    one = subject(1, days=1)
    assert decision.LIMIT not in decision.make_lines([one], 1)[0].raw
    unlimited = replace(one, definition=replace(one.definition, limit=None))
    assert decision.LIMIT not in decision.make_lines([unlimited], 1)[0].raw


def test_the_clock_of_the_night_ends_with_it() -> None:
    before = clock.now
    with pytest.raises(RuntimeError), hours.at(hours.MIDNIGHT):
        assert clock.now() == hours.MIDNIGHT
        raise RuntimeError
    assert clock.now is before


@pytest.mark.parametrize("keep", [False, True])
def test_the_night_has_a_place_of_its_own(keep: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_SECRET_KEY", "of the installation")
    with own_place("", keep=keep) as environment:
        folder = Path(environment["MOTCUA_STATE_DIR"])
        assert folder.is_dir() and environment["MOTCUA_DATABASE_URL"].startswith(f"sqlite:///{folder}")
        assert "MOTCUA_SECRET_KEY" not in environment
    assert folder.exists() == keep
    if keep:
        folder.rmdir()


def test_what_does_not_hold_is_named_and_the_rest_counted() -> None:
    told: list[str] = []
    steps = Steps(told.append)
    steps.none_of([], "lost")
    steps.none_of(list(range(12)), "lost")
    assert steps.failures == ["lost (12): 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"] and len(told) == 1


def test_a_later_date_and_a_date_out_of_nothing_are_noticed() -> None:
    day, later = datetime(2025, 7, 4, tzinfo=UTC), datetime(2025, 7, 5, tzinfo=UTC)
    before = {1: day, 2: day, 3: later, 4: None, 5: None}
    after = {1: later, 2: day, 3: day, 4: day, 5: None}
    assert proof._later(before, after) == [1, 4]


@pytest.fixture
def small_june(db: None) -> june.June:
    organisation.forget()
    made = june.load_june(now=hours.LONG_BEFORE, communes=3, procedures=20)
    staff.fill_desks(now=hours.AFTERNOON - timedelta(days=14))
    return made


def test_the_catalogue_of_june_counts_before_the_night(small_june: june.June) -> None:
    assert small_june.procedures == ProcedureVersion.objects.count() > 30
    for rows in (ProcedureVersion.objects, CompetenceRule.objects, ProcessBinding.objects):
        assert not rows.exclude(valid_from=hours.LONG_BEFORE).exists()
    standing = organisation.communes(hours.AFTERNOON.date())
    assert {commune.unit.id for commune in small_june.communes} == {unit.id for unit in standing}


def test_copies_lie_in_their_own_commune_with_codes_of_its_series(small_june: june.June) -> None:
    codes = {"xa": _codes("xa"), "tinh": _codes("tinh")}
    made = crowd.make_crowd(small_june, codes, dossiers=60, real=24, now=hours.AFTERNOON)
    assert Dossier.objects.count() == made.real + made.copied == 60
    homes = {commune.unit.id: commune for commune in small_june.communes}
    copied = Dossier.objects.filter(competent_agency_id__in=homes).exclude(
        competent_agency_id=small_june.communes[0].unit.id
    )
    assert copied.count() > 10
    for dossier in copied:
        home = homes[dossier.competent_agency_id]
        assert dossier.receiving_unit_id == home.centre.id
        assert dossier.code.startswith(f"{home.unit.agency_code}-2506")
        assert dossier.search_text.startswith(dossier.code.lower())
        own = {home.unit.id, *(part.id for part in home.parts.values())}
        for task in Task.objects.filter(run__dossier=dossier, status="open"):
            assert task.unit_id in own
    serials = Counter(dossier.code.rsplit("-", 1)[0] for dossier in Dossier.objects.all())
    for series, number in serials.items():
        assert Dossier.objects.filter(code=f"{series}-{number:04d}").exists(), "a series without holes"


def test_a_step_that_nobody_holds_is_named(small_june: june.June) -> None:
    crowd.make_crowd(small_june, {"xa": _codes("xa"), "tinh": []}, dossiers=20, real=12, now=hours.AFTERNOON)
    steps = Steps(lambda _line: None)
    proof.owners(steps)
    assert steps.failures == []
    task = Task.objects.filter(status="open").select_related("run")[0]
    Post.objects.filter(unit_id=task.unit_id, role=task.role).delete()
    touch()
    proof.owners(steps)
    assert len(steps.failures) == 1 and task.run.subject in steps.failures[0]


def _codes(level: str) -> list[str]:
    return [one.code for one in facts(hours.AFTERNOON) if one.levels == (level,) and one.code]
