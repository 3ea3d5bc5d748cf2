"""motcua import-procedures and import-processes: what is read, what is not, and the exit code."""

from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from motcua.catalogue import queries
from motcua.catalogue.models import ProcedureVersion, ProcessBinding
from motcua.catalogue.tests.conftest import NOW, compact_row, detailed_row
from motcua.catalogue.words import FINDINGS
from motcua.workflow.rules import source_tables

pytestmark = pytest.mark.django_db


def run(command: str, *args: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    out = io.StringIO()
    try:
        call_command(command, *args, stdout=out, stderr=out)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()


def write(path: Path, document: object) -> str:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_a_clean_file_is_loaded_with_exit_0(tmp_path: Path) -> None:
    code, said = run("import_procedures", write(tmp_path / "a.json", {"procedures": [detailed_row()]}))
    assert code == 0
    assert "a.json: 1 dòng, 1 bản mới" in said
    assert queries.current_version("9.000001", NOW).name == "Cấp giấy thử nghiệm"


def test_the_compact_format_and_gzip_are_read(tmp_path: Path) -> None:
    path = tmp_path / "b.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"rows": [compact_row()]}).encode()))
    code, said = run("import_procedures", str(path), "--json")
    answer = json.loads(said)
    assert (code, answer["created"], answer["source"]) == (0, 1, "b.json")


def test_broken_rows_are_named_and_the_others_loaded(tmp_path: Path) -> None:
    rows: list[Any] = [detailed_row(), {"code": "9.000005", "level": ["xa"]}, "x"]
    code, said = run("import_procedures", write(tmp_path / "c.json", {"procedures": rows}), "--json")
    answer = json.loads(said)
    assert code == 1
    assert (answer["ok"], answer["created"], answer["refused"]) == (False, 1, 2)
    refused = [finding for finding in answer["findings"] if finding["kind"] == "row_refused"]
    assert [finding["code"] for finding in refused] == ["9.000005", ""]
    assert ProcedureVersion.objects.count() == 1


@pytest.mark.parametrize("text", ["{", "[]", "{}", "3", '"x"', "<html>", '{"procedures": 5}', ""])
def test_files_that_are_no_such_document_leave_with_1(tmp_path: Path, text: str) -> None:
    path = tmp_path / "d.json"
    path.write_text(text, encoding="utf-8")
    code, said = run("import_procedures", str(path))
    assert code == 1
    assert said.strip()
    assert run("import_processes", str(path))[0] == 1
    assert ProcedureVersion.objects.count() == 0


def test_bytes_that_are_no_text_leave_with_1(tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    assert run("import_procedures", str(path))[0] == 1


@pytest.mark.parametrize("command", ["import_procedures", "import_processes"])
def test_files_that_cannot_be_opened_leave_with_2(tmp_path: Path, command: str) -> None:
    assert run(command, str(tmp_path / "none.json"))[0] == 2
    assert run(command, str(tmp_path))[0] == 2
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(b"{}" * 500)[:20])
    assert run(command, str(cut), "--json")[0] == 2


def test_processes_are_published_and_bound(tmp_path: Path) -> None:
    row = detailed_row(cases=["không xác minh", "xác minh"])
    row["time_limit"] = {
        "value": 3,
        "unit": "working_day",
        "counts_from": "từ khi tiếp nhận",
        "branches": [{"when": "phải xác minh", "value": 9, "unit": "working_day"}],
    }
    run("import_procedures", write(tmp_path / "p.json", {"procedures": [row]}))
    processes = [process("thu-0", "không phải xác minh", 3), process("thu-1", "có xác minh", 9)]
    lost = {**process("thu-2", None, 3), "procedure_codes": ["9.999999"]}
    code, said = run(
        "import_processes", write(tmp_path / "q.json", {"processes": [*processes, lost]}), "--json"
    )
    answer = json.loads(said)
    assert code == 0, said
    assert answer["kinds"]["no_procedure"] == 1
    bound = {b.case_key: b.process_key for b in ProcessBinding.objects.filter(procedure__isnull=False)}
    assert bound == {"": "thu-0", "khong-xac-minh": "thu-0", "xac-minh": "thu-1"}


def test_a_process_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    document = {"processes": [process("thu-0", None, 3), {"id": "hong"}]}
    code, said = run("import_processes", write(tmp_path / "r.json", document))
    assert code == 1
    assert "hong" in said


@pytest.mark.parametrize("document", [[], {"processes": []}])
def test_a_file_without_processes_is_a_problem(tmp_path: Path, document: object) -> None:
    code, said = run("import_processes", write(tmp_path / "t.json", document))
    assert (code, said.strip()) == (1, "Tệp không có quy trình nào.")


def test_each_broken_process_is_told_once_and_only_the_file_is_counted(tmp_path: Path) -> None:
    run("import_procedures", write(tmp_path / "p.json", {"procedures": [detailed_row()]}))
    good = process("thu-0", None, 3)
    assert run("import_processes", write(tmp_path / "u.json", [good, good | {"id": "thu-1"}]))[0] == 0
    code, said = run("import_processes", write(tmp_path / "v.json", {"processes": [{"id": "hong"}]}))
    assert code == 1
    assert said.startswith("v.json: 1 dòng, 0 bản mới, 0 không đổi, 1 không nạp được, 1 điều cần xem")
    assert said.count("không có bước nào đọc được") == 1


def process(key: str, branch: str | None, days: int) -> dict[str, Any]:
    def step(order: int, name: str, role: str, time: float) -> dict[str, Any]:
        return {
            "order": order,
            "name": name,
            "role": name,
            "role_key": role,
            "time": time,
            "unit": "working_day",
        }

    return {
        "id": key,
        "title": f"Thử {key}",
        "procedure_codes": ["9.000001"],
        "reference": "QT 1",
        "issuer": "UBND tỉnh Bắc Ninh",
        "issued": "2025-07-07",
        "level": "xa",
        "branch": branch,
        "limit": {"value": days, "unit": "working_day"},
        "steps": [
            step(1, "Tiếp nhận hồ sơ", "one_stop_officer", 1),
            step(2, "Thẩm định", "specialist", days - 2),
            step(3, "Ký duyệt", "leader", 1),
            step(4, "Trả kết quả", "one_stop_officer", 0),
        ],
        "is_real": True,
        "confidence": "high",
        "notes": [],
    }


def test_characters_no_database_keeps_do_no_harm(tmp_path: Path) -> None:
    row = detailed_row(
        name="Cấp\u0000 giấy \ud800", confidence={"\ud800": "\u0000"}, **{"l\u0000a": "\u0000"}
    )
    row["portal_channels_raw"] = [{"channel": "online", "value": "\u0000\ud800", "unit": "\u0000"}]
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"procedures": [row]}), encoding="utf-8")
    assert run("import_procedures", str(path))[0] == 0
    assert queries.findings(kind="unknown_key").total == 1


