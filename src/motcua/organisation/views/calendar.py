"""Calendars: a month of a unit, its week, single days, and next year's proposal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.kernel import clock
from motcua.kernel.days import read_day, read_month
from motcua.kernel.errors import NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.days import wrong_month
from motcua.organisation import actions, queries
from motcua.organisation.forms import DayForm, ProposalForm, WeekForm, sessions_text
from motcua.organisation.types import DayReason, UnitInfo
from motcua.organisation.views.forms_flow import add_refusal, form_page

LEGEND = ("working", "weekly", *(reason.value for reason in DayReason))


@signed_in
@require_safe
def calendar(request: ActorRequest) -> HttpResponse:
    """A month: worked days, days off with name and decision, swapped and compensatory days."""
    today = clock.today(clock.now())
    asked = request.GET.get("don-vi", "").strip()[:120]
    suggestions: list[UnitInfo] = []
    code, error = queries.usual_unit(request.actor).code, ""
    if asked:
        try:
            code = queries.unit_by_code(asked.split(" ")[0]).code
        except NotFound as refusal:
            suggestions = queries.search_units(asked, divisions=True, limit=12)
            if len(suggestions) == 1:
                code, suggestions = suggestions[0].code, []
            else:
                error = _("Chọn một đơn vị bên dưới.") if suggestions else refusal.message.render()
    typed = request.GET.get("thang", "")
    month = _month(typed, today)
    page = queries.calendar_page(
        actor=request.actor, code=code, month=month or today.replace(day=1), today=today
    )
    context = {
        "page": page,
        "unit": page.unit,
        "asked": asked if error else f"{page.unit.code} {page.unit.name}",
        "unit_error": error,
        "month": typed if typed and month is None else page.first,
        "month_error": wrong_month(typed) if typed and month is None else "",
        "suggestions": suggestions,
        "choices": queries.agencies(),
        "legend": _legend(),
        "next_year": today.year + 1,
    }
    return render(
        request, "organisation/calendar.html", context, status=422 if error or context["month_error"] else 200
    )


@signed_in
@require_http_methods(["GET", "POST"])
def week(request: ActorRequest, code: str) -> HttpResponse:
    """Set the sessions of a unit's week."""
    shown = queries.unit_to_manage(actor=request.actor, code=code)
    rows = queries.week_rows(shown)
    can_inherit = shown.parent_id is not None
    initial: dict[str, Any] = {}
    for row in rows:
        own = row.own or not can_inherit
        mode = WeekForm.INHERIT if not own else WeekForm.OWN if row.sessions else WeekForm.CLOSED
        initial[f"mode_{row.weekday}"] = mode
        initial[f"sessions_{row.weekday}"] = sessions_text(row.sessions)
    form = WeekForm(
        request.POST or None, initial=initial, names=[row.name for row in rows], can_inherit=can_inherit
    )
    return form_page(
        request,
        form,
        lambda _values: actions.set_week(
            actor=request.actor, now=clock.now(), unit_id=shown.id, week=form.week()
        ),
        template="organisation/week.html",
        context={
            "unit": shown,
            "crumbs": _crumbs(shown, _("Buổi làm việc")),
            "rows": [(form[f"mode_{row.weekday}"], form[f"sessions_{row.weekday}"], row) for row in rows],
        },
        done=_("Đã lưu buổi làm việc của %(unit)s.") % {"unit": shown.name},
        done_url=_calendar_url(shown),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def day(request: ActorRequest, code: str) -> HttpResponse:
    """Take a day out of a unit's week or put it in."""
    chosen = read_day(request.GET.get("ngay", "")) or clock.today(clock.now())
    shown, held = queries.day_to_edit(actor=request.actor, code=code, day=chosen)
    initial: dict[str, Any] = {"day": chosen, "kind": "off", "reason": DayReason.HOLIDAY.value}
    if held:
        initial |= {
            "kind": held.kind,
            "reason": held.look,
            "name": held.name,
            "decision": held.decision,
            "paired_day": held.paired_day,
            "sessions": sessions_text(queries.day_sessions(shown.id, chosen) or ()),
        }
    return form_page(
        request,
        DayForm(request.POST or None, initial=initial, today=clock.today(clock.now())),
        lambda values: actions.set_calendar_day(
            actor=request.actor, now=clock.now(), unit_id=shown.id, **values
        ),
        template="organisation/day.html",
        context={
            "unit": shown,
            "chosen": chosen,
            "held": held,
            "crumbs": _crumbs(shown, _("Ngày đặc biệt")),
        },
        done=_("Đã lưu vào lịch của %(unit)s. Hạn của hồ sơ đang xử lý sẽ được tính lại.")
        % {"unit": shown.name},
        done_url=_calendar_url(shown, chosen),
    )


@signed_in
@require_POST
def remove_day(request: ActorRequest, code: str) -> HttpResponse:
    """Make a day ordinary again."""
    shown = queries.unit_to_manage(actor=request.actor, code=code)
    chosen = read_day(request.POST.get("day", "")) or clock.today(clock.now())
    actions.remove_calendar_day(actor=request.actor, now=clock.now(), unit_id=shown.id, day=chosen)
    messages.success(request, _("Đã bỏ ngày này khỏi lịch. Hạn của hồ sơ đang xử lý sẽ được tính lại."))
    return redirect(_calendar_url(shown, chosen))


@signed_in
@require_http_methods(["GET", "POST"])
def proposal(request: ActorRequest, code: str) -> HttpResponse:
    """Review a year's proposed days: confirm with a decision, or discard."""
    now = clock.now()
    year = _year(request.GET.get("nam", ""), clock.today(now).year + 1)
    page = queries.proposal_page(actor=request.actor, code=code, year=year)
    days = [row.day for row in page.proposed]
    form = ProposalForm(request.POST or None, days=days)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = _decide(request, page.unit, form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect(request.get_full_path())
    if form.is_bound:
        status = 422
    context = {
        "page": page,
        "unit": page.unit,
        "form": form,
        "chosen": set(request.POST.getlist("days")) if form.is_bound else {day.isoformat() for day in days},
        "crumbs": _crumbs(page.unit, _("Đề xuất ngày nghỉ")),
        "years": [year - 1, year, year + 1],
    }
    return render(request, "organisation/proposal.html", context, status=status)


@signed_in
@require_POST
def propose(request: ActorRequest, code: str) -> HttpResponse:
    """Fetch a year's proposal."""
    shown = queries.unit_to_manage(actor=request.actor, code=code)
    now = clock.now()
    year = _year(request.POST.get("nam", ""), clock.today(now).year + 1)
    count = actions.propose_holidays(actor=request.actor, now=now, unit_id=shown.id, year=year)
    if count:
        messages.success(
            request,
            msg("Đã đề xuất %(count)s ngày của năm %(year)s để duyệt.", count=count, year=year).render(),
        )
    else:
        messages.info(request, _("Không có ngày mới nào để đề xuất cho năm %(year)s.") % {"year": year})
    return redirect(f"{reverse('organisation:proposal', args=[code])}?nam={year}")


def _decide(request: ActorRequest, shown: UnitInfo, values: dict[str, Any]) -> str:
    now = clock.now()
    if request.POST.get("act") == "discard":
        count = actions.discard_proposed(actor=request.actor, now=now, unit_id=shown.id, days=values["days"])
        return msg("Đã bỏ %(count)s ngày đề xuất.", count=count).render()
    count = actions.confirm_proposed(actor=request.actor, now=now, unit_id=shown.id, **values)
    return msg(
        "Đã đưa %(count)s ngày vào lịch. Hạn của hồ sơ đang xử lý sẽ được tính lại.", count=count
    ).render()


def _legend() -> list[dict[str, str]]:
    labels = {"working": _("Làm việc"), "weekly": _("Nghỉ hằng tuần")}
    labels |= {reason.value: str(reason.label) for reason in DayReason}
    return [{"look": look, "label": labels[look]} for look in LEGEND]


def _crumbs(shown: UnitInfo, last: str) -> list[dict[str, str]]:
    return [
        {"label": _("Lịch làm việc"), "url": reverse("organisation:calendar")},
        {"label": shown.name, "url": _calendar_url(shown)},
        {"label": last, "url": ""},
    ]


def _calendar_url(shown: UnitInfo, day: date | None = None) -> str:
    month = f"&thang={day:%Y-%m}" if day else ""
    return f"{reverse('organisation:calendar')}?don-vi={shown.code}{month}"


def _month(text: str, today: date) -> date | None:
    """The month that was asked for, this month where none was; None for what is no month of a calendar."""
    found = read_month(text) if text else today.replace(day=1)
    return found if found and 2000 <= found.year <= 2100 else None


def _year(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else usual
