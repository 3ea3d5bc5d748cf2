"""The matrix of competence: every procedure and unit has one decider or says why not, and what is wrong is named."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import queries
from motcua.catalogue.errors import NotReceivedHere
from motcua.catalogue.models import (
    CompetenceRule,
    Procedure,
    ProcedureSetting,
    ProcedureVersion,
    ProcessBinding,
)
from motcua.catalogue.rules.competence import (
    DECIDING_ONLY,
    PROVINCIAL_CENTRE,
)
from motcua.catalogue.rules.matrix import (
    Kind,
    ProblemKind,
)
from motcua.catalogue.snapshot import touch
from motcua.catalogue.tests.conftest import NOW
from motcua.catalogue.types_changes import SettingKey
from motcua.organisation import queries as organisation


@pytest.fixture
def changed(loaded: None, db: None) -> Iterator[dict[str, int]]:
    """Rules of every kind on real procedures, rolled back."""
    with transaction.atomic():
        ids = {code: queries.current_version(code, NOW).procedure_id for code in CODES}
        kept = {"valid_from": NOW - timedelta(days=30)}
        CompetenceRule.objects.create(
            procedure_id=ids["1.001193"], level="xa", deciding_function="police", source="thử", **kept
        )
        CompetenceRule.objects.create(
            procedure_id=ids["1.000656"], level="xa", reception=PROVINCIAL_CENTRE, source="thử", **kept
        )
        CompetenceRule.objects.create(
            procedure_id=ids["1.009645"],
            level="tinh",
            deciding_unit_id=organisation.unit_by_code("BQLCKCN").id,
            reception=DECIDING_ONLY,
            source="thử",
            **kept,
        )
        first, second = organisation.communes()[:2]
        for key, agency, value in (
            ("receiving", None, {"units": [first.code, second.code]}),
            ("returning", second.id, {"at": "deciding"}),
        ):
            ProcedureSetting.objects.create(
                procedure_id=ids["1.004873"], key=key, agency_id=agency, value=value, **kept
            )
        touch()
        yield ids
        transaction.set_rollback(True)
    queries.forget()


SAME = (
    "field_id",
    "definition",
    "digest",
    "online_level",
    "valid_from",
    "detailed",
    "search_text",
    "created_at",
)
CODES = ("1.001193", "1.000656", "1.009645", "1.004873", "1.003583", "2.001827", "1.013274", "1.115468")


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestInTheProvince:
    def test_every_pair_has_one_decider_or_says_not_here(self) -> None:
        queries.definition(queries.current_version("1.001193", NOW).id)
        started = time.process_time()
        with CaptureQueriesContext(connection) as asked:
            report = queries.matrix.check(NOW)
        assert time.process_time() - started < 30
        assert len(asked) <= 12
        assert report.procedures > 2_500 and report.units >= 99 + 15
        assert report.decided + report.not_here == report.pairs
        assert (report.holes, report.overlaps, report.undecided) == ((), (), 0)
        assert report.ok

    def test_the_matrix_says_what_competence_says(self, changed: dict[str, int]) -> None:
        versions = [queries.current_version(code, NOW) for code in CODES]
        sample = queries.listing("", at=NOW, limit=3_000).hits[::60]
        versions += [queries.version(hit.version_id) for hit in sample]
        rows = {row.topic.version_id: row for row in queries.matrix.rows_of([v.id for v in versions], NOW)}
        compared = Counter[str]()
        for version, column in product(versions, queries.matrix.columns(NOW)):
            unit = organisation.unit(column.id)
            if unit.code == "24":
                continue  # the committee itself has no centre of its own
            part = next(p for p in rows[version.id].parts if column in p.units)
            try:
                found = queries.competence(
                    version,
                    receiving_unit=organisation.centre_of(unit.id),
                    place_agency_id=None if column.is_commune else unit.id,
                    at=NOW,
                )
            except NotReceivedHere:
                assert part.cell.kind is not Kind.DECIDED or not part.cell.received_here, (version, unit)
                compared["refused"] += 1
                continue
            assert part.cell.kind is Kind.DECIDED and part.cell.received_here, (version, unit, part.cell)
            decider = part.cell.deciding_id or column.verticals.get(part.cell.deciding_function) or unit.id
            assert found.deciding_agency_id == decider
            assert found.level.value == part.cell.level
            compared["decided"] += 1
        assert compared["decided"] > 500 and compared["refused"] > 500

    def test_settings_decide_where_it_is_received_and_returned(self, changed: dict[str, int]) -> None:
        first, second, third = organisation.communes()[:3]
        version = queries.current_version("1.004873", NOW)
        with pytest.raises(NotReceivedHere, match="chỉ nhận tại"):
            queries.competence(version, receiving_unit=organisation.centre_of(third.id), at=NOW)
        found = queries.competence(
            version,
            receiving_unit=organisation.centre_of(first.id),
            place_agency_id=second.id,
            at=NOW,
        )
        assert found.returning_unit_id == organisation.centre_of(second.id).id
        own = queries.competence(version, receiving_unit=organisation.centre_of(first.id), at=NOW)
        assert own.returning_unit_id == organisation.centre_of(first.id).id
        before = NOW - timedelta(days=31)
        assert queries.competence(version, receiving_unit=organisation.centre_of(third.id), at=before)

    def test_an_agencys_setting_goes_before_everybodys_and_the_case_before_none(self) -> None:
        version = queries.current_version("1.000894", NOW)
        agency = organisation.communes()[0].id
        with transaction.atomic():
            for case_key, agency_id, form in (
                ("", None, "chung"),
                ("phai-xac-minh", None, "chung-xm"),
                ("", agency, "xa"),
                ("phai-xac-minh", agency, "xa-xm"),
            ):
                ProcedureSetting.objects.create(
                    procedure_id=version.procedure_id,
                    key="form",
                    case_key=case_key,
                    agency_id=agency_id,
                    value={"form": form},
                    valid_from=NOW - timedelta(days=1),
                    valid_to=NOW + timedelta(days=1),
                )
            touch()
            asked = [
                queries.setting(
                    version.procedure_id,
                    SettingKey.FORM,
                    agency_id=agency_id,
                    case_key=case,
                    at=NOW,
                )
                for agency_id in (None, agency)
                for case in ("", "phai-xac-minh")
            ]
            gone = queries.setting(version.procedure_id, SettingKey.FORM, at=NOW + timedelta(days=1))
            transaction.set_rollback(True)
        assert [found and found["form"] for found in asked] == ["chung", "chung-xm", "xa", "xa-xm"]
        assert gone is None

    def test_one_hole_and_one_overlap_are_named_and_the_command_fails(self) -> None:
        version = queries.current_version("1.009645", NOW)
        with transaction.atomic():
            row = ProcedureVersion.objects.get(pk=version.id)
            nowhere = Procedure.objects.create(code="9.999999")
            ProcedureVersion.objects.bulk_create(
                [
                    ProcedureVersion(
                        **{name: getattr(row, name) for name in SAME},
                        id=99,
                        procedure=nowhere,
                        number=1,
                        code="9.999999",
                        name="Thủ tục không ai nhận",
                        short_name="Không ai nhận",
                        levels=[],
                    )
                ]
            )
            bound = ProcessBinding.objects.filter(procedure_id=version.procedure_id, level="tinh").first()
            assert bound is not None
            other = ProcessBinding.objects.exclude(process_version_id=bound.process_version_id).first()
            assert other is not None
            ProcessBinding.objects.create(
                procedure_id=version.procedure_id,
                level="tinh",
                process_version_id=other.process_version_id,
                valid_from=NOW - timedelta(days=1),
                valid_to=NOW + timedelta(days=1),
                case_key=bound.case_key,
            )
            touch()
            report = queries.matrix.check(NOW)
            out = StringIO()
            with pytest.raises(SystemExit) as left:
                call_command("competence_check", "--at", "2026-11-23T10:00", "--json", stdout=out)
            transaction.set_rollback(True)
        queries.forget()
        assert [(hole.code, hole.kind, hole.everywhere) for hole in report.holes] == [
            ("9.999999", ProblemKind.NO_LEVEL, True)
        ]
        assert [(overlap.code, overlap.kind) for overlap in report.overlaps] == [
            ("1.009645", ProblemKind.TWO_PROCESSES)
        ]
        assert left.value.code == 1
        said = json.loads(out.getvalue())
        assert (said["ok"], len(said["holes"]), len(said["overlaps"])) == (False, 1, 1)
        assert queries.matrix.check(NOW).ok

    def test_the_command_ends_well_where_nothing_is_wrong(self) -> None:
        out = StringIO()
        call_command("competence_check", "--at", "2026-11-23T10:00:00+07:00", stdout=out)
        assert "0 lỗ hổng" in out.getvalue()

    def test_the_command_refuses_what_is_no_time(self) -> None:
        with pytest.raises(SystemExit) as left:
            call_command("competence_check", "--at", "hôm qua", stderr=StringIO())
        assert left.value.code == 2

    def test_a_unit_reads_what_it_does_and_does_not(self) -> None:
        commune = organisation.communes()[0]
        rows = queries.matrix.of_unit(commune.id, NOW)
        here = [row for row in rows if row.part.cell.decides_here]
        assert len(rows) > 2_500 and 200 < len(here) < 500
        assert all(row.part.units[0].id == commune.id for row in rows)
