"""The catalogue at an instant: before, after, what comes, and what was known when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import queries
from motcua.catalogue.errors import NoProcess, UnknownProcedure
from motcua.catalogue.models import (
    ChangeSet,
    CompetenceRule,
    ProcedureVersion,
    ProcessBinding,
    VersionPeriod,
)
from motcua.catalogue.rules.differences import moment_words, plain_differences
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types import FeeLine, Level, Paper, ProcedureCase
from motcua.dossiers.tests import factories as f
from motcua.kernel.clock import VN

MIDNIGHT = datetime(2026, 7, 1, tzinfo=VN)
SECOND = timedelta(seconds=1)
YESTERDAY, TODAY = MIDNIGHT - SECOND, MIDNIGHT


@pytest.fixture
def old(db: None) -> ProcedureVersion:
    f.make_province()
    return f.make_procedure()


@pytest.fixture
def new(old: ProcedureVersion) -> ProcedureVersion:
    """From midnight: another name, three days, decided by a department."""
    return f.amend(
        old,
        MIDNIGHT,
        known=f.MONDAY,
        name="Tên mới của thủ tục",
        short_name="Tên mới",
        limit=f.limit_of(3),
        levels=(Level.COMMUNE, Level.PROVINCE),
    )


def test_a_second_before_midnight_gives_the_old_page_and_midnight_the_new(
    old: ProcedureVersion, new: ProcedureVersion
) -> None:
    for at, expected in ((YESTERDAY, old), (TODAY, new)):
        assert queries.current_version(old.code, at).id == expected.pk
        assert queries.page(old.code, at).info.id == expected.pk
        assert [hit.version_id for hit in queries.search(old.code, at=at)] == [expected.pk]
        assert [hit.version_id for hit in queries.listing(at=at).hits] == [expected.pk]
        assert [hit.version_id for hit in queries.search("", receiving_unit_id=1, at=at)] == [expected.pk]
    assert queries.search("tên mới", at=YESTERDAY) == []
    assert queries.fields(at=f.BEGINNING - SECOND) == []


def test_reading_any_instant_costs_no_statement_once_warm(
    old: ProcedureVersion, new: ProcedureVersion
) -> None:
    queries.coming_changes(old.procedure_id, YESTERDAY)
    with CaptureQueriesContext(connection) as asked:
        for at in (f.BEGINNING, YESTERDAY, TODAY, TODAY + timedelta(days=900)):
            version = queries.current_version(old.procedure_id, at)
            queries.process_for(version.procedure_id, "", "xa", at=at)
            queries.search("tên", at=at)
            queries.coming_changes(version.procedure_id, at)
    assert len(asked) == 0


def test_processes_and_rules_change_at_their_instant(old: ProcedureVersion) -> None:
    bound = ProcessBinding.objects.get(procedure_id=old.procedure_id)
    ProcessBinding.objects.filter(pk=bound.pk).update(valid_to=MIDNIGHT)
    other = f.publish(f.process_definition(key="moi"))
    ProcessBinding.objects.create(
        procedure_id=old.procedure_id, level="xa", process_version=other, valid_from=MIDNIGHT
    )
    CompetenceRule.objects.create(
        procedure_id=old.procedure_id, level="xa", reception="not_here", source="thử", valid_from=MIDNIGHT
    )
    touch()
    assert queries.process_for(old.procedure_id, "", "xa", at=YESTERDAY) == bound.process_version_id
    assert queries.process_for(old.procedure_id, "", "xa", at=TODAY) == other.pk
    with pytest.raises(NoProcess):
        queries.process_for(old.procedure_id, "", "xa", at=f.BEGINNING - SECOND)
    assert queries.page(old.code, YESTERDAY).received_here
    assert not queries.page(old.code, TODAY).received_here
    [coming] = queries.coming_changes(old.procedure_id, YESTERDAY)
    assert coming.sentence.source() == "Từ 01/07/2026: nơi tiếp nhận hoặc giải quyết thay đổi."
    assert queries.coming_changes(old.procedure_id, TODAY) == ()


def test_a_rule_or_a_process_that_only_ends_is_coming_too(old: ProcedureVersion) -> None:
    CompetenceRule.objects.create(
        procedure_id=old.procedure_id, level="xa", source="thử", valid_from=f.BEGINNING, valid_to=MIDNIGHT
    )
    later = MIDNIGHT + timedelta(days=1)
    ProcessBinding.objects.filter(procedure_id=old.procedure_id).update(valid_to=later)
    touch()
    coming = queries.coming_changes(old.procedure_id, YESTERDAY)
    assert [(change.at, change.kind) for change in coming] == [(MIDNIGHT, "competence"), (later, "process")]


def test_what_comes_is_said_in_plain_words(old: ProcedureVersion, new: ProcedureVersion) -> None:
    [coming] = queries.coming_changes(old.procedure_id, YESTERDAY)
    assert (coming.at, coming.kind, coming.version_id) == (MIDNIGHT, "version", new.pk)
    assert "Từ 01/07/2026: thời hạn 3 ngày làm việc (trước: 5 ngày làm việc)" in coming.sentence.source()


def test_an_end_without_a_successor_is_coming_too(old: ProcedureVersion) -> None:
    f.end(old, MIDNIGHT)
    [coming] = queries.coming_changes(old.procedure_id, YESTERDAY)
    assert coming.kind == "end" and "hết hiệu lực" in coming.text.source()


def test_a_withdrawn_version_never_stood_but_can_be_named(
    old: ProcedureVersion, new: ProcedureVersion
) -> None:
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=None)
    ProcedureVersion.objects.filter(pk=new.pk).update(withdrawn_at=MIDNIGHT + timedelta(days=1))
    touch()
    assert queries.current_version(old.code, TODAY).id == old.pk
    assert [v.id for v in queries.versions_of(old.code)] == [old.pk]
    assert queries.version(new.pk).number == 2


def test_rows_that_overlap_are_read_as_one_after_the_other(
    old: ProcedureVersion, new: ProcedureVersion
) -> None:
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=MIDNIGHT + timedelta(days=9))
    touch()
    assert [hit.version_id for hit in queries.listing(at=TODAY).hits] == [new.pk]
    [problem] = queries.matrix.check(TODAY).overlaps
    assert problem.kind == "two_versions" and problem.code == old.code


def test_the_code_of_before_leads_to_the_procedure_of_now(old: ProcedureVersion) -> None:
    new = f.amend(old, MIDNIGHT, code="1.999777")
    assert queries.current_version(old.code, TODAY).id == new.pk
    assert queries.current_version("1.999777", YESTERDAY).id == old.pk


def record(
    version: ProcedureVersion,
    starts: datetime,
    ends: datetime | None,
    known: tuple[datetime, datetime | None],
    change_set: ChangeSet | None = None,
) -> None:
    VersionPeriod.objects.create(
        version=version,
        procedure_id=version.procedure_id,
        valid_from=starts,
        valid_to=ends,
        known_from=known[0],
        known_to=known[1],
        change_set=change_set,
    )


def decision(signed: date | None) -> ChangeSet:
    return ChangeSet.objects.create(
        number="1489/QĐ-UBND", kind="publish", signed_on=signed, drafted_by_name="Thử", drafted_at=MIDNIGHT
    )


LATE = MIDNIGHT + timedelta(days=2)


@pytest.fixture
def recorded(old: ProcedureVersion, new: ProcedureVersion) -> tuple[ProcedureVersion, ProcedureVersion]:
    """The decision became known two days after it took effect."""
    made = decision(date(2026, 7, 3))
    record(old, f.BEGINNING, None, (f.BEGINNING, LATE))
    record(old, f.BEGINNING, MIDNIGHT, (LATE, None), made)
    record(new, MIDNIGHT, None, (LATE, None), made)
    return old, new


def test_yesterdays_answer_is_given_again(recorded: tuple[ProcedureVersion, ProcedureVersion]) -> None:
    old, new = recorded
    at = MIDNIGHT + timedelta(days=1)
    before = queries.known_at(old.code, at=at, known_at=LATE - SECOND)
    after = queries.known_at(old.code, at=at, known_at=LATE)
    assert (before.info.id, before.info.valid_to, before.mark) == (old.pk, None, None)
    assert after.info.id == new.pk and after.is_retroactive
    assert after.mark is not None
    assert after.mark.source() == "Công bố ngày 03/07/2026, có hiệu lực từ 01/07/2026"
    with pytest.raises(UnknownProcedure):
        queries.known_at(old.code, at=at, known_at=f.BEGINNING - SECOND)


def test_the_decision_that_ended_a_version_is_not_the_one_that_began_it(
    recorded: tuple[ProcedureVersion, ProcedureVersion],
) -> None:
    rows = queries.history(recorded[0].code, known_at=LATE)
    assert [(row.known.decision, row.known.mark is None) for row in rows if row.known] == [
        ("1489/QĐ-UBND", False),
        ("", True),
    ]


def test_a_decision_signed_in_time_but_entered_late_is_marked_so(old: ProcedureVersion) -> None:
    new = f.amend(old, MIDNIGHT, limit=f.limit_of(3))
    record(new, MIDNIGHT, None, (LATE, None), decision(date(2026, 6, 20)))
    known = queries.known_at(new.code, at=LATE, known_at=LATE)
    assert known.is_late and not known.is_retroactive and known.mark is not None
    assert known.mark.source() == "Nhập vào hệ thống ngày 03/07/2026, có hiệu lực từ 01/07/2026"


def test_without_rows_the_day_a_version_was_written_counts(
    old: ProcedureVersion, new: ProcedureVersion
) -> None:
    at = MIDNIGHT + timedelta(days=1)
    assert queries.known_at(old.code, at=at, known_at=f.MONDAY - SECOND).info.id == old.pk
    assert queries.known_at(old.code, at=at, known_at=f.MONDAY).info.id == new.pk


def test_the_history_lists_versions_and_gaps(old: ProcedureVersion, new: ProcedureVersion) -> None:
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=MIDNIGHT - timedelta(days=3))
    touch()
    queries.current_version(old.code, TODAY)
    with CaptureQueriesContext(connection) as asked:
        rows = queries.history(old.code, known_at=TODAY + timedelta(days=300))
    assert len(asked) <= 2
    assert [row.known and row.known.info.number for row in rows] == [2, None, 1]
    assert (rows[1].starts, rows[1].ends) == (MIDNIGHT - timedelta(days=3), MIDNIGHT)
    [gap] = queries.matrix.check(TODAY).gaps
    assert gap.code == old.code


BASE = f.procedure_definition()
FEE = FeeLine("a", "phí", "Phí thẩm định", 100_000, "hồ sơ")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {"limit": f.limit_of(7)}, "thời hạn 7 ngày làm việc (trước: 5 ngày làm việc)"),
        ({"fees": (FEE,)}, {"fees": ()}, "không còn thu Phí thẩm định"),
        ({}, {"fees": (FEE,)}, "thêm khoản thu Phí thẩm định: 100.000 đồng/hồ sơ"),
        (
            {"fees": (FEE,)},
            {"fees": (FeeLine("b", "phí", "Phí thẩm định", 0, "hồ sơ"),)},
            "Phí thẩm định: miễn (trước: 100.000 đồng/hồ sơ)",
        ),
        ({}, {"papers": BASE.papers[:2]}, "bỏ giấy tờ: Căn cước của người yêu cầu"),
        (
            {},
            {"papers": (*BASE.papers, Paper("x", "Ảnh", 1, 0, "submit", "always"))},
            "thêm giấy tờ: Ảnh",
        ),
        ({}, {"cases": (*BASE.cases, ProcedureCase("moi", "Ở nước ngoài"))}, "thêm trường hợp: Ở nước ngoài"),
        ({}, {"levels": (Level.PROVINCE,)}, "nơi giải quyết: cấp tỉnh"),
        ({}, {"code": "1.888888"}, "mã mới 1.888888"),
    ],
)
def test_a_difference_in_the_words_of_the_counter(
    before: dict[str, object], after: dict[str, object], said: str
) -> None:
    code = {"code": BASE.code}
    one = f.procedure_definition(**{**code, **before})
    other = f.procedure_definition(**{**code, **after})
    assert said in [found.text.source() for found in plain_differences(one, other)]
    assert plain_differences(one, one) == ()


def test_an_instant_in_words() -> None:
    assert moment_words(MIDNIGHT) == "01/07/2026"
    assert moment_words(MIDNIGHT + timedelta(hours=8, minutes=5)) == "08:05 ngày 01/07/2026"
