from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotAllowed
from motcua.workflow import actions, queries
from motcua.workflow.models import ProcessVersion
from motcua.workflow.views import processes as views

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def versions(source: dict[str, Any]) -> dict[str, ProcessVersion]:
    result = actions.import_processes(actor=Actor.system("test"), data=source, now=NOW)
    return {version.key: version for version in result.published}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(apps.get_model("kernel", "User").objects.create(username="lan", full_name="Lan"))
    return client


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    try:
        call_command("run_process", *words)
    except SystemExit as leave:
        return int(leave.code or 0), "".join(capsys.readouterr())
    return 0, "".join(capsys.readouterr())


def test_a_process_is_walked_by_key(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "bn-1582-1")
    assert code == 0
    assert "các bước cộng lại: 17 ngày" in text and "UBND tỉnh" in text
    assert "Đã chạy 44 nhánh" in text


def test_no_two_branches_look_alike(capsys: pytest.CaptureFixture[str]) -> None:
    """Two ways from step 7 to step 8 are two branches; a line says which was taken."""
    _code, text = run(capsys, "bn-1582-1")
    trails = [
        line.split("|")[0].strip() for line in text.splitlines() if line.rstrip().endswith("| tới cùng")
    ]
    assert len(trails) == len(set(trails)) == 44
    assert "-> b) Trường hợp 2: dự thảo báo cáo thẩm định: bước 8" in text
    assert trails[0] == "1 2 3 4a 5a 6 7a 8a 9a 10a 11a 12"


def test_a_procedure_code_finds_all_its_processes(
    capsys: pytest.CaptureFixture[str], versions: dict[str, ProcessVersion]
) -> None:
    code, text = run(capsys, "1.004873", "--json")
    found = json.loads(text)
    assert (code, found["ok"]) == (0, True)
    assert {p["key"] for p in found["processes"]} == {"ct-qt33-tthn-0", "ct-qt33-tthn-1"}
    assert found["processes"][0]["paths"][0]["finished"]


def test_errors_leave_with_one_and_unknown_codes_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = run(capsys, "qn-capdoi-dongloat")
    assert code == 1 and "sum_exceeds_limit" in text
    assert run(capsys, "9.999999")[0] == 2


def test_strangers_are_sent_to_sign_in(client: Client, versions: dict[str, ProcessVersion]) -> None:
    for path in ("/quy-trinh/", f"/quy-trinh/{versions['bn-1582-1'].pk}/"):
        assert client.get(path).status_code == 302


def test_reading_is_for_known_people() -> None:
    request = RequestFactory().get("/")
    vars(request)["actor"] = Actor.anonymous()
    with pytest.raises(NotAllowed):
        vars(views.process_list)["__wrapped__"](request)


def test_the_list_is_searched_without_accents(officer: Client, versions: dict[str, ProcessVersion]) -> None:
    page = officer.get("/quy-trinh/", {"q": "ket hon nuoc ngoai"}).content.decode()
    assert "Đăng ký kết hôn có yếu tố nước ngoài" in page
    assert "khai tử" not in page
    assert "Không có quy trình nào khớp" in officer.get("/quy-trinh/", {"q": "zzz"}).content.decode()


def test_the_list_costs_two_statements(versions: dict[str, ProcessVersion]) -> None:
    with CaptureQueriesContext(connection) as seen:
        page = queries.versions_page(text="", page=99)
    assert len(seen) == 2
    assert (page.total, page.page, page.pages, len(page.rows)) == (63, 2, 2, 13)


def test_the_page_draws_the_process_and_says_it_in_words(
    officer: Client, versions: dict[str, ProcessVersion]
) -> None:
    page = officer.get(f"/quy-trinh/{versions['bn-1582-1'].pk}/").content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page and "17 ngày" in page
    assert "Gửi thông báo bổ sung: quay lại bước 7" in page
    wrong = officer.get(f"/quy-trinh/{versions['qn-capdoi-dongloat'].pk}/").content.decode()
    assert "vượt thời hạn" in wrong


def test_an_unknown_process_is_not_found(officer: Client) -> None:
    assert officer.get("/quy-trinh/12345/").status_code == 404


def test_the_bpmn_file_is_downloaded(officer: Client, versions: dict[str, ProcessVersion]) -> None:
    answer = officer.get(f"/quy-trinh/{versions['bn-1582-1'].pk}/bpmn/")
    assert answer["Content-Disposition"] == 'attachment; filename="bn-1582-1.bpmn"'
    assert answer.content.startswith(b'<?xml version="1.0"')
