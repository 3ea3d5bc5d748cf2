"""Statements and their lines, as pages show them: only of units whose books one reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.payments.models import BankAccount, Bill, Payment, Statement, StatementLine, StatementMapping
from motcua.payments.permissions import can_collect, units_to_read
from motcua.payments.queries.judging import WAITING, judge, payments_on, units_of
from motcua.payments.rules.matching import Proposal, shared_over
from motcua.payments.rules.statements import (
    Layout,
    StatementRead,
    carried_layouts,
    layout_for,
    mapped,
    read_statement,
)
from motcua.payments.types import BillState, MatchState

PAGE, RECENT, FOUND, SEARCHED = 50, 8, 10, 5_000


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with how much of it waits."""

    id: int
    number: str
    holder: str
    bank_bin: str
    unit_id: int
    unit_name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """One account: its lines in one state, newest first, and its latest statements."""

    accounts: tuple[AccountRow, ...]
    account: AccountRow | None
    counts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    certain: int = 0
    lines: tuple[StatementLine, ...] = ()
    statements: tuple[Statement, ...] = ()
    more: bool = False
    may_work: bool = False


@dataclass(frozen=True, slots=True)
class BillOption:
    """A bill a line may be booked to."""

    bill: Bill
    owed: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with its bills."""

    proposal: Proposal
    parts: tuple[tuple[Bill, int], ...]

    @property
    def value(self) -> str:
        return ",".join(f"{bill.pk}:{amount}" for bill, amount in self.parts)


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line, live: what it may pay, what it was matched with, what comes next."""

    line: StatementLine
    unit_name: str
    proposals: tuple[ProposalRow, ...]
    there: tuple[Payment, ...]
    reason: Message | None
    matched: tuple[tuple[Payment, int], ...]
    found: tuple[BillOption, ...]
    next_id: int | None
    left: int
    may_work: bool


def accounts(actor: Actor) -> tuple[AccountRow, ...]:
    """The accounts whose statements one may see, those with something waiting first (one statement)."""
    rows = _accounts(actor).annotate(
        waiting=Count("pk", filter=Q(statements__lines__state__in=WAITING)),
    )
    found = [_account_row(row, row.waiting) for row in rows.order_by("number")]
    return tuple(sorted(found, key=lambda row: -row.waiting))


def statements_page(
    actor: Actor,
    *,
    account_id: int | None,
    state: str,
    before: tuple[datetime, int] | None = None,
    text: str = "",
) -> StatementsPage:
    """`/thu-phi/sao-ke/` (four statements). Raises `NotFound` for an account of others."""
    known = accounts(actor)
    if not known:
        return StatementsPage((), None)
    account = known[0] if account_id is None else next((row for row in known if row.id == account_id), None)
    if account is None:
        raise NotFound(msg("Không có tài khoản này."))
    counts, sums = dict.fromkeys(MatchState.values, 0), dict.fromkeys(MatchState.values, 0)
    certain = 0
    groups = StatementLine.objects.filter(account_id=account.id).values_list("state", "automatic")
    for said, automatic, number, amount in groups.annotate(n=Count("pk"), sum=Sum("amount")):
        counts[said] += number
        sums[said] += amount
        certain += number if automatic and said == MatchState.PROPOSED else 0
    lines = StatementLine.objects.filter(account_id=account.id, state=state).select_related("bill")
    if text:
        lines = lines.filter(_searched(text))
    if before is not None:
        lines = lines.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    shown = list(lines.order_by("-at", "-pk")[: PAGE + 1])
    return StatementsPage(
        accounts=known,
        account=account,
        counts=counts,
        sums=sums,
        certain=certain,
        lines=tuple(shown[:PAGE]),
        statements=tuple(Statement.objects.filter(account_id=account.id).order_by("-imported_at")[:RECENT]),
        more=len(shown) > PAGE,
        may_work=can_collect(actor, account.unit_id),
    )


def line_page(actor: Actor, line_id: int, *, text: str = "") -> LinePage:
    """`/thu-phi/sao-ke/dong/<id>/`, judged as things stand now."""
    line = visible_line(actor, line_id)
    waiting = line.state in WAITING
    judged = judge(line.account, [line]) if waiting else None
    ranked = judged.proposals[line.pk] if judged else ()
    bills = Bill.objects.in_bulk([bill_id for one in ranked for bill_id in one.bill_ids])
    there = list(judged.there.get(line.pk, ())) if judged else []
    if waiting and ranked:
        there += [one for one in payments_on(bills, line.amount) if one.pk not in {two.pk for two in there}]
    ahead = StatementLine.objects.filter(
        account_id=line.account_id, state__in=WAITING, automatic=False
    ).exclude(pk=line.pk)
    behind = ahead.filter(Q(at__gt=line.at) | Q(at=line.at, pk__gt=line.pk)).order_by("at", "pk")
    following = behind.values_list("pk", flat=True).first() or (
        ahead.order_by("at", "pk").values_list("pk", flat=True).first()
    )
    return LinePage(
        line=line,
        unit_name=organisation.unit(line.account.unit_id).full_name,
        proposals=tuple(
            ProposalRow(one, tuple((bills[bill_id], amount) for bill_id, amount in one.parts))
            for one in ranked
        ),
        there=tuple(there),
        reason=judged.reasons.get(line.pk) if judged else None,
        matched=_matched(line),
        found=_search(line, text) if waiting and text else (),
        next_id=following,
        left=ahead.count(),
        may_work=can_collect(actor, line.account.unit_id),
    )


