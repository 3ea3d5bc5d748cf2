"""`/cau-hinh/nghi-quyet/`: resolutions on fees: seen by staff, typed by one person, put in force by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.catalogue import actions, permissions
from motcua.catalogue.forms_fees import (
    TERRITORIES,
    EndForm,
    LineFormSet,
    ResolutionForm,
    first_day_after,
    lines_of,
)
from motcua.catalogue.queries import resolutions as queries
from motcua.catalogue.queries.resolutions import ResolutionView
from motcua.catalogue.types import Territory
from motcua.kernel import clock
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in

PLACES = dict(TERRITORIES)


@require_safe
@signed_in
def listing(request: ActorRequest) -> HttpResponse:
    """What counts, what counted, and what waits for the second person."""
    today = clock.today(clock.now())
    context = {
        "resolutions": [_row(one, today) for one in queries.listed()],
        "drafts": [_row(one, today) for one in queries.drafts()],
        "may_set": permissions.may_set_fees(request.actor),
    }
    return render(request, "catalogue/fees/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: ActorRequest) -> HttpResponse:
    """Type a resolution; "Xem trước" shows what changes, "Lưu" leaves it to the second person."""
    permissions.require_set_fees(request.actor)
    if request.method != "POST":
        return _form(request, ResolutionForm(), LineFormSet(prefix="line"))
    form, lines = ResolutionForm(request.POST), LineFormSet(request.POST, prefix="line")
    if not (form.is_valid() and lines.is_valid()):
        return _form(request, form, lines, status=422)
    data, now = form.cleaned_data, clock.now()
    given = {
        "number": data["number"],
        "title": data["title"],
        "signed_on": data["signed_on"],
        "valid_from": data["valid_from"],
        "valid_to": first_day_after(data["last_day"]),
        "territory": Territory(data["territory"]),
        "lines": lines_of(lines),
    }
    try:
        if request.POST.get("do") != "save":
            return _form(request, form, lines, preview=queries.preview(**given, at=now))
        draft = actions.draft_fee_resolution(actor=request.actor, now=now, **given)
    except Refused as refused:
        if refused.status in (403, 404):
            raise
        field = {"valid_to": "last_day"}.get(refused.field or "", refused.field)
        form.add_error(field if field in form.fields else None, refused.message.render())
        return _form(request, form, lines, status=refused.status)
    messages.success(request, _("Đã lưu bản nháp. Người thứ hai xem và duyệt."))
    return redirect("catalogue_configuring:fee_draft", pk=draft)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    """One draft with what it changes; approve it or throw it away."""
    found = queries.draft(pk)
    refusal = ""
    if request.method == "POST":
        try:
            return _decide(request, pk)
        except Refused as refused:
            if refused.status == 404:
                raise
            refusal = refused.message.render()
    now = clock.now()
    context = {
        "draft": _row(found, clock.today(now)),
        "changes": queries.changes_of(found, at=now),
        "may_approve": permissions.may_approve_fees(request.actor)
        and found.drafted_by_id != request.actor.user_id,
        "may_discard": permissions.may_approve_fees(request.actor),
        "refusal": refusal,
    }
    return render(request, "catalogue/fees/draft.html", context, status=409 if refusal else 200)


def _decide(request: ActorRequest, pk: int) -> HttpResponse:
    now = clock.now()
    if request.POST.get("do") == "discard":
        actions.discard_fee_draft(actor=request.actor, draft_id=pk, now=now)
        messages.success(request, _("Đã bỏ bản nháp."))
    else:
        actions.approve_fee_resolution(actor=request.actor, draft_id=pk, now=now)
        messages.success(request, _("Nghị quyết đã có trong mức thu từ ngày có hiệu lực."))
    return redirect("catalogue_configuring:fee_resolutions")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """Write down the last day a resolution counts."""
    permissions.require_set_fees(request.actor)
    found = queries.standing_one(pk)
    form = EndForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            last = first_day_after(form.cleaned_data["last_day"])
            assert last is not None
            try:
                actions.end_fee_resolution(
                    actor=request.actor, resolution_id=pk, valid_to=last, now=clock.now()
                )
            except Refused as refused:
                if refused.status in (403, 404):
                    raise
                form.add_error("last_day", refused.message.render())
            else:
                messages.success(request, _("Đã ghi ngày hết hiệu lực."))
                return redirect("catalogue_configuring:fee_resolutions")
    context = {
        "resolution": _row(found, clock.today(clock.now())),
        "form": form,
        "errors": {form[name].id_for_label: " ".join(map(str, found)) for name, found in form.errors.items()},
    }
    return render(request, "catalogue/fees/end.html", context, status=status)


def _form(
    request: ActorRequest,
    form: ResolutionForm,
    lines: Any,
    *,
    preview: queries.Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = {
        one[name].id_for_label: " ".join(map(str, found))
        for one in (form, *(lines.forms if lines.is_bound else ()))
        for name, found in (one.errors.items() if one.is_bound else ())
        if name in one.fields
    }
    whole = [str(one) for one in form.non_field_errors()] if form.is_bound else []
    whole += [str(one) for one in lines.non_form_errors()] if lines.is_bound else []
    context = {"form": form, "lines": lines, "errors": errors, "whole": whole, "preview": preview}
    return render(request, "catalogue/fees/new.html", context, status=status)


def _row(one: ResolutionView, today: Any) -> dict[str, Any]:
    last = one.valid_to - timedelta(days=1) if one.valid_to else None
    return {
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "signed_on": one.signed_on,
        "valid_from": one.valid_from,
        "last_day": last,
        "place": PLACES[one.territory],
        "lines": one.sentences,
        "by": one.by_name,
        "at": one.at,
        "state": "done"
        if one.valid_to and one.valid_to <= today
        else "waiting"
        if one.valid_from > today
        else "progress",
    }
