"""Who signs what, and what is said when something is wrong: tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from motcua.documents.letters.kinds import all_kinds
from motcua.documents.rules.signing import (
    PASSING,
    PROBLEMS,
    Certificate,
    Problem,
    Role,
    Signer,
    certificate_problem,
    next_try,
    places,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SEAL = Signer(driver="pkcs12", unit="KB", role="seal")
HEAD = Signer(driver="pkcs12", unit="KB", role="head")
CENTRE = Signer(driver="pkcs12", unit="KB.TT", role="seal")
HOA = Signer(driver="pkcs12", person="hoa")
MINH = Signer(driver="pkcs12", person="minh")
ONLY_RECORDS = Signer(driver="pkcs12", unit="KB", role="seal", kinds=("collection_record",))
RECORD = ("cashier", "confirmer", "seal")
LETTER = ("head", "seal")


@pytest.mark.parametrize(
    ("roles", "kind", "people", "signers", "expected"),
    [
        (RECORD, "collection_record", {"cashier": "hoa"}, [HOA, MINH, SEAL], ["hoa", "KB:seal"]),
        (
            RECORD,
            "collection_record",
            {"cashier": "hoa", "confirmer": "minh"},
            [SEAL, MINH, HOA],
            ["hoa", "minh", "KB:seal"],
        ),
        (RECORD, "collection_record", {"cashier": "lan"}, [HOA, SEAL], ["KB:seal"]),
        (RECORD, "collection_record", {"cashier": "lan"}, [HOA], []),
        (LETTER, "apology", {"officer": "hoa"}, [HOA, HEAD, SEAL], ["KB:head", "KB:seal"]),
        (LETTER, "apology", {}, [CENTRE, SEAL], ["KB.TT:seal"]),
        (LETTER, "apology", {}, [ONLY_RECORDS], []),
        (RECORD, "collection_record", {}, [ONLY_RECORDS], ["KB:seal"]),
        (LETTER, "apology", {}, [Signer(driver="pkcs12", unit="KH", role="seal")], []),
        ((), "control_slip", {}, [SEAL, HEAD], []),
    ],
)
def test_a_letter_is_signed_by_those_of_its_places_for_whom_somebody_is_declared(
    roles: tuple[str, ...],
    kind: str,
    people: dict[str, str],
    signers: list[Signer],
    expected: list[str],
) -> None:
    found = places(roles, kind=kind, people=people, units=("KB.TT", "KB"), signers=signers)
    assert [place.signer.key for place in found] == expected


def test_the_record_of_a_day_is_for_cashier_confirmer_and_seal_and_letters_for_officer_or_head() -> None:
    signed = {kind.kind: kind.signers for kind in all_kinds().values()}
    assert signed["collection_record"] == ("cashier", "confirmer", "seal")
    assert (
        signed["reception_slip"] == signed["supplement_request"] == signed["refusal"] == ("officer", "seal")
    )
    assert signed["apology"] == signed["stop_notice"] == ("head", "seal")
    assert signed["control_slip"] == signed["dossier_register"] == ()


@pytest.mark.parametrize(
    ("starts", "ends", "demo", "production", "expected"),
    [
        (-1, 1, False, True, None),
        (-1, 1, True, False, None),
        (-1, 1, True, True, "demo_certificate"),
        (1, 9, False, True, "not_yet_valid"),
        (-9, -1, False, True, "expired"),
        (0, 0, False, True, None),
    ],
)
def test_a_certificate_signs_only_while_it_counts_and_none_of_the_demo_in_production(
    starts: int, ends: int, demo: bool, production: bool, expected: str | None
) -> None:
    found = Certificate(
        name="Nguyễn Thị Hoa",
        organisation="",
        issuer="CA",
        serial="01",
        not_before=NOW + timedelta(days=starts),
        not_after=NOW + timedelta(days=ends),
        is_demo=demo,
    )
    problem = certificate_problem(found, now=NOW, production=production, day=lambda at: f"{at:%d/%m/%Y}")
    assert (problem.code if problem else None) == expected


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_is_a_whole_sentence_that_says_what_to_do_or_that_it_comes_by_itself(code: str) -> None:
    values = {
        "file": "a.p12",
        "name": "Nguyễn Thị Hoa",
        "day": "01/01/2027",
        "why": "lý do",
        "where": "mục 1",
    }
    said = Problem(code, values).message.source()
    assert said.endswith(".") and "%(" not in said
    if code not in PASSING:
        assert any(word in said for word in ("bấm “Thử lại”", "Thay", "Xin cấp", "Xuất lại", "Báo"))
    else:
        assert any(word in said for word in ("tự thử lại", "tự ký", "Đang chờ"))


@pytest.mark.parametrize(
    ("code", "attempts", "minutes"),
    [
        ("expired", 1, 1),
        ("expired", 3, 15),
        ("expired", 50, 360),
        ("remote_waiting", 50, 1),
        ("timestamp", 2, 5),
    ],
)
def test_it_is_tried_again_soon_and_then_rarely_and_never_given_up(
    code: str, attempts: int, minutes: int
) -> None:
    assert next_try(Problem(code), attempts=attempts, now=NOW) == NOW + timedelta(minutes=minutes)


def test_every_place_has_its_word() -> None:
    assert all(role.label.source() for role in Role)
