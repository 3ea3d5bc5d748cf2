"""One row of the detailed document (`procedures.json`) as a definition. Every key is used or reported."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from motcua.catalogue.rules.case_matching import best_match
from motcua.catalogue.rules.source_cases import Branches, join_cases, read_branches
from motcua.catalogue.rules.source_fees import read_channels, read_fees
from motcua.catalogue.rules.source_limits import LimitSource, compare_channels, read_limit
from motcua.catalogue.rules.source_reading import Row, storable
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import (
    CodeAlias,
    CodeKind,
    Level,
    OnlineLevel,
    Paper,
    ProcedureCase,
    ProcedureDefinition,
    ProcedureResult,
    RawChannel,
    SourceFinding,
    Territory,
)
from motcua.kernel.messages import msg
from motcua.kernel.text import fold

LONGEST_FIELD = 255
CODE = re.compile(r"\d\.\d{6}")
_CODE_THEN_NOTE = re.compile(r"^(\d\.\d{6}(?:\.\w{1,8})?)\s*(?:\((.*)\))?$")
_ABOLISHED = re.compile(r"bãi bỏ(?: từ)? (\d{1,2})/(\d{1,2})/(\d{4})")
_EFFECTIVE = re.compile(r"hiệu lực từ (\d{1,2})/(\d{1,2})/(\d{4})")
_ONLINE = {
    "toan trinh": OnlineLevel.FULL,
    "mot phan": OnlineLevel.PARTIAL,
    "khong": OnlineLevel.NONE,
}


def read_detailed(data: Mapping[str, Any], index: int) -> tuple[ProcedureDefinition, list[SourceFinding]]:
    """A definition and what was odd about its row; raises `RowRefused` when it has no name or no known
    level.
    """
    row = Row(
        data, code=str(data.get("code") or data.get("local_code") or ""), name=str(data.get("name") or "")
    )
    name = row.text("name")
    if not name:
        raise row.refuse("name", msg("Dòng %(row)s không có tên thủ tục.", row=index), data)
    levels = read_levels(row)
    channels = read_channels(row, "portal_channels_raw")
    code, local_code, aliases = _codes(row)
    limit, branches, notes = _limits(row, channels)
    cases = join_cases(row, row.texts("cases"), branches.cases)
    papers = _papers(row, cases)
    confidence = _confidence(row)
    online, online_text, online_confidence = _online(row.row("online_level"))
    status = row.text("status_note")
    places = row.text("reception_places")
    authority = row.text("authority")
    decision_local = row.text("publication_decision_local")
    definition = ProcedureDefinition(
        name=name,
        short_name=row.text("short_name") or name,
        field=read_field(row),
        levels=levels,
        code=code,
        local_code=local_code,
        aliases=(*aliases, *_replaces(status, code)),
        ministry=row.text("ministry"),
        ministry_code=row.text("ministry_code"),
        kind=row.text("kind"),
        decision=row.text("publication_decision_2026"),
        decision_local=decision_local,
        applicants=row.texts("applicants"),
        authority=authority,
        online=online,
        online_text=online_text,
        online_confidence=online_confidence,
        channels=channels,
        limit=limit,
        refusal_limit=branches.refusal,
        limit_notes=notes,
        cases=cases,
        papers=papers,
        n_papers=len(papers),
        fees=read_fees(row, channels, code or local_code or ""),
        fee_formula=row.text("fee_formula"),
        fee_rules=row.texts("fee_rules"),
        exemptions=row.texts("fee_exemptions"),
        results=_results(row),
        multi_result=row.flag("multi_result"),
        conditions=row.texts("conditions"),
        legal_bases=row.texts("legal_bases"),
        reception_places=places,
        territory=_territory(row),
        boundary_free=row.flag("non_territorial") or _boundary_free(places, authority),
        payment_pause=row.flag("payment_pause"),
        valid_from=_day(_EFFECTIVE, decision_local),
        valid_to=_valid_to(row, status),
        status_note=status,
        replaced_by=_replaced_by(status),
        new_in=row.text("new_in"),
        components=row.texts("components"),
        related=row.texts("related"),
        confidence=confidence,
        sources=row.texts("sources"),
        detailed=True,
    )
    row.finish()
    _remarks(row, definition)
    return definition, row.findings


def read_levels(row: Row) -> tuple[Level, ...]:
    """The levels of decision; unknown ones are reported, none at all refuses the row."""
    known: list[Level] = []
    for value in row.texts("level"):
        try:
            known.append(Level(value))
        except ValueError:
            row.report(
                "unknown_level", "level", msg("Không biết cấp thực hiện “%(level)s”.", level=value), value
            )
    if not known:
        raise row.refuse("level", msg("Thủ tục không có cấp thực hiện nào đọc được."), "")
    return tuple(known)


def check_code(row: Row, field: str, code: str) -> str | None:
    """The code if it is one; a missing one is allowed (the database gives it later) and reported."""
    if not code:
        row.report(
            "code_missing", field, msg("Thủ tục chưa có mã quốc gia; vẫn nạp và tra cứu bằng tên."), row.name
        )
        return None
    if not CODE.fullmatch(code):
        message = msg("Mã “%(code)s” không đúng dạng 1.234567.", code=code[:40])
        if not re.fullmatch(r"[\w.\-]{1,24}", code):
            raise row.refuse(field, message, code)
        row.report("code_malformed", field, message, code)
    return code


def read_field(row: Row) -> str:
    """The field of administration, cut (and reported) where it is longer than any real one."""
    name = row.text("field")
    if len(name) > LONGEST_FIELD:
        row.report("bad_value", "field", msg("Tên lĩnh vực dài quá 255 chữ, đã cắt bớt."), name)
    return name[:LONGEST_FIELD]


def _codes(row: Row) -> tuple[str | None, str | None, tuple[CodeAlias, ...]]:
    code = check_code(row, "code", row.text("code"))
    local = row.text("local_code") or None
    if local and not re.fullmatch(r"[\w.\-]{1,32}", local):
        row.report("code_malformed", "local_code", msg("Mã của tỉnh không đọc được."), local)
        local = None
    aliases: list[CodeAlias] = []
    if local and local != code:
        aliases.append(CodeAlias(local, CodeKind.LOCAL))
    province = row.text("bacninh_code")
    if province:
        found = _CODE_THEN_NOTE.match(province)
        if found is None:
            row.report("code_malformed", "bacninh_code", msg("Mã của tỉnh không đọc được."), province)
        else:
            note = found.group(2) or ""
            aliases.append(CodeAlias(found.group(1), CodeKind.PROVINCE, note, certain=not note))
            if note:
                row.report(
                    "guess", "bacninh_code", msg("Mã của tỉnh là suy đoán, cần kiểm tra lại."), province
                )
    return code, local, tuple(aliases)


def _limits(row: Row, channels: tuple[RawChannel, ...]) -> tuple[TimeLimit | None, Branches, tuple[str, ...]]:
    item = row.row("time_limit")
    if item is None:
        row.report("no_limit", "time_limit", msg("Nguồn không ghi thời hạn; không tính được ngày hẹn trả."))
        return None, Branches((), None), ()
    notes = item.texts("notes")
    source = LimitSource(starts=item.text("counts_from"), notes=notes, names=row.code)
    limit = read_limit(item, source)
    branches = read_branches(item, limit, source)
    item.finish()
    compare_channels(row, channels, limit, [case.limit for case in branches.cases])
    for note in notes:
        if "tri thức riêng" in note or "chưa xác minh" in note or "suy luận" in note:
            item.report("guess", "notes", msg("Thời hạn chưa được kiểm chứng từ văn bản gốc."), note)
        elif "dữ liệu bẩn" in note or "mâu thuẫn" in note or "cổng ghi" in note or "cổng nhập" in note:
            item.report("contradiction", "notes", msg("Nguồn tự mâu thuẫn về thời hạn."), note)
    return limit, branches, notes


def _papers(row: Row, cases: tuple[ProcedureCase, ...]) -> tuple[Paper, ...]:
    named = [(case.key, case.name) for case in cases]
    papers: list[Paper] = []
    for index, item in enumerate(row.rows("documents"), 1):
        case = item.text("case")
        case_key = (best_match(case, named, at_least=0.75) or "") if case else ""
        kind = item.text("kind")
        required = item.text("required")
        if kind not in ("form", "submit", "present"):
            item.report(
                "bad_value", "kind", msg("Không biết loại giấy tờ này, coi là giấy tờ phải nộp."), kind
            )
            kind = "submit"
        if required not in ("always", "conditional"):
            item.report(
                "bad_value",
                "required",
                msg("Không rõ giấy tờ có bắt buộc không, coi là có điều kiện."),
                required,
            )
        papers.append(
            Paper(
                key=item.text("id") or f"{row.code or 'x'}-{index:02d}",
                name=item.text("name"),
                originals=item.whole("originals", default=0) or 0,
                copies=item.whole("copies", default=0) or 0,
                kind="form" if kind == "form" else "present" if kind == "present" else "submit",
                required="always" if required == "always" else "conditional",
                condition=item.text("condition"),
                case=case,
                case_key=case_key,
                channels=item.texts("channels"),
                form_code=item.text("form_code"),
                alternatives=item.texts("alternatives"),
                component_code=item.text("bacninh_component"),
            )
        )
        item.finish()
    return tuple(papers)


def _results(row: Row) -> tuple[ProcedureResult, ...]:
    results: list[ProcedureResult] = []
    for item in row.rows("results"):
        results.append(ProcedureResult(item.text("name"), item.text("code")))
        item.finish()
    return tuple(results)


def _online(item: Row | None) -> tuple[OnlineLevel, str, str]:
    """The level, the source's words for it, and how sure the source is."""
    if item is None:
        return OnlineLevel.UNKNOWN, "", ""
    words, confidence = item.text("value"), item.text("confidence")
    item.finish()
    return _ONLINE.get(fold(words), OnlineLevel.UNKNOWN), words, confidence


