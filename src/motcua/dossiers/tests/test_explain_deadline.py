"""`motcua explain-deadline`: the date and why, with a database and before one."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from motcua.dossiers.tests import factories
from motcua.organisation import queries as organisation

MARRIAGE = "1.004873"
USUAL = ("--case", "khong-phai-xac-minh")


def explain(*words: str, code: int = 0) -> Any:
    """What the command prints as JSON; `code` is how it must leave."""
    out = StringIO()
    left = 0
    try:
        call_command("explain_deadline", *words, "--json", stdout=out)
    except SystemExit as end:
        left = int(end.code or 0)
    said = json.loads(out.getvalue())
    assert (left, said["ok"]) == (code, code == 0), said
    return said


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    organisation.forget()


def test_before_a_database_is_filled_the_carried_data_answer() -> None:
    said = explain("--procedure", MARRIAGE, "--received", "2026-11-20T14:00", *USUAL)
    assert said["source"] == "carried"
    assert said["received_at"] == "2026-11-20T14:00:00+07:00", "a time without zone is Vietnamese"
    assert said["due_at"] == said["original_due_at"] == "2026-11-26T14:00:00+07:00"
    assert any("Ngày Văn hóa Việt Nam" in reason for reason in said["reasons"])
    assert said["reasons"][-1].startswith("Hạn trả kết quả")


@pytest.mark.parametrize("words", ["phai-xac-minh", "phải xác minh", "PHAI XAC MINH", "có xác minh"])
def test_a_case_is_found_by_key_or_words(words: str) -> None:
    said = explain("--procedure", MARRIAGE, "--received", "2026-11-20T14:00+07:00", "--case", words)
    assert (said["case"], said["limit"]) == ("phai-xac-minh", "23 ngày làm việc")


def test_pauses_start_the_count_again_or_add_the_waiting_time() -> None:
    words = [
        "--procedure",
        MARRIAGE,
        "--received",
        "2026-11-19T08:30",
        "--pause",
        "2026-11-20T08:30/2026-11-25T08:30:bổ sung",
        *USUAL,
    ]
    again = explain(*words, "--mode", "restart")
    longer = explain(*words, "--mode", "extend")
    assert again["due_at"] == "2026-11-30T08:30:00+07:00"
    assert longer["due_at"] < again["due_at"]
    assert any("bổ sung" in reason for reason in again["reasons"])
    lasting = explain(*words[:4], *USUAL, "--pause", "2026-11-20T08:30/..:bổ sung", "--mode", "restart")
    assert (lasting["due_at"], lasting["state"]) == (None, "paused")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--procedure", MARRIAGE, "--received", "2026-11-20T14:00"], "phai-xac-minh (phải xác minh)"),
        (["--procedure", "9.999999", "--received", "2026-11-20T14:00"], "Không có thủ tục 9.999999"),
        (["--procedure", MARRIAGE, "--received", "20/11/2026"], "--received"),
        (["--procedure", MARRIAGE, "--received", "9999-12-31T23:59:59+14:00"], "--received"),
        (["--procedure", MARRIAGE, "--received", "0001-01-01T00:00:00-14:00"], "--received"),
        (
            ["--procedure", MARRIAGE, "--received", "2026-11-20T14:00", "--case", "lạ"],
            "phai-xac-minh (phải xác minh)",
        ),
        (["--procedure", MARRIAGE, "--received", "2026-11-20T14:00", "--unit", "zz"], "zz"),
        (["--procedure", MARRIAGE, "--received", "2026-11-20T14:00", "--pause", "hôm qua"], "TỪ/ĐẾN"),
        (
            ["--procedure", MARRIAGE, "--received", "2026-11-20T14:00", "--pause", "2026-11-25/2026-11-24:x"],
            "kết thúc trước",
        ),
        (
            [
                "--procedure",
                MARRIAGE,
                "--received",
                "2026-11-20T14:00",
                "--pause",
                "2026-11-10T08:00/2026-11-11T08:00",
            ],
            "trước lúc tiếp nhận",
        ),
    ],
)
def test_wrong_use_leaves_with_2_and_a_sentence(words: list[str], sentence: str) -> None:
    said = explain(*words, code=2)
    assert sentence in said["error"] and said["error"]


def test_the_stored_catalogue_and_calendar_come_first() -> None:
    place = factories.make_province()
    procedure = factories.make_procedure()
    words = [
        "--procedure",
        procedure.code,
        "--received",
        "2026-11-16T09:00",
        "--unit",
        place.commune.agency.code,
    ]
    said = explain(*words, "--case", "thuong")
    assert (said["source"], said["due_at"]) == ("database", "2026-11-23T09:00:00+07:00")
    longer = explain(*words, "--case", "phai xac minh")
    assert longer["due_at"] == "2026-11-30T09:00:00+07:00"
    assert explain("--procedure", MARRIAGE, "--received", "2026-11-16T09:00", code=2)


def test_people_read_lines(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("explain_deadline", "--procedure", MARRIAGE, "--received", "2026-11-20T14:00", *USUAL)
    said = capsys.readouterr().out
    assert "Thời hạn: 3 ngày làm việc" in said and "Hạn trả kết quả: 14:00 26/11/2026" in said
