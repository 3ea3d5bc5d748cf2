"""Dossiers under way when a decision changes their procedure: look first, then act, watch, and take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.dossiers import queries_moving
from motcua.dossiers.actions import moving as actions
from motcua.dossiers.forms_moving import ChoiceForm, UndoForm
from motcua.dossiers.queries_moving import Scope
from motcua.dossiers.views.queue import number
from motcua.kernel import clock
from motcua.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.forms import Form

AGENCY, OUTCOME, PAGE, AFTER = "co-quan", "ket-qua", "trang", "sau"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def sets(request: ActorRequest) -> HttpResponse:
    """`/ho-so-chuyen-tiep/`: decisions that concern dossiers under way."""
    page = queries_moving.sets_page(request.actor, page=number(request.GET.get(PAGE)) or 1)
    return render(request, "moving/sets.html", {"page": page, "pages": _pages(request, page.page, page.more)})


@require_safe
@signed_in
def dry_run(request: ActorRequest, change_set_id: int) -> HttpResponse:
    """What would become of every dossier, before anything is done."""
    page = queries_moving.dry_run(
        request.actor,
        change_set_id,
        agency_id=number(request.GET.get(AGENCY)),
        outcome=request.GET.get(OUTCOME, ""),
        page=number(request.GET.get(PAGE)) or 1,
        now=clock.now(),
    )
    context = {
        "page": page,
        "crumbs": _crumbs(page.info.number),
        "scopes": queries_moving.scopes(request.actor),
        "done": queries_moving.batch_counts(page.batch) if page.batch else None,
        "pages": _pages(request, page.page, page.more),
        "agency": page.scope.agency_id or "",
    }
    return render(request, "moving/dry_run.html", context)


@require_POST
@signed_in
def start(request: ActorRequest, change_set_id: int) -> HttpResponse:
    """Begin; the page of the run shows how far it is."""
    scope = _scope(request)
    try:
        done = actions.start_moving(
            actor=request.actor, change_set_id=change_set_id, agency_id=scope.agency_id, now=clock.now()
        )
    except Conflict as refusal:
        messages.error(request, refusal.message.render())
        return redirect("moving:dry_run", change_set_id)
    return redirect("moving:batch", done.pk)


@require_safe
@signed_in
def export(request: ActorRequest, change_set_id: int) -> HttpResponse:
    """The dry run as a workbook."""
    scope = _scope(request)
    decision, content = actions.export_dry_run(
        actor=request.actor, change_set_id=change_set_id, agency_id=scope.agency_id, now=clock.now()
    )
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in decision).strip("-")
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="ho-so-chuyen-tiep-{name}.xlsx"'
    return response


@require_safe
@signed_in
def batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """How far a run is, and what it did to each dossier."""
    page = queries_moving.done_page(request.actor, batch_id, after=number(request.GET.get(AFTER)) or 0)
    context = {
        "page": page,
        "batch": page.batch,
        "counts": queries_moving.batch_counts(page.batch),
        "crumbs": _crumbs(
            page.info.number, reverse("moving:dry_run", args=[page.info.id]), _("Lượt chuyển tiếp")
        ),
        "pages": {"next_url": f"?{AFTER}={page.after}" if page.after else "", "previous_url": ""},
    }
    return render(request, "moving/batch.html", context)


@require_safe
@signed_in
def progress(request: ActorRequest, batch_id: int) -> HttpResponse:
    """The moving part of the page of a run."""
    found = queries_moving.batch_for(request.actor, batch_id)
    context = {"batch": found, "counts": queries_moving.batch_counts(found)}
    return render(request, "moving/parts/progress.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def undo_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Take a whole run back, with the reason."""
    found = queries_moving.batch_for(request.actor, batch_id)

    def act(typed: dict[str, Any], now: datetime) -> None:
        actions.undo_moving(actor=request.actor, batch_id=batch_id, reason=typed["reason"], now=now)

    context = {
        "title": _("Hoàn tác cả lượt chuyển tiếp"),
        "lead": _(
            "Mọi hồ sơ của lượt này trở lại như trước; hồ sơ đã có việc khác sau đó thì giữ nguyên và được liệt kê."
        ),
        "submit": _("Hoàn tác cả lượt"),
        "danger": True,
        "facts": [(_("Số hồ sơ"), found.looked_at)],
    }
    done = _("Đang hoàn tác. Trang này cho biết tiến độ.")
    return _form_page(request, UndoForm, act, context, done, reverse("moving:batch", args=[batch_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def undo_change(request: ActorRequest, change_id: int) -> HttpResponse:
    """Take back what was done to one dossier."""
    change, line = queries_moving.change_to_undo(request.actor, change_id)

    def act(typed: dict[str, Any], now: datetime) -> None:
        actions.undo_change(actor=request.actor, change_id=change_id, reason=typed["reason"], now=now)

    context = {
        "title": _("Hoàn tác cho một hồ sơ"),
        "lead": line.render(),
        "submit": _("Hoàn tác"),
        "danger": True,
        "facts": [(_("Mã hồ sơ"), change.dossier.code), (_("Thủ tục"), change.dossier.procedure_name)],
    }
    back = reverse("moving:batch", args=[change.batch_id])
    return _form_page(request, UndoForm, act, context, _("Đã hoàn tác cho hồ sơ."), back)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choice(request: ActorRequest, change_id: int) -> HttpResponse:
    """Write down what the applicant chose."""
    page = queries_moving.choice_page(request.actor, change_id)

    def act(typed: dict[str, Any], now: datetime) -> None:
        actions.record_choice(
            actor=request.actor,
            change_id=change_id,
            choice=typed["choice"],
            chosen_on=typed["chosen_on"],
            note=typed["note"],
            now=now,
        )

    context = {
        "title": _("Ghi lựa chọn của người nộp"),
        "lead": page.line.render(),
        "submit": _("Ghi lựa chọn"),
        "facts": [(_("Mã hồ sơ"), page.code), (_("Chủ hồ sơ"), page.owner), (_("Thủ tục"), page.procedure)],
    }
    back = reverse("dossiers:detail", args=[page.code])
    return _form_page(request, ChoiceForm, act, context, _("Đã ghi lựa chọn của người nộp."), back)


def _form_page(
    request: ActorRequest,
    form_class: type[Form],
    act: Callable[[dict[str, Any], datetime], None],
    context: dict[str, Any],
    done: str,
    back: str,
) -> HttpResponse:
    """Show the form, act, or show it again with everything typed and the refusal at its field."""
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data, clock.now())
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message.render())
        else:
            messages.success(request, done)
            return redirect(back)
    context = {**context, "form": form, "back": back}
    return render(request, "moving/form.html", context, status=422 if form.is_bound else 200)


def _scope(request: ActorRequest) -> Scope:
    given = request.POST if request.method == "POST" else request.GET
    return queries_moving.scope_of(request.actor, number(given.get(AGENCY)))


def _crumbs(decision: str, url: str = "", last: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"url": reverse("moving:sets"), "label": _("Hồ sơ chuyển tiếp")},
        {"url": url, "label": decision},
    ]
    return [*crumbs, {"label": last}] if last else crumbs


def _pages(request: ActorRequest, page: int, more: bool) -> dict[str, str]:
    def url(wanted: int) -> str:
        query = request.GET.copy()
        query[PAGE] = str(wanted)
        return f"?{query.urlencode()}"

    return {"previous_url": url(page - 1) if page > 1 else "", "next_url": url(page + 1) if more else ""}
