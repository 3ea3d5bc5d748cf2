"""The screens of successions and staff lists, and what is found by old names: who gets them, what they say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from motcua.kernel.accounts.models import User
from motcua.organisation import actions, carried, queries
from motcua.organisation.models import Post, Succession, Unit
from motcua.organisation.office_files import succession_file
from motcua.organisation.tests.factories import NOW, SYSTEM, person, post
from motcua.organisation.tests.test_pages import signed_in, text_of
from motcua.organisation.tests.test_staff_list import AN, BINH, row, sheet
from motcua.organisation.types import Role, UnitKind

pytestmark = pytest.mark.django_db
REAL = Path(carried.path_of("succession_2025.json"))


@pytest.fixture(autouse=True)
def _monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def controller(province: actions.LoadReport) -> Client:
    """A procedure controller of the provincial office: the province's own hand."""
    user = person("kiem-soat", "Kiểm Thị Soát")
    post(user, "VPUBND.KSTTHC", Role.PROCEDURE_CONTROLLER)
    return signed_in(user.username)


@pytest.fixture
def it_admin(province: actions.LoadReport) -> Client:
    user = person("quan-tri", "Quản Thị Trị")
    post(user, "09187.VP", Role.IT_ADMIN, title="Công chức")
    return signed_in(user.username)


@pytest.fixture
def real(province: actions.LoadReport) -> actions.SuccessionReport:
    """The succession of 1 July 2025, as carried."""
    file = succession_file(REAL.read_bytes(), name=REAL.name)
    return actions.succeed(actor=SYSTEM, file=file, now=NOW)