def _confidence(row: Row) -> dict[str, str]:
    value = row.take("confidence")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        row.report("bad_value", "confidence", msg("Mục này không đọc được nên bỏ qua."), value)
        return {}
    return {storable(str(key)): storable(str(level)) for key, level in value.items()}


def _territory(row: Row) -> Territory:
    value = row.text("territory")
    if not value:
        return Territory.ALL
    try:
        return Territory(value)
    except ValueError:
        row.report(
            "unknown_territory", "territory", msg("Không biết phạm vi địa bàn này, coi là toàn tỉnh."), value
        )
        return Territory.ALL


def _boundary_free(places: str, authority: str) -> bool:
    text = f"{places} {authority}"
    return any(words in text for words in ("không phụ thuộc địa giới", "phi địa giới", "bất kỳ"))


def _day(pattern: re.Pattern[str], text: str) -> date | None:
    found = pattern.search(text)
    if found is None:
        return None
    try:
        day = date(int(found.group(3)), int(found.group(2)), int(found.group(1)))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None


def _valid_to(row: Row, status: str) -> date | None:
    """The first day without the procedure; an abolition without a date is only reported."""
    day = _day(_ABOLISHED, status)
    if day is not None:
        row.report(
            "abolished",
            "status_note",
            msg("Nguồn ghi thủ tục bị bãi bỏ từ %(day)s.", day=day.strftime("%d/%m/%Y")),
            status,
        )
    elif "bãi bỏ, thay bằng" in status:
        row.report(
            "abolished",
            "status_note",
            msg("Nguồn ghi thủ tục bị bãi bỏ mà không ghi ngày; vẫn coi là còn hiệu lực."),
            status,
        )
    return day


