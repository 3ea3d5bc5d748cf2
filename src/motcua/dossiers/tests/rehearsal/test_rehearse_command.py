"""`motcua rehearse`: lines, JSON, exit codes; and `motcua publish`, which it opens the way for."""

from __future__ import annotations

import io
import json

import pytest
import time_machine
from django.core.management import call_command

from motcua.catalogue import actions as catalogue
from motcua.catalogue.models import ChangeSet, ProcedureVersion
from motcua.dossiers.tests import factories as f
from motcua.dossiers.tests.rehearsal.rehearsing import NOW, changed, draft
from motcua.kernel.actor import Actor
from motcua.organisation.types import Role

pytestmark = pytest.mark.django_db
NUMBER = "15/QĐ-UBND"


@pytest.fixture
def place() -> f.Province:
    found = f.make_province()
    f.make_staff(found.commune)
    return found


@pytest.fixture
def made(place: f.Province) -> int:
    """An approved change-set; in the second ward nobody sits at any desk."""
    controller, approver = (f.make_officer(Role.PROCEDURE_CONTROLLER, place.committee) for _n in range(2))
    version = f.make_procedure()
    found = draft(controller, version, changed(version, limit=f.limit_of(4)), said=("limit",))
    catalogue.approve_change_set(actor=approver, change_set_id=found, now=NOW)
    return found


def fill(place: f.Province) -> Actor:
    f.make_staff(place.other)
    return f.make_officer("one_stop_officer", place.centre)


def run(command: str, *args: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    out = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        try:
            call_command(command, *args, stdout=out, stderr=out)
        except SystemExit as leaving:
            return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_red_leaves_with_1_and_publication_is_refused_until_it_is_green(made: int, place: f.Province) -> None:
    code, said = run("publish", NUMBER)
    assert code == 1 and "chưa được diễn tập" in said
    code, said = run("rehearse", "--change-set", NUMBER)
    assert code == 1
    assert "ĐỎ · Chưa có người giữ vai trò" in said
    assert "phường Vũ Ninh: chưa có ai giữ vai trò Văn thư." in said
    code, said = run("publish", NUMBER)
    assert code == 1 and "không đạt" in said
    assert ProcedureVersion.objects.count() == 1
    fill(place)
    code, said = run("rehearse", "--change-set", NUMBER)
    assert code == 0, said
    assert "XANH: mọi lần thử đều đạt." in said
    code, said = run("publish", NUMBER)
    assert code == 0, said
    assert ChangeSet.objects.get(pk=made).state == "published"
    assert ProcedureVersion.objects.count() == 2


def test_json_says_what_was_real_and_what_was_tried_by_class(made: int, place: f.Province) -> None:
    fill(place)
    code, said = run("rehearse", "--change-set", NUMBER, "--json")
    found = json.loads(said)
    assert (code, found["ok"], found["failed"], found["failures"]) == (0, True, 0, [])
    assert found["real"] >= 4 and found["by_class"] >= 8
    assert found["real"] + found["by_class"] == found["trials"]
    assert (found["procedures"], found["units"]) == (1, 2)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--change-set", "0/QĐ"), "Không có gói thay đổi 0/QĐ."),
        (("--procedure", "9.999999"), "Không có thủ tục 9.999999."),
        (("--unit", "khong"), "Không có đơn vị mang mã khong."),
    ],
)
def test_wrong_use_leaves_with_2(made: int, args: tuple[str, ...], why: str) -> None:
    code, said = run("rehearse", *args)
    assert (code, said.strip()) == (2, why)