def upload(data: bytes, name: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


# --- the real succession ----------------------------------------------------------------------------------


def test_the_real_succession_records_two_provinces_their_districts_and_313_communes(
    real: actions.SuccessionReport,
) -> None:
    assert (real.units_recorded, real.units_created, real.problems) == (2 + 18 + 313, 0, [])
    old = Unit.objects.filter(code__startswith="CU.")
    assert set(old.values_list("ends_on", flat=True)) == {date(2025, 6, 30)}
    assert old.filter(kind="commune").count() == 313
    assert len(queries.communes()) == 99
    assert len(queries.communes(on=date(2025, 6, 30))) == 313
    assert len(queries.communes(on=date(2025, 7, 1))) == 99


def test_every_named_predecessor_of_the_99_leads_to_its_commune(real: actions.SuccessionReport) -> None:
    for commune in queries.communes():
        named = {
            text.partition(" (")[0].lower() for text in commune.predecessors if not text.startswith("khu vực")
        }
        origins = [o for o in queries.predecessors(commune.id) if o.unit.kind == UnitKind.COMMUNE]
        assert {origin.unit.name.lower() for origin in origins} == named
        for origin in origins:
            assert [after.unit for after in queries.successors(origin.unit.id)] == [commune]
            assert queries.keeper_of(origin.unit.id) == commune.id


@pytest.mark.parametrize(
    ("words", "now_part_of"),
    [
        ("xã Đồng Tiến huyện Yên Thế", "07246"),
        ("xa dong tien, huyen hiep hoa", "07822"),
        ("phường Suối Hoa", "09187"),
        ("thi tran Lim", "09319"),
    ],
)
def test_an_old_commune_is_found_by_its_old_name(
    real: actions.SuccessionReport, words: str, now_part_of: str
) -> None:
    old = [unit for unit in queries.search_units(words, former=True) if unit.is_former]
    assert [after.unit.code for after in queries.successors(old[0].id)] == [now_part_of]
    assert all(not unit.is_former for unit in queries.search_units(words))


def test_of_two_communes_of_one_name_none_is_chosen(
    real: actions.SuccessionReport,
) -> None:
    """Case U02: "xã Đồng Tiến" was in two districts; both are offered by their full names, each leads elsewhere."""
    found = queries.search_units("UBND xã Đồng Tiến", former=True)
    both = [unit for unit in found if unit.is_former and unit.name == "Xã Đồng Tiến"]
    assert sorted(unit.full_name for unit in both) == [
        "Ủy ban nhân dân xã Đồng Tiến, huyện Hiệp Hòa, tỉnh Bắc Giang",
        "Ủy ban nhân dân xã Đồng Tiến, huyện Yên Thế, tỉnh Bắc Giang",
    ]
    today = {queries.successors(unit.id)[0].unit.name for unit in both}
    assert today == {"Xã Xuân Lương", "Xã Hoàng Vân"}


def test_every_old_name_with_and_without_accents_finds_its_unit(real: actions.SuccessionReport) -> None:
    from motcua.kernel.text import fold

    for unit in [each for each in queries.units().values() if each.is_former]:
        for words in (unit.full_name, fold(unit.full_name), unit.code):
            assert unit in queries.search_units(words, former=True), words


def test_the_old_provinces_are_found_by_their_codes(real: actions.SuccessionReport) -> None:
    assert queries.unit_by_code("H02").name == "Tỉnh Bắc Giang"
    assert queries.unit_by_code("h05").code == "24"
    assert [after.unit.code for after in queries.successors(queries.unit_by_code("H02").id)] == ["24"]


def test_old_units_are_in_no_list_of_today_but_on_the_pages_of_their_names(
    it_admin: Client, real: actions.SuccessionReport
) -> None:
    assert not any(unit.is_former for unit in queries.agencies())
    assert not any(unit.is_former for unit in queries.reception_points())
    assert queries.province().code == "24"
    assert "CU.BG" not in text_of(it_admin.get("/to-chuc/"))
    found = text_of(it_admin.get("/to-chuc/?q=Suối Hoa"))
    assert "CU.BN.TPBN.P.SUOIHOA" in found and "kết thúc 30/06/2025" in found
    page = text_of(it_admin.get("/to-chuc/09187/"))
    assert "Hình thành từ" in page and "/to-chuc/CU.BN.TPBN.P.SUOIHOA/" in page
    old = text_of(it_admin.get("/to-chuc/CU.BN.TPBN.P.SUOIHOA/"))
    assert "Đơn vị kế thừa" in old and "/to-chuc/09187/" in old and "Thêm vị trí" not in old


def test_an_ended_units_calendar_is_the_provinces(real: actions.SuccessionReport) -> None:
    old, province = queries.unit_by_code("CU.BG.YENTHE"), queries.province()
    assert queries.calendar_for(old.id).weekly == queries.calendar_for(province.id).weekly


def test_the_unit_page_takes_no_more_statements_with_history(
    it_admin: Client, real: actions.SuccessionReport, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    it_admin.get("/to-chuc/09187/")
    with django_assert_max_num_queries(8):
        it_admin.get("/to-chuc/09187/")


def test_the_command_rehearses_applies_once_and_can_be_undone(
    province: actions.LoadReport, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("succession", str(REAL), "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["units_recorded"]) == ("rehearsed", 333)
    assert not Unit.objects.filter(code="CU.BG").exists()
    call_command("succession", str(REAL))
    assert "333 recorded" in capsys.readouterr().out
    call_command("succession", str(REAL), "--json")
    assert json.loads(capsys.readouterr().out)["state"] == "unchanged"
    call_command("succession", str(REAL), "--undo", "--json")
    assert json.loads(capsys.readouterr().out)["state"] == "undone"


def test_the_command_tells_wrong_lines_and_leaves_with_one(
    province: actions.LoadReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(REAL.read_text(encoding="utf-8"))
    data["lines"][3]["successor"] = "99999"
    path = tmp_path / "sai.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        call_command("succession", str(path), "--json")
    assert left.value.code == 1
    assert "lines[3]" in capsys.readouterr().out
    assert not Succession.objects.exists() and not Unit.objects.filter(code="CU.BG").exists()


# --- one decision on the screens --------------------------------------------------------------------------


def example_now() -> bytes:
    """The carried example, in force since today."""
    data = json.loads(carried.path_of("succession_example.json").read_text(encoding="utf-8"))
    return json.dumps({**data, "effective_on": "2026-11-23"}).encode()


def test_a_decision_is_loaded_rehearsed_carried_out_and_undone(controller: Client) -> None:
    post(person("chuyen-vien"), "09466.KT", Role.SPECIALIST)
    answer = controller.post("/to-chuc/ke-thua/", upload(example_now(), "qd.json"))
    held = Succession.objects.get()
    assert answer.status_code == 302 and held.state == "planned"
    page = f"/to-chuc/ke-thua/{held.pk}/"
    rehearsed = text_of(controller.post(f"{page}chay-thu/"))
    assert "Chạy thử đạt" in rehearsed and "09999.KT" in rehearsed
    assert not Unit.objects.filter(code="09999").exists()
    controller.post(f"{page}thuc-hien/")
    assert queries.unit_by_code("09466").ends_on == date(2026, 11, 22)
    assert Post.objects.get(ends_on__isnull=True, user__username="chuyen-vien").unit.code == "09999.KT"
    assert "Đã chuyển" in text_of(controller.get(page))
    controller.post(f"{page}hoan-tac/")
    assert queries.unit_by_code("09466").ends_on is None


def test_a_decision_of_a_later_day_waits_and_old_units_stay_until_then(controller: Client) -> None:
    data = carried.path_of("succession_example.json").read_bytes()
    controller.post("/to-chuc/ke-thua/", upload(data, "qd.json"))
    held = Succession.objects.get()
    controller.post(f"/to-chuc/ke-thua/{held.pk}/thuc-hien/")
    assert queries.unit_by_code("09466").ends_on is None
    assert "00:00" in text_of(controller.get(f"/to-chuc/ke-thua/{held.pk}/"))


def test_a_wrong_file_is_told_by_place_and_nothing_is_kept(controller: Client) -> None:
    answer = controller.post("/to-chuc/ke-thua/", upload(b'{"lines": [{"kind": "x"}]}', "qd.json"))
    assert answer.status_code == 422 and "lines[0]" in text_of(answer)
    assert controller.post("/to-chuc/ke-thua/", {}).status_code == 422
    assert "dòng 1" in text_of(controller.post("/to-chuc/ke-thua/", upload(b"{", "qd.json")))
    assert not Succession.objects.exists()


@pytest.mark.parametrize(
    "path", ["/to-chuc/ke-thua/", "/to-chuc/ke-thua/mau.json", "/to-chuc/nhan-su/trung/"]
)
def test_successions_and_doubles_are_the_provinces(it_admin: Client, path: str) -> None:
    assert it_admin.get(path).status_code == 403


def test_the_list_of_decisions_takes_a_fixed_number_of_statements(
    controller: Client, real: actions.SuccessionReport, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    controller.get("/to-chuc/ke-thua/")
    with django_assert_max_num_queries(6):
        assert controller.get("/to-chuc/ke-thua/").status_code == 200


# --- staff lists ------------------------------------------------------------------------------------------


def test_a_staff_list_is_previewed_applied_and_the_passwords_shown_once(it_admin: Client) -> None:
    answer = it_admin.post("/to-chuc/nhan-su/", upload(sheet(row(AN), row(BINH)), "nhan-su.xlsx"))
    assert answer.status_code == 302
    page = answer["Location"]
    preview = text_of(it_admin.get(page))
    assert preview.count("Mở tài khoản") == 3 and not User.objects.filter(username="an.nv").exists()
    applied = it_admin.post(f"{page}ap-dung/")
    assert "Chỉ hiện lần này" in text_of(applied) and "no-store" in applied["Cache-Control"]
    assert User.objects.filter(username="an.nv").exists()
    assert "Không còn gì phải đổi" in text_of(it_admin.get(page))
    again = it_admin.post(f"{page}ap-dung/")
    assert again.status_code == 409 and "đã được áp dụng lúc" in text_of(again)


def test_wrong_cells_come_back_all_at_once(it_admin: Client) -> None:
    rows = sheet(row(AN, role="Vua"), row(BINH, ("Sở Tư pháp", "")))
    answer = it_admin.post("/to-chuc/nhan-su/", upload(rows, "nhan-su.xlsx"))
    assert answer.status_code == 422 and "Nhân sự!J2" in text_of(answer)


def test_the_template_can_be_filled_in_and_read_again(it_admin: Client) -> None:
    import io

    import openpyxl

    answer = it_admin.get("/to-chuc/nhan-su/mau.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    codes = [cell.value for cell in book["Danh mục"]["B"]]
    assert "09187.VHXH" in codes and "07210" not in codes
    book["Nhân sự"].append(row(AN))
    book.save(out := io.BytesIO())
    report = actions.import_staff(actor=SYSTEM, data=out.getvalue(), name="m.xlsx", now=NOW)
    assert report.counts["new"] == 1


def test_somebody_elses_list_is_as_unknown_as_none(it_admin: Client) -> None:
    held = actions.load_staff_list(actor=SYSTEM, data=sheet(row(AN)), name="x.xlsx", now=NOW)
    assert it_admin.get(f"/to-chuc/nhan-su/{held}/").status_code == 404
    assert it_admin.post(f"/to-chuc/nhan-su/{held}/ap-dung/").status_code == 404
    assert it_admin.get("/to-chuc/nhan-su/999/").status_code == 404


def test_double_accounts_are_decided_on_their_page(controller: Client) -> None:
    actions.import_staff(
        actor=SYSTEM,
        data=sheet(
            row(("Hoàng Ấn", "an.bn", "", "", "1980", ""), starts="01/7/2025"),
            row(("Hoàng Ấn", "an.bg", "", "", "1980", ""), ("Phường Bắc Giang", ""), starts="01/7/2025"),
        ),
        name="x.xlsx",
        now=NOW,
    )
    page = text_of(controller.get("/to-chuc/nhan-su/trung/"))
    assert "cùng tên, cùng năm sinh" in page
    kept, closed = User.objects.get(username="an.bn"), User.objects.get(username="an.bg")
    given = {"first": kept.pk, "second": closed.pk, "kept": kept.pk}
    assert controller.post("/to-chuc/nhan-su/trung/quyet-dinh/", given).status_code == 302
    closed.refresh_from_db()
    assert not closed.is_active
    assert "Không có cặp nào" in text_of(controller.get("/to-chuc/nhan-su/trung/"))
