"""Reading procedures from dirty sources (acceptance cases F09, D02, D03, V02, V03, T05, T19)."""

from __future__ import annotations

import gzip
import json
from datetime import date, time
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.catalogue.rules.source_procedures import ReadDocument, read_document
from motcua.catalogue.rules.time_limits import CutoffKind, LimitUnit, StartRule
from motcua.catalogue.snapshot import DATA
from motcua.catalogue.tests.conftest import Carried, compact_row, detailed_row
from motcua.catalogue.types import Level, ProcedureDefinition
from motcua.kernel.errors import Invalid


@pytest.fixture(scope="module")
def compact() -> ReadDocument:
    packed = (DATA / "procedures_catalogue.json.gz").read_bytes()
    return read_document(json.loads(gzip.decompress(packed)))


def read_one(row: dict[str, Any], key: str = "procedures") -> tuple[ProcedureDefinition, set[str]]:
    read = read_document({key: [row]})
    assert read.refused == 0, read.findings
    return read.definitions[0], {finding.kind for finding in read.findings}


def limit_of(definition: ProcedureDefinition, case_key: str = "") -> tuple[str, str]:
    phases = definition.limit_for(case_key).effective_phases()
    return (str(phases[0].amount), phases[0].unit.value) if phases else ("", "")


def test_every_carried_row_becomes_a_definition(carried: Carried, compact: ReadDocument) -> None:
    assert (len(carried.document.definitions), carried.document.refused) == (128, 0)
    assert (len(compact.definitions), compact.refused) == (2635, 0)


def test_no_key_of_the_carried_sources_is_unknown(carried: Carried, compact: ReadDocument) -> None:
    kinds = {finding.kind for finding in (*carried.document.findings, *compact.findings)}
    assert not kinds & {"unknown_key", "bad_value", "row_refused", "unknown_level", "unknown_channel"}


def test_definitions_survive_json_unchanged(carried: Carried, compact: ReadDocument) -> None:
    for definition in (*carried.document.definitions, *compact.definitions):
        again = ProcedureDefinition.from_dict(json.loads(json.dumps(definition.to_dict())))
        assert again == definition
        assert again.digest == definition.digest


@pytest.mark.parametrize(
    ("code", "case_key", "expected"),
    [
        ("1.001193", "", ("1", "within_day")),
        ("1.000894", "phai-xac-minh", ("5", "working_day")),
        ("1.004873", "khong-phai-xac-minh", ("3", "working_day")),
        ("1.004873", "phai-xac-minh", ("23", "working_day")),
        ("1.004873", "cap-lai", ("3", "working_day")),
        ("1.004859", "bo-sung-thong-tin", ("1", "within_day")),
        ("1.004859", "cai-chinh", ("3", "working_day")),
        ("1.013274", "dam-tang", ("1", "calendar_day")),
        ("1.013274", "dam-cuoi", ("5", "working_day")),
        ("1.013831", "chuyen-nhuong", ("8", "working_day")),
        ("1.013831", "cho-thue-cho-thue-lai", ("4", "working_day")),
        ("1.013831", "xa-kho-khan", ("18", "working_day")),
        ("1.013978", "chi-dang-ky-khong-cap-gcn", ("17", "working_day")),
        ("1.012783", "dong-loat", ("0", "none")),
        ("2.001159", "", ("1", "hour")),
    ],
)
def test_limit_of_each_case(carried: Carried, code: str, case_key: str, expected: tuple[str, str]) -> None:
    definition = carried[code]
    assert not case_key or definition.case(case_key) is not None
    assert limit_of(definition, case_key) == expected


def test_cut_off_hour_is_read_from_the_notes(carried: Carried) -> None:
    limit = carried["1.000656"].limit
    assert limit is not None
    assert (limit.cutoff.kind, limit.cutoff.at) == (CutoffKind.AT_TIME, time(15))
    assert limit.starts is StartRule.ON_RECEIPT


def test_limit_as_another_procedure_takes_its_cut_off(carried: Carried) -> None:
    limit = carried["1.011443"].limit
    assert limit is not None
    assert limit.cutoff.at == time(15)
    assert limit.starts is StartRule.ON_COMPETENT_RECEIPT


