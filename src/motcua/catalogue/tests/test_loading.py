"""Loading, versions that never change, codes in time, processes bound to cases."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import NoProcess, UnknownProcedure
from motcua.catalogue.models import Immutable, Procedure, ProcedureVersion, ProcessBinding
from motcua.catalogue.snapshot import current
from motcua.catalogue.tests.conftest import NOW, SYSTEM, compact_row, detailed_row
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.workflow import queries as workflow

LATER = NOW.replace(month=12)


@pytest.mark.django_db
class TestImporting:
    def test_a_document_read_again_changes_nothing(self) -> None:
        document = {"procedures": [detailed_row(), detailed_row(code=None, name="Chưa có mã")]}
        first = actions.import_procedures(actor=SYSTEM, document=document, now=NOW)
        again = actions.import_procedures(actor=SYSTEM, document=document, now=LATER)
        assert (first.created, again.created, again.unchanged) == (2, 0, 2)
        assert ProcedureVersion.objects.count() == 2
        assert queries.findings().total == len(again.findings)

    def test_changed_content_becomes_the_next_version_and_ends_the_last(self) -> None:
        actions.import_procedures(actor=SYSTEM, document={"procedures": [detailed_row()]}, now=NOW)
        before = queries.current_version("9.000001", NOW)
        changed = detailed_row(short_name="Tên khác")
        actions.import_procedures(actor=SYSTEM, document={"procedures": [changed]}, now=LATER)
        after = queries.current_version("9.000001", LATER)
        assert (before.number, after.number) == (1, 2)
        assert queries.current_version("9.000001", NOW).id == before.id
        assert queries.definition(before.id).short_name == "Giấy thử nghiệm"
        assert [version.number for version in queries.versions_of("9.000001")] == [1, 2]

    def test_a_compact_row_never_replaces_detailed_content(self) -> None:
        actions.import_procedures(actor=SYSTEM, document={"procedures": [detailed_row()]}, now=NOW)
        report = actions.import_procedures(
            actor=SYSTEM, document={"rows": [compact_row(code="9.000001")]}, now=LATER
        )
        assert report.created == 0
        assert [finding.kind for finding in report.findings][-1] == "already_detailed"
        assert queries.current_version("9.000001", LATER).detailed

    def test_a_renumbered_procedure_stays_one_procedure(self) -> None:
        actions.import_procedures(
            actor=SYSTEM, document={"procedures": [detailed_row(bacninh_code="9.500001")]}, now=NOW
        )
        old = queries.current_version("9.000001", NOW)
        renumbered = detailed_row(code="9.500001", name="Cấp giấy thử nghiệm (mới)")
        actions.import_procedures(actor=SYSTEM, document={"procedures": [renumbered]}, now=LATER)
        new = queries.current_version("9.500001", LATER)
        assert new.procedure_id == old.procedure_id
        assert (old.code, new.code) == ("9.000001", "9.500001")
        assert queries.versions_of("9.000001")[-1].id == new.id

    def test_good_rows_are_loaded_beside_broken_ones(self) -> None:
        report = actions.import_procedures(
            actor=SYSTEM, document={"procedures": [detailed_row(), {"code": "9.000003"}, 7]}, now=NOW
        )
        assert (report.rows, report.created, report.refused) == (3, 1, 2)
        assert not report.clean

    def test_strangers_may_not_import(self) -> None:
        with pytest.raises(NotAllowed):
            actions.import_procedures(actor=Actor.anonymous(), document={"procedures": []}, now=NOW)

    def test_a_picture_of_rolled_back_content_is_not_kept(self) -> None:
        queries.listing(at=NOW)
        with transaction.atomic():
            actions.import_procedures(actor=SYSTEM, document={"procedures": [detailed_row()]}, now=NOW)
            assert queries.current_version("9.000001", NOW)
            transaction.set_rollback(True)
        with pytest.raises(UnknownProcedure):
            queries.current_version("9.000001", NOW)


@pytest.mark.django_db
class TestVersionsNeverChange:
    @pytest.fixture
    def version(self) -> ProcedureVersion:
        actions.import_procedures(actor=SYSTEM, document={"procedures": [detailed_row()]}, now=NOW)
        return ProcedureVersion.objects.get()

    def test_not_through_the_model(self, version: ProcedureVersion) -> None:
        version.name = "khác"
        with pytest.raises(Immutable):
            version.save()
        with pytest.raises(Immutable):
            version.delete()
        with pytest.raises(Immutable):
            ProcedureVersion.objects.update(name="khác")
        with pytest.raises(Immutable):
            ProcedureVersion.objects.all().delete()

    def test_not_through_sql(self, version: ProcedureVersion) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE catalogue_procedureversion SET name = %s", ["khác"])
        assert ProcedureVersion.objects.get().name == version.name

    def test_only_its_end_may_be_set(self, version: ProcedureVersion) -> None:
        assert ProcedureVersion.objects.update(valid_to=LATER) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestTheCarriedCatalogue:
    def test_everything_is_there(self, loaded: actions.LoadReport) -> None:
        assert (loaded.detailed.created, loaded.compact.created) == (128, 2550)
        assert loaded.processes.refused == 0
        assert Procedure.objects.count() == 2678

    def test_loading_again_changes_nothing(self) -> None:
        again = actions.load_catalogue(actor=SYSTEM, now=LATER)
        assert (again.detailed.created, again.compact.created, again.processes.created) == (0, 0, 0)
        assert again.competence_rules == 0

    @pytest.mark.parametrize(
        ("code", "case_key", "level", "process"),
        [
            ("1.001193", "", "xa", "ct-qt01-khaisinh"),
            ("1.004873", "khong-phai-xac-minh", "xa", "ct-qt33-tthn-0"),
            ("1.004873", "phai-xac-minh", "xa", "ct-qt33-tthn-1"),
            ("1.004873", "cap-lai", "xa", "ct-qt33-tthn-0"),
            ("1.004859", "bo-sung-thong-tin", "xa", "ct-qt25-caichinh-bs"),
            ("1.009646", "theo-ban-an-quyet-dinh-cua-toa-an-trong-tai", "tinh", "bn-1582-2b"),
            ("1.013831", "chuyen-nhuong", "tinh", "dt-30-1"),
            ("1.013831", "cho-thue-cho-thue-lai", "tinh", "dt-30-2"),
            ("1.013831", "xa-kho-khan", "tinh", "dt-30-1"),
            ("1.012784", "", "tinh", "dt-16"),
            ("1.000894", "phai-xac-minh", "xa", "chung-xa"),
            ("1.014027", "", "xa", "chung-xa"),
            ("1.014199", "", "tinh", "chung-tinh"),
        ],
    )
    def test_process_of_a_case(self, code: str, case_key: str, level: str, process: str) -> None:
        procedure_id = queries.current_version(code, NOW).procedure_id
        version_id = queries.process_for(procedure_id, case_key, level, at=NOW)
        assert workflow.process(version_id).key == process

    def test_a_codeless_procedure_is_bound_by_its_title(self) -> None:
        found = queries.search("thi công nút giao", at=NOW)[0]
        assert (
            workflow.process(queries.process_for(found.procedure_id, "", "xa", at=NOW)).key == "bn-1521-nut2"
        )

    def test_tables_longer_than_their_limit_are_never_bound(self) -> None:
        keys = set(ProcessBinding.objects.values_list("process_key", flat=True))
        assert not {"qn-capdoi-dongloat", "qn-dinhchinh", "qn-tachthua", "qn-caplai"} & keys

    def test_an_unknown_level_has_no_process(self) -> None:
        with pytest.raises(NoProcess):
            queries.process_for(1, "", "bo", at=NOW)

    def test_everything_on_offer_has_a_process(self) -> None:
        snapshot = current()
        for entry in snapshot.entries.values():
            for level in snapshot.offered(entry, NOW):
                assert queries.process_for(entry.procedure_id, "", level, at=NOW)

    def test_pinning_asks_the_database_nothing_once_warm(self) -> None:
        version = queries.current_version("1.001193", NOW)
        queries.definition(version.id)
        with CaptureQueriesContext(connection) as asked:
            again = queries.current_version("1.001193", NOW)
            queries.definition(again.id)
            queries.process_for(again.procedure_id, "", "xa", at=NOW)
        assert len(asked) == 0

    def test_abolished_procedures_are_unknown_from_their_day(self) -> None:
        with pytest.raises(UnknownProcedure):
            queries.current_version("2.002481", NOW)
        assert not queries.page("2.002481", NOW).in_force

    @pytest.mark.parametrize("code", ["", "9", "123456", "x", "1.999999", "'", "1.001193.H99.x"])
    def test_unknown_codes_are_not_found(self, code: str) -> None:
        with pytest.raises(UnknownProcedure):
            queries.current_version(code, NOW)
