from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from motcua.catalogue import queries
from motcua.catalogue.queries.fees import FeeSheet, Given, Owed
from motcua.catalogue.rules.case_matching import best_match
from motcua.catalogue.rules.fees.computing import QUANTITIES, Line, dong_text
from motcua.catalogue.rules.fees.giving_way import CHANNELS
from motcua.catalogue.rules.fees.resolutions import territory_of
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.types import ProcedureDefinition, Territory
from motcua.catalogue.words_fees import standing_words
from motcua.kernel import clock
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation


class Command(BaseCommand):
    help = "What a procedure costs, line by line with reasons in Vietnamese. Works without a database too."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="code of the procedure")
        parser.add_argument("--case", default="", help="case (trường hợp) by key or name")
        parser.add_argument("--quantity", default="", metavar="NAME=N,…", help="such as pages=5,copies=3")
        parser.add_argument(
            "--exempt", default="", metavar="KEY,…", help="groups whose proof was shown, such as ho-ngheo"
        )
        parser.add_argument("--channel", choices=CHANNELS, default="in_person", help="how it is handed in")
        parser.add_argument("--date", default="", help="day or instant asked about, now without it")
        parser.add_argument("--unit", default="", metavar="CODE", help="unit that decides, such as 07210")
        parser.add_argument(
            "--since", default="", metavar="DATE", help="day a term runs from (of birth, of death)"
        )
        parser.add_argument("--meets", default="", metavar="KEY,…", help="lines whose condition holds")
        parser.add_argument("--not-meets", default="", metavar="KEY,…", help="lines whose condition fails")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _instant(options["date"], "--date") or clock.now()
        content, found = _sheet(options["code"], at, options["unit"])
        since = _instant(options["since"], "--since")
        given = Given(
            day=found.day,
            case_key=_case(content, options["case"]),
            channel=options["channel"],
            quantities=_quantities(options["quantity"], found),
            exempt=_keys(options["exempt"], "--exempt", {one.key: one.name for one in found.exemptions}),
            meets=_keys(options["meets"], "--meets", _conditions(found)),
            not_meets=_keys(options["not_meets"], "--not-meets", _conditions(found)),
            event_day=clock.today(since) if since else None,
        )
        result = queries.fees.owed_by(found, given)
        self.finish(_data(content, found, given, result), _lines(content, found, result))


def _sheet(code: str, at: datetime, unit: str) -> tuple[ProcedureDefinition, FeeSheet]:
    """The content and its fees, from the database, or from the carried data while there is none."""
    if not _has_data():
        if unit:
            raise Invalid(msg("--unit cần cơ sở dữ liệu đã có các đơn vị."), field="unit")
        content = queries.carried_definition(code)
        return content, queries.fees.sheet(content, at=at, resolutions=())
    try:
        version = queries.current_version(code, at)
    except NotFound:
        version = queries.versions_of(code)[-1]
    content = queries.definition(version.id)
    territory: Territory | None = None
    if unit:
        where = organisation.unit_by_code(unit)
        territory = territory_of(organisation.unit(where.agency_id).former_province)
    return content, queries.fees.sheet(content, at=at, territory=territory)


def _has_data() -> bool:
    try:
        return bool(organisation.units())
    except DatabaseError:
        return False


def _instant(text: str, name: str) -> datetime | None:
    if not text:
        return None
    found = read_instant(text)
    if found is None:
        raise Invalid(
            msg("%(name)s: “%(given)s” không phải ngày; ghi như 2025-12-31.", name=name, given=text[:40])
        )
    return found


def _case(content: ProcedureDefinition, wanted: str) -> str:
    if not wanted:
        return ""
    for case in content.cases:
        if wanted == case.key or fold(wanted) == fold(case.name):
            return case.key
    near = best_match(wanted, [(case.key, case.name) for case in content.cases], at_least=0.9)
    if near:
        return near
    there = "; ".join(f"{case.key} ({case.name})" for case in content.cases)
    raise Invalid(
        msg("--case: không có trường hợp “%(given)s”. Có: %(there)s.", given=wanted[:60], there=there)
        if there
        else msg("--case: thủ tục này không chia trường hợp.")
    )


def _quantities(text: str, found: FeeSheet) -> dict[str, int]:
    counted: dict[str, int] = {}
    names = ", ".join(f"{name} ({QUANTITIES[name].source()})" for name in found.quantities) or "—"
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _equals, number = (one.strip() for one in part.partition("="))
        if name not in found.quantities:
            raise Invalid(
                msg("--quantity: thủ tục này không đếm “%(name)s”. Đếm: %(there)s.", name=name, there=names)
            )
        if not (number.isascii() and number.isdigit() and len(number) <= 15):
            raise Invalid(
                msg("--quantity: “%(part)s” phải là số nguyên, ví dụ %(name)s=3.", part=part[:40], name=name)
            )
        counted[name] = int(number)
    return counted


def _keys(text: str, option: str, there: dict[str, str]) -> frozenset[str]:
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    for key in wanted:
        if key not in there:
            names = "; ".join(f"{known} ({name})" for known, name in there.items()) or "không có"
            raise Invalid(
                msg(
                    "%(option)s: không có “%(key)s” ở thủ tục này. Có: %(there)s.",
                    option=option,
                    key=key[:60],
                    there=names,
                )
            )
    return frozenset(wanted)


def _conditions(found: FeeSheet) -> dict[str, str]:
    return {rule.key: f"{rule.name}: {rule.condition}" for rule in found.rules if rule.condition}


def _data(content: ProcedureDefinition, found: FeeSheet, given: Given, result: Owed) -> dict[str, Any]:
    return {
        "procedure": content.display_code,
        "name": content.name,
        "date": found.day.isoformat(),
        "case": given.case_key,
        "channel": given.channel,
        "lines": [_line(line) for line in result.lines],
        "total": result.total,
        "complete": result.complete,
        "exemptions": [{"key": one.key, "name": one.name, "proof": one.proof} for one in found.exemptions],
        "apart": [{"name": one.name, "why": one.why.source()} for one in found.apart],
        "told": list(found.told),
        "notices": list(found.notices),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "key": line.rule.key,
        "kind": line.rule.kind.value,
        "name": line.rule.name,
        "standing": line.standing.value,
        "amount": line.amount,
        "reasons": [reason.source() for reason in line.reasons],
        "basis": line.rule.basis,
    }


def _lines(content: ProcedureDefinition, found: FeeSheet, result: Owed) -> list[str]:
    lines = [f"{content.display_code} {content.name}".strip()]
    for line in result.lines:
        amount = standing_words(line.standing) if line.amount is None else f"{dong_text(line.amount)} đồng"
        lines.append(f"{line.rule.name}: {amount}")
        lines += [f"  {reason.source()}" for reason in line.reasons]
        if line.rule.basis:
            lines.append(f"  Căn cứ: {line.rule.basis}")
    if not result.lines:
        lines.append("Không có khoản thu nào cho cách nộp và trường hợp này.")
    lines.append(
        f"Tổng: {dong_text(result.total)} đồng" + ("" if result.complete else ", chưa đủ (xem trên)")
    )
    lines += [f"Không thu tại quầy: {one.name}. {one.why.source()}" for one in found.apart]
    lines += [f"Miễn, giảm ghi ở nguồn, chưa áp dụng tự động: {one}" for one in found.told]
    lines += [f"Lưu ý trước khi nộp tiền: {one}" for one in found.notices]
    return lines
