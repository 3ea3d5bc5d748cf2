"""Handing results over: scan the slip, tick, one key."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from motcua.counter import actions, queries_handover
from motcua.counter.forms_handover import HandOverForm
from motcua.counter.queries_handover import ReturnRow
from motcua.counter.rules.card_scan import read_scan
from motcua.counter.views.seat import Seat, seated
from motcua.dossiers.types import BulkOutcome, HandOverData
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
@seated
def page(request: ActorRequest, *, seat: Seat) -> HttpResponse:
    """Find what was scanned (posted, so that no card ends up in an address), or hand over what is ticked."""
    if request.method == "POST" and request.POST.get("do") != "find":
        return _hand_over(request, seat)
    text = (request.POST.get("q") or request.GET.get("q", ""))[:2000].strip()
    return _find(request, seat, text) if text else _show(request, seat, [], HandOverForm())


def _find(request: ActorRequest, seat: Seat, text: str) -> HttpResponse:
    scanned = read_scan(text, today=clock.today(clock.now()))
    rows = queries_handover.asked_for(request.actor, seat.unit, scanned)
    problem = ""
    if scanned.problem is not None:
        problem = scanned.problem.render()
    elif not rows:
        problem = _(
            "Không có hồ sơ nào ở đây khớp với mã vừa quét. Kiểm tra giấy tiếp nhận có phải của tỉnh, "
            "hoặc tìm theo họ tên ở ô tìm kiếm phía trên."
        )
    form = HandOverForm(initial={"method": rows[0].return_method.value if rows else "counter"})
    return _show(request, seat, rows, form, problem=problem, shown=_shown(text, rows))


def _shown(text: str, rows: Sequence[ReturnRow]) -> str:
    """What stays in the scan field: never the text of a card."""
    return "" if "|" in text else text


def _hand_over(request: ActorRequest, seat: Seat) -> HttpResponse:
    listed = queries_handover.chosen(request.actor, seat.unit, request.POST.getlist("listed"))
    ticked = set(request.POST.getlist("code"))
    rows = [row for row in listed if row.code in ticked]
    form = HandOverForm(request.POST)
    if not rows:
        return _show(
            request, seat, listed, form, errors={"results": _("Chọn ít nhất một kết quả để trả.")}, status=422
        )
    if not form.is_valid():
        return _show(request, seat, listed, form, ticked=ticked, status=422)
    by_code = {row.code: row for row in rows}

    def data_for(code: str) -> HandOverData:
        row = by_code[code]
        return form.data_for(owner=row.owner, known=row.recipient or row.submitter)

    outcomes = actions.hand_over_all(
        actor=request.actor, codes=list(by_code), data_for=data_for, now=clock.now()
    )
    failed = [outcome for outcome in outcomes if not outcome.ok]
    _say(request, [outcome for outcome in outcomes if outcome.ok])
    if not failed:
        return HttpResponseRedirect(reverse("counter:handover"))
    left = queries_handover.chosen(request.actor, seat.unit, [outcome.code for outcome in failed])
    errors = {f"code-{outcome.code}": f"{outcome.code}: {outcome.message}" for outcome in failed}
    return _show(
        request, seat, left, form, errors=errors, ticked={outcome.code for outcome in failed}, status=409
    )


def _say(request: ActorRequest, done: Sequence[BulkOutcome]) -> None:
    if not done:
        return
    text = ngettext("Đã trả kết quả hồ sơ %(codes)s.", "Đã trả %(n)s kết quả: %(codes)s.", len(done))
    codes = ", ".join(outcome.code for outcome in done)
    messages.success(request, text % {"codes": codes, "n": len(done)})


def _errors(form: HandOverForm) -> dict[str, str]:
    if not form.is_bound:
        return {}
    return {form[name].id_for_label: " ".join(map(str, found)) for name, found in form.errors.items()}


def _show(
    request: ActorRequest,
    seat: Seat,
    rows: Sequence[ReturnRow],
    form: HandOverForm,
    *,
    problem: str = "",
    errors: dict[str, str] | None = None,
    ticked: set[str] | None = None,
    shown: str = "",
    status: int = 200,
) -> HttpResponse:
    ready = [row for row in rows if row.is_ready]
    first = ready[0] if ready else None
    context = {
        "seat": seat,
        "now": clock.now(),
        "ready": ready,
        "others": [row for row in rows if not row.is_ready],
        "first": first,
        "known": (first.recipient or first.submitter) if first else None,
        "ticked": {row.code for row in ready} if ticked is None else ticked,
        "form": form,
        "errors": errors or _errors(form),
        "problem": problem,
        "query": shown,
    }
    return render(request, "counter/handover.html", context, status=status)
