"""The money of the demo: what people tell at the counter, who pays how, and days closed one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.fees import Answers
from motcua.catalogue.rules.fees.answers import answered, by_counting, counted, questions
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Refused
from motcua.payments import actions, queries

METHODS = (("cash", 42), ("transfer", 40), ("card", 8), ("later", 10))
AUTOMATIC = frozenset({"transfer"})
"""Money that comes by itself; its receipt is printed only where the person still stands at the counter."""
UNPRINTED = 0.3
OPEN_DAYS = 1
"""So many working days before today are still to be closed: something is left for whoever tries the screen."""


@dataclass
class Till:
    """Takes the money of dossiers as they are received. Deterministic: its chances are its own."""

    random: Random
    until: datetime
    paid: int = 0
    closed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    days: dict[int, dict[date, Actor]] = field(default_factory=dict)

    def told(self, version_id: int, case_key: str, now: datetime) -> Answers:
        """A few pages and copies, no condition met, now and then a proof."""
        rules = catalogue.fees.fee_rules(version_id, at=now)
        if not rules:
            return Answers()
        counts = {"pages": self.random.randrange(1, 9), "copies": self.random.randrange(1, 5), "persons": 1}
        wanted = [
            name for name in counted([rule for rule in rules if not by_counting(rule)]) if name in counts
        ]
        meets, not_meets = answered(rules, {rule.key: False for rule in questions(rules)})
        groups = [one.key for rule in rules for one in rule.exemptions if one.key == "ho-ngheo"]
        return Answers(
            quantities={name: counts[name] for name in wanted},
            exempt=tuple(dict.fromkeys(groups)) if self.random.random() < 0.05 else (),
            meets=meets,
            not_meets=not_meets,
            event_day=clock.today(now) - timedelta(days=self.random.randrange(1, 90))
            if any(rule.free_days is not None for rule in rules)
            else None,
        )

    def pay(self, officer: Actor, bills: Iterable[queries.Bill], now: datetime) -> None:
        """Most people pay at once; some by transfer, some later or never."""
        for bill in bills:
            self.days.setdefault(bill.unit_id, {})[clock.today(now)] = officer
            method = self.random.choices([one[0] for one in METHODS], [one[1] for one in METHODS])[0]
            if method == "later" or not bill.total:
                continue
            try:
                if method == "card" and not queries.ways_to_pay(bill.unit_id, on=clock.today(now)).card:
                    method = "cash"
                self._take(officer, bill, method, now)
            except Refused as refusal:  # a ward that is not set up takes no cash
                self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
            else:
                self.paid += 1

    def _take(self, officer: Actor, bill: queries.Bill, method: str, now: datetime) -> None:
        references = {"cash": "", "card": f"{bill.pk:06d}", "transfer": f"FT{bill.pk:012d}"}
        actions.take_payment(
            actor=Actor.system("Ngân hàng (dữ liệu mẫu)") if method in AUTOMATIC else officer,
            bill_id=bill.pk,
            method=method,
            amount=bill.total,
            key=f"demo:{bill.pk}",
            reference=references[method],
            now=now,
        )
        if method in AUTOMATIC and self.random.random() < UNPRINTED:
            return
        for receipt in queries.printable_receipts(officer, bill.subject):
            if not receipt.printed:
                actions.count_print(actor=officer, receipt_id=receipt.pk, now=now)

    def close_days(self) -> None:
        """Pay yesterday's cash in at the Treasury and close the days, but for the last ones."""
        today = clock.today(self.until)
        for unit_id, days in self.days.items():
            past = [day for day in sorted(days) if day < today]
            for day in past[: len(past) - OPEN_DAYS]:
                try:
                    self._close(unit_id, day, days[day])
                except Refused as refusal:
                    self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
                    break

    def _close(self, unit_id: int, day: date, officer: Actor) -> None:
        evening = datetime(day.year, day.month, day.day, 17, 45, tzinfo=clock.VN) + timedelta(
            minutes=self.random.randrange(40)
        )
        cash = queries.balance(unit_id, "cash", until=day)
        if cash >= 500_000:
            actions.remit(
                actor=officer,
                unit_id=unit_id,
                method="cash",
                amount=cash,
                document=f"GNT {day:%d%m%y}/{unit_id}",
                key=f"demo:remit:{unit_id}:{day}",
                now=evening,
            )
            cash = 0
        actions.close_day(actor=officer, unit_id=unit_id, day=day, counted=cash, now=evening)
        self.closed += 1
