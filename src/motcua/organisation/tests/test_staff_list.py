"""Staff lists: preview, all or nothing, the same file twice, and what is never written down."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command

from motcua.kernel.accounts.models import User
from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Conflict, Invalid, NotAllowed
from motcua.organisation import actions, queries
from motcua.organisation.errors import BadStaffList
from motcua.organisation.models import Post, StaffImport
from motcua.organisation.rules.staff_list import HEADINGS
from motcua.organisation.tests.factories import NOW, SYSTEM, actor, person, post

AN = ("Nguyễn Văn An", "an.nv", "", "027085000001", "1985", "0912 345 678")
BINH = ("Trần Thị Bình", "", "binh.tt@bacninh.gov.vn", "", "", "")
WARD = ("Phường Kinh Bắc", "Phòng Văn hóa - Xã hội")


def sheet(*rows: tuple[str, ...]) -> bytes:
    """A workbook with the headings of the template."""
    book = xlsxwriter.Workbook(out := io.BytesIO())
    page = book.add_worksheet("Nhân sự")
    for number, row in enumerate((HEADINGS, *rows)):
        page.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def row(who: tuple[str, ...], unit: tuple[str, str] = WARD, **given: str) -> tuple[str, ...]:
    values = {"title": "Chuyên viên", "role": "Chuyên viên", "starts": "01/12/2026", "ends": "", "act": ""}
    values |= given
    return (*who, *unit, values["title"], values["role"], values["starts"], values["ends"], values["act"])


def run(*rows: tuple[str, ...], by: Any = SYSTEM, dry_run: bool = False) -> actions.StaffReport:
    return actions.import_staff(actor=by, data=sheet(*rows), name="nhan-su.xlsx", now=NOW, dry_run=dry_run)


@pytest.fixture(autouse=True)
def _province(province: object) -> None:
    """Every test has the carried province."""


def test_new_people_get_accounts_and_posts() -> None:
    report = run(row(AN), row(BINH, role="Lãnh đạo phòng", title="Trưởng phòng"))
    assert report.counts["new"] == 2
    binh = User.objects.get(username="binh.tt@bacninh.gov.vn")
    held = Post.objects.get(user=binh)
    assert (held.unit.code, held.role, held.title) == ("09187.VHXH", "dept_head", "Trưởng phòng")
    assert held.starts_on == date(2026, 12, 1) and held.ends_on is None
    assert User.objects.get(username="an.nv").phone == "0912345678"


def test_the_one_time_password_opens_the_account_and_is_written_nowhere() -> None:
    report = run(row(AN))
    (account,) = report.accounts
    user = User.objects.get(username="an.nv")
    assert user.check_password(account.password) and len(account.password) >= 16
    told = [
        *AuditEntry.objects.values_list("data", flat=True),
        *StaffImport.objects.values_list("rows", "report"),
    ]
    assert account.password not in str(told)


def test_the_same_file_twice_changes_nothing() -> None:
    rows = (row(AN), row(BINH), row(BINH, ("Phường Kinh Bắc", ""), role="leader"))
    run(*rows)
    before = list(User.objects.values()), list(Post.objects.values())
    again = run(*rows)
    assert again.counts["unchanged"] == 3 and sum(again.counts.values()) == 3
    assert again.accounts == []
    assert (list(User.objects.values()), list(Post.objects.values())) == before


def test_a_move_ends_the_old_post_the_day_before_and_twice_is_once() -> None:
    run(row(AN, starts="01/7/2025"))
    move = row(AN, ("Phường Vũ Ninh", "Phòng Văn hóa - Xã hội"), act="Chuyển")
    assert run(move).counts["moved"] == 1
    old, new = Post.objects.filter(user__username="an.nv").order_by("pk")
    assert old.ends_on == date(2026, 11, 30) and new.starts_on == date(2026, 12, 1)
    assert run(move).counts["unchanged"] == 1


def test_an_end_closes_the_post_and_a_lock_the_account() -> None:
    run(row(AN, starts="01/7/2025"), row(BINH, starts="01/7/2025"))
    report = run(
        row(AN, starts="", ends="31/12/2026", act="kết thúc"),
        row(BINH, ("", ""), role="", starts="", ends="30/11/2026", act="Khóa"),
    )
    assert (report.counts["closed"], report.counts["locked"]) == (1, 1)
    assert Post.objects.get(user__username="an.nv").ends_on == date(2026, 12, 31)
    assert not User.objects.get(username="binh.tt@bacninh.gov.vn").is_active
    again = run(
        row(AN, starts="", ends="31/12/2026", act="kết thúc"),
        row(BINH, ("", ""), role="", starts="", ends="30/11/2026", act="Khóa"),
    )
    assert again.counts["unchanged"] == 2


def test_every_wrong_cell_is_named_and_nothing_is_applied() -> None:
    rows = (
        row(AN),
        row(("", "x.y", "", "", "", "")),
        row(BINH, ("Phường Không Có", "")),
        row(BINH, ("Phường Kinh Bắc", "Phòng Lạ"), role="Vua"),
        row(BINH, starts="hôm nay", act="bay"),
        row(("Lê C", "le c", "", "12", "1850", "")),
    )
    with pytest.raises(BadStaffList) as refused:
        run(*rows)
    told = "\n".join(refused.value.problems)
    for cell in ("A3", "G4", "H5", "J5", "K6", "M6", "B7", "D7", "E7"):
        assert f"Nhân sự!{cell}:" in told, told
    assert not User.objects.exists() and not Post.objects.exists()


def test_the_name_of_somebody_else_under_a_user_name_is_refused() -> None:
    person("an.nv", "Phạm Văn Khác")
    with pytest.raises(BadStaffList, match="Phạm Văn Khác"):
        run(row(AN))


def test_a_list_without_the_columns_or_a_file_that_is_none_is_told() -> None:
    with pytest.raises(BadStaffList, match="tiêu đề"):
        actions.import_staff(actor=SYSTEM, data=b"a,b\n1,2\n", name="x.csv", now=NOW)
    with pytest.raises(Invalid):
        actions.import_staff(actor=SYSTEM, data=b"", name="x.xlsx", now=NOW)
    with pytest.raises(Invalid):
        actions.import_staff(actor=SYSTEM, data=b"%PDF-1.7", name="x.xlsx", now=NOW)


def test_the_it_administrator_keeps_the_list_of_his_own_agency_only() -> None:
    admin = person("quan-tri-xa", "Quản Trị")
    post(admin, "09187", "it_admin")
    assert run(row(AN), by=actor(admin)).counts["new"] == 1
    with pytest.raises(BadStaffList, match="không thuộc cơ quan bạn quản trị"):
        run(row(BINH, ("Phường Vũ Ninh", "")), by=actor(admin))
    clerk = person("van-thu")
    post(clerk, "09187.VP", "clerk")
    with pytest.raises(NotAllowed):
        run(row(BINH), by=actor(clerk))


def test_a_rehearsal_changes_nothing() -> None:
    assert run(row(AN), dry_run=True).counts["new"] == 1
    assert not User.objects.exists() and not StaffImport.objects.exists()


def test_people_who_leave_open_tasks_are_named_with_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    run(row(AN, starts="01/7/2025"))
    user, unit = User.objects.get(), queries.unit_by_code("09187.VHXH")
    # Tasks live above this context; how they are counted there is tested there.
    monkeypatch.setattr(
        "motcua.organisation.followers._open_work", {"test": lambda ids: {(user.pk, unit.id): 7}}
    )
    report = run(row(AN, starts="", ends="31/12/2026", act="kết thúc"), dry_run=True)
    assert [(one["name"], one["tasks"]) for one in report.leaving] == [("Nguyễn Văn An", 7)]


# --- doubles ----------------------------------------------------------------------------------------------


def two_provinces() -> tuple[User, User]:
    """One person with an account from each former province."""
    run(
        row(("Hoàng Văn Ấn", "an.bn", "", "", "1980", ""), starts="01/7/2025"),
        row(("Hoàng Văn ấn", "an.bg", "", "", "1980", ""), ("Phường Bắc Giang", ""), starts="01/7/2025"),
        row(("Hoàng Văn An", "khac", "", "", "1991", ""), starts="01/7/2025"),
    )
    return User.objects.get(username="an.bn"), User.objects.get(username="an.bg")


def test_likely_doubles_are_proposed_with_the_reason_and_never_joined_by_themselves() -> None:
    first, second = two_provinces()
    (pair,) = queries.doubles_page(actor=SYSTEM).pairs
    assert (pair.first.id, pair.second.id, pair.why) == (first.pk, second.pk, ("name", "birth_year"))
    assert User.objects.filter(is_active=True).count() == 3


def test_a_merge_passes_the_posts_and_keeps_both_histories() -> None:
    first, second = two_provinces()
    assert actions.merge_accounts(actor=SYSTEM, kept_id=first.pk, closed_id=second.pk, now=NOW) == 1
    second.refresh_from_db()
    assert not second.is_active and Post.objects.filter(user=second).count() == 1
    held = {held.unit.code for held in Post.objects.filter(user=first, ends_on__isnull=True)}
    assert held == {"09187.VHXH", "07210"}
    assert queries.doubles_page(actor=SYSTEM).pairs == ()


def test_two_people_stay_two_and_are_not_proposed_again() -> None:
    first, second = two_provinces()
    actions.keep_apart(actor=SYSTEM, first_id=second.pk, second_id=first.pk, now=NOW)
    assert queries.doubles_page(actor=SYSTEM).pairs == ()
    assert User.objects.filter(is_active=True).count() == 3


def test_no_merge_while_the_closed_account_has_open_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_provinces()
    monkeypatch.setattr("motcua.organisation.followers._open_work", {"test": lambda ids: {(second.pk, 1): 3}})
    with pytest.raises(Conflict, match="3 bước"):
        actions.merge_accounts(actor=SYSTEM, kept_id=first.pk, closed_id=second.pk, now=NOW)


def test_the_command_prints_the_passwords_once_and_tells_wrong_cells(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nhan-su.xlsx"
    path.write_bytes(sheet(row(AN)))
    call_command("import_staff", str(path), "--dry-run")
    assert "new: 1" in capsys.readouterr().out and not User.objects.exists()
    call_command("import_staff", str(path), "--json")
    assert '"password"' in capsys.readouterr().out
    path.write_bytes(sheet(row(BINH, role="Vua")))
    with pytest.raises(SystemExit) as left:
        call_command("import_staff", str(path), "--json")
    assert left.value.code == 1 and "J2" in capsys.readouterr().out


def test_a_list_is_applied_once() -> None:
    held = actions.load_staff_list(actor=SYSTEM, data=sheet(row(AN)), name="nhan-su.xlsx", now=NOW)
    actions.apply_staff_list(actor=SYSTEM, import_id=held, now=NOW)
    Post.objects.update(ends_on=date(2026, 12, 31))
    with pytest.raises(Conflict, match="đã được áp dụng lúc"):
        actions.apply_staff_list(actor=SYSTEM, import_id=held, now=NOW)
    assert Post.objects.get().ends_on == date(2026, 12, 31)


def test_an_account_without_a_post_is_locked_by_the_province_alone() -> None:
    keeper = person("quan-tri")
    post(keeper, "09187", "it_admin")
    person("le-c", "Lê C")
    lock = row(("Lê C", "le-c", "", "", "", ""), ("", ""), role="", starts="", ends="30/11/2026", act="Khóa")
    with pytest.raises(BadStaffList, match="chỉ quản trị của tỉnh khóa được"):
        run(lock, by=actor(keeper))
    assert User.objects.get(username="le-c").is_active
    assert run(lock).counts["locked"] == 1


def test_an_account_that_once_worked_elsewhere_is_locked_by_those_who_keep_both() -> None:
    keeper, moved = person("quan-tri"), person("le-c", "Lê C")
    post(keeper, "09187", "it_admin")
    post(moved, "09190", "specialist", ends_on=date(2026, 1, 31))
    lock = row(("Lê C", "le-c", "", "", "", ""), ("", ""), role="", starts="", ends="30/11/2026", act="Khóa")
    with pytest.raises(BadStaffList, match="không thuộc cơ quan bạn quản trị"):
        run(lock, by=actor(keeper))