def test_a_process_with_a_role_nobody_can_hold_is_refused_and_so_is_the_second_of_one_code(
    tmp_path: Path,
) -> None:
    step = {"name": "Tiếp nhận", "role": "TTPVHCC", "role_key": "one_stop_officer"}
    good = {
        "id": "thu-1", "title": "Thử", "level": "xa", "is_real": True,
        "steps": [{**step, "order": 1}, {**step, "order": 2, "name": "Trả kết quả"}],
    }  # fmt: skip
    king = {**good, "id": "thu-2", "steps": [{**step, "order": 1, "role_key": "king"}]}
    code, said = run(
        "import_processes", write(tmp_path / "k.json", {"processes": [good, king, good]}), "--json"
    )
    answer = json.loads(said)
    assert (code, answer["refused"]) == (1, 2)
    reasons = {f["field"]: f["message"] for f in answer["findings"] if f["kind"] == "row_refused"}
    assert "king" in reasons["thu-2"]
    assert "đã dùng ở trên" in reasons["thu-1"]


def test_every_kind_of_remark_on_a_process_has_words() -> None:
    sources = Path(source_tables.__file__).parent.glob("source_*.py")
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    kinds = set(re.findall(r'(?:add|remark)\(\s*"(?:error|warning|info)",\s*"([a-z_]+)"', text))
    assert len(kinds) > 15
    assert kinds <= set(FINDINGS)


def test_a_process_with_wrong_values_everywhere_is_reported_and_never_a_traceback(tmp_path: Path) -> None:
    step = {"order": {}, "name": "Tiếp nhận", "role": "TTPVHCC", "role_key": "one_stop_officer", "time": 1}
    row = {
        "id": "thu-1", "title": "Thử", "level": "huyện", "steps": [step, {**step, "counted_in_limit": "Không"}],
        "limit": {"value": 2, "unit": "working_day", "note": "x"}, "sum_of_counted_steps": {},
        "sum_equals_limit": "có", "is_real": "Không",
    }  # fmt: skip
    code, said = run("import_processes", write(tmp_path / "w.json", {"processes": [row]}), "--json")
    answer = json.loads(said)
    assert code in (0, 1)
    assert {"order_unclear", "unit_assumed", "bad_value", "unknown_level", "unknown_key"} <= set(
        answer["kinds"]
    )
