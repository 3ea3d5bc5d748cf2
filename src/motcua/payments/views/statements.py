"""`/thu-phi/sao-ke/`: statements of banks, their lines by state, and working through them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.text import grouped, nfc
from motcua.kernel.web.access import signed_in
from motcua.payments import actions
from motcua.payments.permissions import may_read_somewhere
from motcua.payments.queries import statements as queries
from motcua.payments.types import MatchState
from motcua.payments.views.statement_upload import upload

TABS = {
    "can-xem": (MatchState.PROPOSED, gettext_noop("Có đề xuất")),
    "chua-khop": (MatchState.UNMATCHED, gettext_noop("Chưa khớp")),
    "da-khop": (MatchState.MATCHED, gettext_noop("Đã khớp")),
    "bo-qua": (MatchState.IGNORED, gettext_noop("Bỏ qua")),
}


@require_safe
@signed_in
def statements(request: ActorRequest) -> HttpResponse:
    """The lines of an account in one state; the latest statements beside them."""
    _require_reader(request)
    chosen = request.GET.get("tab", "")
    text = nfc(request.GET.get("q", "")[:80])
    account = _number(request.GET.get("tk", ""))
    tab = chosen if chosen in TABS else "can-xem"
    page = queries.statements_page(
        request.actor,
        account_id=account,
        state=TABS[tab][0].value,
        before=_cursor(request.GET.get("truoc", "")),
        text=text,
    )
    last = page.lines[-1] if page.more else None
    context = {
        "page": page,
        "tab": tab,
        "q": text,
        "tabs": [_tab(page, key, tab) for key in TABS],
        "next_cursor": f"{last.at.isoformat()}~{last.pk}" if last else "",
        "first_waiting": page.lines[0].pk if page.lines and tab in ("can-xem", "chua-khop") else None,
        "page_keys": [
            {"keys": "j k", "text": _("Dòng dưới, dòng trên")},
            {"keys": "Enter", "text": _("Mở dòng")},
        ],
    }
    return render(request, "payments/statements/list.html", context)


@require_safe
@signed_in
def line(request: ActorRequest, line_id: int) -> HttpResponse:
    """One line: proposals by key, a search for any bill, what it was matched with."""
    _require_reader(request)
    return _line_page(request, line_id)


@require_POST
@signed_in
def settle(request: ActorRequest, line_id: int) -> HttpResponse:
    """Book the line to the chosen bills."""

    def act(now: datetime) -> str:
        actions.settle_line(actor=request.actor, line_id=line_id, parts=_parts(request, line_id), now=now)
        return _("Đã khớp và ghi thu.")

    return _work(request, line_id, act)


@require_POST
@signed_in
def tie(request: ActorRequest, line_id: int) -> HttpResponse:
    """Say that a payment in the books is this money."""

    def act(now: datetime) -> str:
        payment = _number(request.POST.get("payment", ""))
        if payment is None:
            raise Invalid(msg("Chọn khoản đã thu."), field="payment")
        actions.tie_line(actor=request.actor, line_id=line_id, payment_id=payment, now=now)
        return _("Đã gắn với khoản đã thu; không ghi thêm tiền.")

    return _work(request, line_id, act)


@require_POST
@signed_in
def ignore(request: ActorRequest, line_id: int) -> HttpResponse:
    """Put the line aside."""

    def act(now: datetime) -> str:
        reason = request.POST.get("reason", "")[:300]
        actions.ignore_line(actor=request.actor, line_id=line_id, reason=reason, now=now)
        return _("Đã bỏ qua dòng này.")

    return _work(request, line_id, act)


@require_POST
@signed_in
def undo(request: ActorRequest, line_id: int) -> HttpResponse:
    """Take the match back."""

    def act(now: datetime) -> str:
        reason = request.POST.get("reason", "")[:300]
        actions.undo_match(actor=request.actor, line_id=line_id, reason=reason, now=now)
        return _("Đã gỡ; dòng này chờ xử lý lại.")

    return _work(request, line_id, act, stay=True)


@require_POST
@signed_in
def ask_back(request: ActorRequest, line_id: int) -> HttpResponse:
    """Ask that what was too much on a matched bill be given back to where it came from."""

    def act(now: datetime) -> str:
        found = queries.visible_line(request.actor, line_id)
        bill_id, amount = _number(request.POST.get("bill", "")), _number(request.POST.get("advance", ""))
        if bill_id is None or amount is None:
            raise Invalid(msg("Chọn khoản nộp thừa."), field="bill")
        actions.ask_refund(
            actor=request.actor,
            bill_id=bill_id,
            method="transfer",
            parts={},
            advance=amount,
            reason=str(msg("Chuyển khoản thừa: %(said)s", said=found.text[:200])),
            to_account=request.POST.get("to_account", "")[:255],
            now=now,
        )
        return _("Đã đề nghị hoàn trả; cần người thứ hai xác nhận.")

    return _work(request, line_id, act, stay=True)


@require_POST
@signed_in
def settle_certain(request: ActorRequest, account_id: int) -> HttpResponse:
    """Book the certain lines of an account now, where the job has not come to it."""
    _require_reader(request)
    done = actions.settle_automatic(actor=request.actor, account_id=account_id, now=clock.now())
    messages.success(
        request,
        ngettext("Đã khớp %(n)s dòng.", "Đã khớp %(n)s dòng.", done["booked"]) % {"n": done["booked"]},
    )
    return redirect(f"{reverse('payments:statements')}?tk={account_id}&tab=da-khop")


def _work(
    request: ActorRequest, line_id: int, act: Callable[[datetime], str], *, stay: bool = False
) -> HttpResponse:
    """Do it, say so, and go on to the next line that waits; a refusal shows the line again."""
    _require_reader(request)
    page = queries.line_page(request.actor, line_id)
    try:
        said = act(clock.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _line_page(
            request,
            line_id,
            error=refusal.message.render(),
            status=409 if isinstance(refusal, Conflict) else 422,
        )
    messages.success(request, said)
    if stay or page.next_id is None:
        return redirect("payments:statement_line", line_id)
    return redirect("payments:statement_line", page.next_id)


def _line_page(request: ActorRequest, line_id: int, *, error: str = "", status: int = 200) -> HttpResponse:
    text = nfc(request.GET.get("q", request.POST.get("q", ""))[:80])
    page = queries.line_page(request.actor, line_id, text=text)
    context = {
        "page": page,
        "line": page.line,
        "q": text,
        "error": error,
        "searched": bool(text),
        "typed": request.POST,
        "crumbs": [
            {"url": f"{reverse('payments:statements')}?tk={page.line.account_id}", "label": _("Sao kê")},
            {"label": grouped(page.line.amount)},
        ],
        "page_keys": _line_keys(page.may_work),
    }
    return render(request, "payments/statements/line.html", context, status=status)


def _line_keys(may_work: bool) -> list[dict[str, str]]:
    work = [
        {"keys": "1 … 8", "text": _("Khớp theo đề xuất")},
        {"keys": "F4", "text": _("Tìm khoản khác")},
        {"keys": "F8", "text": _("Bỏ qua dòng này")},
    ]
    return [*(work if may_work else []), {"keys": "n", "text": _("Dòng chờ tiếp theo")}]


def _parts(request: ActorRequest, line_id: int) -> list[tuple[int, int]]:
    """`part` is a proposal ("12:13000,13:5000"); else ticked bills, each with its amount or sharing what is left."""
    proposal = request.POST.get("part", "")
    if proposal:
        pairs = [part.partition(":") for part in proposal.split(",")[:50]]
        found = [(_number(bill), _number(amount)) for bill, _colon, amount in pairs]
    else:
        found = [
            (_number(bill), _money(request.POST.get(f"amount-{bill}", "")))
            for bill in request.POST.getlist("bill")
        ]
    ids = [bill_id for bill_id, _amount in found if bill_id is not None]
    if found and all(amount is None for _bill, amount in found):
        return queries.share_line(request.actor, line_id, ids)
    return [(bill_id, amount or 0) for bill_id, amount in found if bill_id is not None]


def _tab(page: queries.StatementsPage, key: str, active: str) -> dict[str, object]:
    state, label = TABS[key]
    account = page.account.id if page.account else ""
    return {
        "label": _(label),
        "url": f"?tk={account}&tab={key}",
        "active": key == active,
        "count": page.counts.get(state.value, 0),
    }


def _require_reader(request: ActorRequest) -> None:
    if not may_read_somewhere(request.actor):
        raise NotAllowed(msg("Sao kê dành cho người thu tiền, lãnh đạo và người kiểm tra của đơn vị thu."))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _money(text: str) -> int | None:
    return _number(text.replace(".", "").replace(",", "").replace(" ", "").strip())


def _cursor(text: str) -> tuple[datetime, int] | None:
    at, _mark, number = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    pk = _number(number)
    return (moment, pk) if pk is not None and moment.tzinfo else None


urls_statements = [
    path("thu-phi/sao-ke/", statements, name="statements"),
    path("thu-phi/sao-ke/nhap/", upload, name="upload_statement"),
    path("thu-phi/sao-ke/<int:account_id>/khop/", settle_certain, name="settle_certain"),
    path("thu-phi/sao-ke/dong/<int:line_id>/", line, name="statement_line"),
    path("thu-phi/sao-ke/dong/<int:line_id>/khop/", settle, name="settle_line"),
    path("thu-phi/sao-ke/dong/<int:line_id>/gan/", tie, name="tie_line"),
    path("thu-phi/sao-ke/dong/<int:line_id>/bo-qua/", ignore, name="ignore_line"),
    path("thu-phi/sao-ke/dong/<int:line_id>/go/", undo, name="undo_line"),
    path("thu-phi/sao-ke/dong/<int:line_id>/hoan/", ask_back, name="ask_back"),
]