def _replaced_by(status: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"thay bằng (\d\.\d{6})", status)))


def _replaces(status: str, code: str | None) -> tuple[CodeAlias, ...]:
    found = re.findall(r"thay cho (?:cả )?(\d\.\d{6})", status)
    return tuple(CodeAlias(old, CodeKind.REPLACED, status) for old in found if old != code)


def _remarks(row: Row, definition: ProcedureDefinition) -> None:
    """What the product can do without but a person should know."""
    if not definition.papers:
        row.report(
            "no_papers", "documents", msg("Nguồn không có thành phần hồ sơ; cần bổ sung trước khi áp dụng.")
        )
    if not definition.results:
        row.report("no_results", "results", msg("Nguồn không ghi kết quả thực hiện."))
    if len(definition.levels) > 1:
        row.report(
            "several_levels",
            "level",
            msg(
                "Nhiều cấp cùng giải quyết tùy đối tượng: %(authority)s.",
                authority=definition.authority or "—",
            ),
            [level.value for level in definition.levels],
        )
    doubtful = sorted(name for name in definition.confidence if definition.doubtful(name))
    if doubtful:
        row.report(
            "low_confidence",
            "confidence",
            msg("Dữ liệu nguồn chưa chắc ở các mục: %(fields)s.", fields=", ".join(doubtful)),
            doubtful,
        )