def test_hard_communes_add_days_that_explain_themselves(carried: Carried) -> None:
    limit = carried["1.012784"].limit_for("xa-kho-khan")
    assert limit.phases[0].amount == 12
    assert limit.extra is not None
    assert (limit.extra.amount, limit.extra.reason) == (Fraction(10), "xã khó khăn")


def test_two_appointments_are_kept_beside_the_limit(carried: Carried) -> None:
    case = carried["1.013978"].case("a-dang-ky-va-cap-gcn")
    assert case is not None
    assert case.appointments == (15, 5)


def test_refusal_limit_is_not_a_case_to_pick(carried: Carried) -> None:
    definition = carried["1.014199"]
    assert definition.cases == ()
    assert definition.refusal_limit is not None
    assert definition.refusal_limit.phases[0].amount == 3


def test_unknown_limit_gives_no_due_date_and_is_reported(carried: Carried) -> None:
    assert not carried["1.010824"].limit_for().has_due_date
    assert "no_limit" in carried.kinds("1.010824")


def test_abolition_in_the_future_ends_the_procedure_on_that_day(carried: Carried) -> None:
    assert carried["1.011606"].valid_to == date(2027, 1, 1)


def test_old_and_new_codes_lead_to_one_procedure(carried: Carried) -> None:
    assert [alias.code for alias in carried["1.013831"].aliases] == ["1.115468"]
    guessed = carried["1.012790"].aliases[0]
    assert (guessed.code, guessed.certain) == ("1.115476", False)


def test_papers_keep_copies_condition_and_case(carried: Carried) -> None:
    definition = carried["1.013076"]
    withdrawn = [paper for paper in definition.papers if paper.case_key == "1-thu-hoi"]
    assert len(withdrawn) == 3
    assert len(definition.papers_for("1-thu-hoi")) == len(definition.papers) - 4
    online = carried["1.001193"].papers_for(channel="online")
    assert "Tờ khai đăng ký khai sinh" not in [paper.name for paper in online]


# F09: fees that contradict themselves are reported and not applied


@pytest.mark.parametrize(
    ("code", "kind", "held"),
    [
        ("2.001827", "fee_too_small", ["Phí thẩm định cấp giấy chứng nhận ATTP"]),
        ("1.002755", "fee_mismatch", ["Lệ phí"]),
        ("1.001612", "fee_online_dearer", ["Lệ phí đăng ký hộ kinh doanh"]),
    ],
)
def test_doubtful_fees_are_held_until_approved(
    carried: Carried, code: str, kind: str, held: list[str]
) -> None:
    assert kind in carried.kinds(code)
    lines = [fee for fee in carried[code].fees if not fee.applies]
    assert [fee.name for fee in lines] == held
    assert all(fee.hold_reason for fee in lines)


def test_clean_fees_apply(carried: Carried) -> None:
    assert [(fee.amount, fee.applies) for fee in carried["2.000884"].fees] == [(10_000, True)]


def test_compact_fee_without_doubt_is_one_line_for_its_channels() -> None:
    fees = [{"amount": 50_000, "currency": "VND"}]
    channel = {"value": 5, "unit": "working_day", "portal_fee_fields": fees}
    row = compact_row(channels=[{**channel, "channel": "online"}, {**channel, "channel": "post"}])
    definition, kinds = read_one(row, "rows")
    assert [(fee.amount, fee.channels, fee.applies) for fee in definition.fees] == [
        (50_000, ("online", "post"), True)
    ]
    assert not {kind for kind in kinds if kind.startswith("fee_")}


# D02: different times per channel are a question


def test_times_differing_by_channel_are_asked_about(carried: Carried, compact: ReadDocument) -> None:
    assert "channel_or_case" in carried.kinds("1.013978")
    asked = {finding.code for finding in compact.findings if finding.kind == "channel_or_case"}
    assert len(asked) == 239
    by_code = {definition.code: definition for definition in compact.definitions}
    assert all(by_code[code].limit is None for code in asked)


def test_portal_channels_are_kept_as_entered(carried: Carried) -> None:
    raw = [(channel.channel, channel.value) for channel in carried["1.013978"].channels]
    assert raw == [("online", "17"), ("post", "20"), ("in_person", "27")]


# D03: OTHER is not a unit


def test_other_is_never_read_as_working_days(compact: ReadDocument) -> None:
    rows = [channel for d in compact.definitions for channel in d.channels if channel.unit == "other"]
    assert len(rows) == 861
    reported = {finding.code for finding in compact.findings if finding.kind == "unit_other"}
    for definition in compact.definitions:
        units = {channel.unit for channel in definition.channels}
        if "other" in units:
            assert definition.code in reported
            assert definition.limit is None