def visible_line(actor: Actor, line_id: int) -> StatementLine:
    """One line of a unit whose books one reads; raises `NotFound`."""
    line = StatementLine.objects.select_related("account", "statement").filter(pk=line_id).first()
    units = units_to_read(actor)
    if line is None or (units is not None and line.account.unit_id not in units):
        raise NotFound(msg("Không có dòng sao kê này."))
    return line


def share_line(actor: Actor, line_id: int, bill_ids: list[int]) -> list[tuple[int, int]]:
    """The amount of a line over bills, in the order they were chosen; what is too much stays with the last."""
    line = visible_line(actor, line_id)
    bills = Bill.objects.in_bulk(bill_ids)
    return list(shared_over(line.amount, [(pk, owed(bills[pk])) for pk in bill_ids if pk in bills]))


def account_by_number(number: str) -> int:
    """The open account with this number, whatever bank; raises `NotFound` when there is none, or more than one."""
    found = list(
        BankAccount.objects.filter(number=number, ends_on__isnull=True).values_list("pk", flat=True)[:2]
    )
    if len(found) != 1:
        raise NotFound(
            msg("Không có tài khoản %(number)s đang dùng, hoặc có ở hai ngân hàng.", number=number[:40])
        )
    return found[0]


def layouts(actor: Actor, account_id: int) -> tuple[Layout, ...]:
    """The mappings to choose from for an account: saved ones first."""
    if not _accounts(actor).filter(pk=account_id).exists():
        raise NotFound(msg("Không có tài khoản này."))
    saved = StatementMapping.objects.filter(account_id=account_id).order_by("-saved_at")
    own = (Layout(f"own:{one.pk}", one.name, {}) for one in saved)
    return (*own, *carried_layouts())


def read_for(
    *,
    actor: Actor,
    account_id: int,
    name: str,
    data: bytes,
    layout: str = "",
    columns: Mapping[str, str] | None = None,
) -> StatementRead:
    """Read a statement without keeping anything, for the preview.

    `layout` is the key of a carried layout or `own:<id>` of a saved mapping; `columns` a mapping made on the screen.
    Raises `NotFound`, `Invalid` and `NoLayout`.
    """
    account = _accounts(actor).filter(pk=account_id).first()
    if account is None:
        raise NotFound(msg("Không có tài khoản này."))
    chosen = layouts_for(account, layout, columns)
    return read_statement(data, name=name, account=account.number, layouts=chosen)


def layouts_for(account: BankAccount, layout: str, columns: Mapping[str, str] | None) -> tuple[Layout, ...]:
    """What to try: the columns just mapped, the layout chosen, or the saved ones and then the bank's own."""
    if columns:
        return (mapped("", columns),)
    saved = [
        mapped(one.name, one.columns, key=f"own:{one.pk}")
        for one in StatementMapping.objects.filter(account=account).order_by("-saved_at")
    ]
    if not layout:
        return (*saved, *layout_for(account.bank_bin))
    chosen = tuple(one for one in (*saved, *carried_layouts()) if one.key == layout)
    if not chosen:
        raise Invalid(msg("Chọn cách đọc cột trong danh sách."), field="layout")
    return chosen


def _accounts(actor: Actor) -> QuerySet[BankAccount]:
    units = units_to_read(actor)
    rows = BankAccount.objects.all()
    return rows if units is None else rows.filter(unit_id__in=units)


def _account_row(row: BankAccount, waiting: int) -> AccountRow:
    name = organisation.unit(row.unit_id).full_name
    return AccountRow(row.pk, row.number, row.holder, row.bank_bin, row.unit_id, name, waiting)


def _searched(text: str) -> Q:
    wanted = Q(text__icontains=text) | Q(number__iexact=text) | Q(payer__icontains=text)
    amount = text.replace(".", "").replace(",", "")
    return wanted | Q(amount=int(amount)) if amount.isdigit() and len(amount) < 15 else wanted


def _matched(line: StatementLine) -> tuple[tuple[Payment, int], ...]:
    """Payments of a matched line, each with what of it is an advance on its bill."""
    rows = line.matches.filter(undone_at__isnull=True).select_related("payment__bill", "payment__entry")
    return tuple(
        (match.payment, match.payment.amount - int(match.payment.entry.data.get("allocated", 0)))
        for match in rows.order_by("pk")
    )


def _search(line: StatementLine, text: str) -> tuple[BillOption, ...]:
    """Bills of the unit by reference, dossier code, or the words of the payer's name; those that owe first."""
    units = units_of(line.account)
    rows = Bill.objects.filter(unit_id__in=units)
    signs = "".join(text.upper().split())
    exact = list(
        rows.filter(Q(reference__startswith=signs[:25]) | Q(subject__startswith=text.strip()))[:FOUND]
    )
    words = fold(text).split()
    if not exact and words:
        waiting = rows.filter(state__in=(BillState.OPEN, BillState.PARTLY)).order_by("-pk")
        names = waiting.values_list("pk", "payer_name")[:SEARCHED]
        ids = [pk for pk, name in names if all(word in fold(name) for word in words)][:FOUND]
        exact = list(rows.filter(pk__in=ids).order_by("-pk"))
    options = [BillOption(bill, owed(bill)) for bill in exact]
    return tuple(sorted(options, key=lambda one: not one.owed))


def owed(bill: Bill) -> int:
    """What is still owed on a bill, in đồng."""
    gone = bill.state in (BillState.CANCELLED, BillState.REFUNDED)
    return 0 if gone else max(bill.total - bill.paid, 0)
