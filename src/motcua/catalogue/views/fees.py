"""The fees on the page of a procedure: how they are counted, for whom less, and a calculator without script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motcua.catalogue import queries, words
from motcua.catalogue.queries.fees import FeeSheet
from motcua.catalogue.rules.fees.answers import Answers, answered, given_of, questions
from motcua.catalogue.rules.fees.computing import QUANTITIES, Line, Owed, dong_text
from motcua.catalogue.rules.fees.reading import ON_REQUEST
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.rules.instants import read_instant
from motcua.catalogue.types import ProcedureCase, ProcedureDefinition, Territory
from motcua.catalogue.words_fees import price_words, standing_words
from motcua.kernel import clock
from motcua.kernel.errors import Invalid
from motcua.kernel.http import ActorRequest

PARAMETERS = {
    "pages": "so-trang",
    "copies": "so-ban",
    "persons": "so-nguoi",
    "items": "so-luong",
    "value": "gia-tri",
}
EVENT, EXEMPT, TERRITORY, ASKED = "tu-ngay", "mien", "dia-ban", "tinh"
LONGEST_NUMBER = 15
YES_NO = {"co": True, "khong": False}


def fee_context(
    request: ActorRequest,
    content: ProcedureDefinition,
    *,
    at: datetime,
    channel: str,
    case: ProcedureCase | None,
) -> dict[str, Any]:
    """What the fee section shows; with `?tinh=1` also what is owed, or what was wrong with a field."""
    territory = _territory(request.GET.get(TERRITORY, ""))
    sheet = queries.fees.sheet(content, at=at, territory=territory)
    form = _Form(request, sheet)
    result = form.result(channel or "in_person", case.key if case else "") if form.asked else None
    shown = [rule for rule in sheet.rules if not channel or not rule.channels or channel in rule.channels]
    return {
        "rules": sheet.rules,
        "pays": any(rule.amount != 0 and not rule.held for rule in sheet.rules),
        "rows": [_row(rule) for rule in shown],
        "apart": [{"name": one.name, "why": one.why.render()} for one in sheet.apart],
        "told": sheet.told,
        "notices": sheet.notices,
        "formula": "" if any(rule.tiers for rule in sheet.rules) else content.fee_formula,
        "exemptions": _exemptions(sheet),
        "form": form.fields(content, case, territory) if sheet.rules else None,
        "result": _result(result) if result else None,
        "wrong": list(form.wrong.values()),
    }


def fee_glance(rules: Sequence[FeeRule]) -> str:
    """The money in one line."""
    if not rules:
        return _("Nguồn không ghi khoản thu nào")
    known = [rule for rule in rules if rule.is_known and not rule.held]
    if not known:
        return _("Chưa có mức của tỉnh")
    said = _known_glance(known)
    if len(known) == len(rules):
        return said
    # Cases whose amount is not a plain number must not look as if they cost what the others cost.
    return _("%(known)s; trường hợp khác xem mục Phí, lệ phí") % {"known": said}


def _known_glance(known: Sequence[FeeRule]) -> str:
    tiered = next((rule for rule in known if rule.tiers or rule.rate is not None), None)
    if tiered is not None:
        return price_words(tiered)[0]
    amounts = sorted({rule.amount for rule in known if rule.amount is not None})
    if amounts == [0]:
        return _("Không mất phí")
    low, high = dong_text(amounts[0]), dong_text(amounts[-1])
    return f"{low} đồng" if low == high else _("%(low)s đến %(high)s đồng") % {"low": low, "high": high}


class _Form:
    """The calculator as it was sent: what could be read, and what was wrong by field."""

    def __init__(self, request: ActorRequest, sheet: FeeSheet) -> None:
        self.sheet = sheet
        self.typed = {name: request.GET.get(name, "").strip()[:40] for name in self._names()}
        self.asked = request.GET.get(ASKED) == "1" and bool(sheet.rules)
        self.wrong: dict[str, str] = {}

    def _names(self) -> list[str]:
        conditions = [f"khoan-{rule.key}" for rule in self.conditions]
        return [*PARAMETERS.values(), EVENT, EXEMPT, TERRITORY, *conditions]

    @property
    def conditions(self) -> list[FeeRule]:
        return questions(self.sheet.rules)

    def _answers(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        said = {rule.key: YES_NO.get(self.typed[f"khoan-{rule.key}"]) for rule in self.conditions}
        return answered(self.sheet.rules, {key: holds for key, holds in said.items() if holds is not None})

    def result(self, channel: str, case_key: str) -> Owed | None:
        """What is owed; None with `wrong` filled where something cannot be used."""
        quantities = self._quantities()
        event = read_instant(self.typed[EVENT]) if self.typed[EVENT] else None
        if self.typed[EVENT] and event is None:
            self.wrong[EVENT] = _("Không hiểu ngày “%(text)s”. Ghi như 30/06/2025.") % {
                "text": self.typed[EVENT]
            }
        meets, not_meets = self._answers()
        answers = Answers(
            quantities=quantities,
            exempt=(self.typed[EXEMPT],) if self.typed[EXEMPT] else (),
            meets=meets,
            not_meets=not_meets,
            event_day=clock.today(event) if event else None,
        )
        given = given_of(self.sheet.rules, answers, day=self.sheet.day, case_key=case_key, channel=channel)
        if self.wrong:
            return None
        try:
            return queries.fees.owed_by(self.sheet, given)
        except Invalid as refused:
            name = EVENT if refused.field == "event_day" else PARAMETERS.get(refused.field or "", "")
            self.wrong[name] = refused.message.render()
            return None

    def _quantities(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name in self.sheet.quantities:
            parameter = PARAMETERS[name]
            text = self.typed[parameter].replace(".", "") if name == "value" else self.typed[parameter]
            if not text:
                continue
            if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
                found[name] = int(text)
            else:
                self.wrong[parameter] = _("Ghi %(what)s bằng chữ số, ví dụ 3.") % {
                    "what": QUANTITIES[name].render()
                }
        return found

    def fields(
        self, content: ProcedureDefinition, case: ProcedureCase | None, territory: Territory | None
    ) -> dict[str, Any]:
        """Everything the form draws."""
        events = [rule.event for rule in self.sheet.rules if rule.free_days is not None]
        hints = {"pages": _("của một bản chính"), "copies": _("của bản chính đó")}
        tiered = {name for rule in self.sheet.rules if rule.tiers for name in rule.asks}
        return {
            "counts": [
                {
                    "name": PARAMETERS[name],
                    "label": QUANTITIES[name].render().capitalize(),
                    "hint": hints.get(name, "") if name in tiered else "",
                    "value": self.typed[PARAMETERS[name]],
                    "wrong": self.wrong.get(PARAMETERS[name], ""),
                }
                for name in self.sheet.quantities
            ],
            "event": {
                "label": events[0].capitalize(),
                "value": self.typed[EVENT],
                "wrong": self.wrong.get(EVENT, ""),
            }
            if events
            else None,
            "exemptions": [(one.key, one.name) for one in self.sheet.exemptions],
            "exempt": self.typed[EXEMPT],
            "conditions": [
                {
                    "name": f"khoan-{rule.key}",
                    "label": rule.condition,
                    "of": rule.name,
                    "value": self.typed[f"khoan-{rule.key}"],
                }
                for rule in self.conditions
            ],
            "territories": [
                (one.value, _("Bắc Ninh cũ") if one is Territory.BAC_NINH_CU else _("Bắc Giang cũ"))
                for one in self.sheet.split_by
            ],
            "territory": territory.value if territory else "",
            "cases": [(one.key, one.name) for one in content.cases]
            if any(rule.cases for rule in self.sheet.rules)
            else [],
            "case": case.key if case else "",
        }


def _territory(value: str) -> Territory | None:
    return Territory(value) if value in (Territory.BAC_NINH_CU, Territory.BAC_GIANG_CU) else None


def _row(rule: FeeRule) -> dict[str, Any]:
    known = rule.is_known and not rule.held
    prices = price_words(rule)
    state = "" if known else _("Chưa áp dụng, chờ duyệt") if rule.held else _not_counted(rule)
    condition = rule.condition if rule.condition != ON_REQUEST or "nếu có yêu cầu" not in rule.name else ""
    return {
        "name": rule.name,
        "prices": prices if known else [],
        "state": state,
        "condition": condition,
        "channels": ", ".join(str(words.CHANNELS[one]) for one in rule.channels),
        "last_day": rule.valid_to - timedelta(days=1) if rule.valid_to else None,
        "basis": rule.basis or rule.set_by,
        "held": rule.held,
    }


CENTRAL = re.compile(r"/(TT|NĐ|TTLT|QH\d+)-?")
"""What a ministry, the Government or the National Assembly has issued."""


def _not_counted(rule: FeeRule) -> str:
    """Why there is no amount: a formula of the centre nobody made a rule of, or a council that has not decided."""
    return _("Tính theo công thức của văn bản") if CENTRAL.search(rule.set_by) else _("Chưa có mức của tỉnh")


def fee_rows(content: ProcedureDefinition, *, at: datetime, channel: str) -> list[dict[str, Any]]:
    """The lines of the fee section alone, for paper."""
    sheet = queries.fees.sheet(content, at=at)
    return [
        _row(rule) for rule in sheet.rules if not channel or not rule.channels or channel in rule.channels
    ]


def _exemptions(sheet: FeeSheet) -> list[dict[str, Any]]:
    """Who pays less and with which proof, together by the lines they pay less of ("" for all of them)."""
    payable = [rule for rule in sheet.rules if rule.amount != 0]
    together: dict[str, list[dict[str, str]]] = {}
    for one in sheet.exemptions:
        lines = [rule for rule in payable if any(found.key == one.key for found in rule.exemptions)]
        names = "; ".join(dict.fromkeys(rule.name for rule in lines)) if len(lines) < len(payable) else ""
        together.setdefault(names, []).append({"name": one.name, "proof": one.proof})
    return [{"lines": lines, "people": together[lines]} for lines in sorted(together)]


def _result(owed: Owed) -> dict[str, Any]:
    return {
        "lines": [_line(line) for line in owed.lines],
        "total": owed.total,
        "complete": owed.complete,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.rule.name,
        "amount": line.amount,
        "state": standing_words(line.standing),
        "reasons": [reason.render() for reason in line.reasons],
        "basis": line.rule.basis,
    }