def test_unit_other_with_a_clean_source_keeps_the_clean_limit(carried: Carried) -> None:
    assert "unit_other" in carried.kinds("1.004884")
    assert limit_of(carried["1.004884"]) == ("5", "working_day")


# Rows that are broken


def test_codes_used_twice_are_loaded_once() -> None:
    read = read_document({"procedures": [detailed_row(), detailed_row(name="Khác")]})
    assert [d.name for d in read.definitions] == ["Cấp giấy thử nghiệm"]
    assert read.refused == 1
    assert "code_duplicate" in {finding.kind for finding in read.findings}


def test_missing_code_is_allowed_and_reported() -> None:
    definition, kinds = read_one(detailed_row(code=None))
    assert definition.code is None
    assert "code_missing" in kinds


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"surprise": 1}, "unknown_key"),
        ({"cases": "một"}, "bad_value"),
        ({"time_limit": {"value": 3, "unit": "fortnight"}}, "unit_other"),
        ({"time_limit": {"value": 0, "unit": "working_day"}}, "limit_suspicious"),
        ({"time_limit": {"value": 1500, "unit": "calendar_day"}}, "limit_suspicious"),
        ({"time_limit": {"value": "ba", "unit": "working_day"}}, "bad_value"),
        ({"time_limit": None}, "no_limit"),
        ({"level": ["xa", "huyện"]}, "unknown_level"),
        ({"territory": "mặt trăng"}, "unknown_territory"),
        ({"code": "123"}, "code_malformed"),
        ({"name": "Cấp  giấy\nthử"}, "untidy_text"),
        ({"fees": [{"kind": "phi", "name": "x", "amount": 10, "per": "lần"}]}, "fee_too_small"),
        ({"documents": [{"name": "x", "kind": "?", "required": "always"}]}, "bad_value"),
    ],
)
def test_oddities_are_reported(change: dict[str, Any], kind: str) -> None:
    _, kinds = read_one(detailed_row(**change))
    assert kind in kinds


@pytest.mark.parametrize("change", [{"name": ""}, {"name": None}, {"level": []}, {"level": ["huyện"]}])
def test_rows_that_cannot_be_a_procedure_are_refused_by_name(change: dict[str, Any]) -> None:
    read = read_document({"procedures": [detailed_row(**change), detailed_row(code="9.000009")]})
    assert (len(read.definitions), read.refused) == (1, 1)
    assert [f.kind for f in read.findings if f.kind == "row_refused"] == ["row_refused"]


@pytest.mark.parametrize("document", [[], "x", {}, {"procedures": 1}, None, 3])
def test_other_documents_are_refused_with_a_sentence(document: object) -> None:
    with pytest.raises(Invalid) as refused:
        read_document(document)
    assert "thủ tục" in refused.value.message.source() or "JSON" in refused.value.message.source()


def test_months_and_halves_of_days_are_exact() -> None:
    channel = {"channel": "online", "portal_fee_fields": []}
    half, _ = read_one(compact_row(channels=[{**channel, "value": 1.5, "unit": "working_day"}]), "rows")
    month, _ = read_one(compact_row(channels=[{**channel, "value": 2, "unit": "month"}]), "rows")
    assert half.limit is not None
    assert half.limit.phases[0].amount == Fraction(3, 2)
    assert month.limit is not None
    assert month.limit.phases[0].unit is LimitUnit.MONTH


def test_levels_keep_their_order(carried: Carried) -> None:
    assert carried["1.013274"].levels == (Level.MINISTRY, Level.PROVINCE, Level.COMMUNE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None)
@given(
    key=st.sampled_from(sorted({**detailed_row(), **compact_row()})), value=JSON, compact_shape=st.booleans()
)
def test_no_value_whatever_breaks_the_reader(key: str, value: object, compact_shape: bool) -> None:
    row = compact_row() if compact_shape else detailed_row()
    row[key] = value
    read = read_document({"rows" if compact_shape else "procedures": [row]})
    assert len(read.definitions) + read.refused == 1
    for definition in read.definitions:
        assert ProcedureDefinition.from_dict(json.loads(json.dumps(definition.to_dict()))) == definition
        assert definition.digest
