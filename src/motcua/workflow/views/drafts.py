"""Drafts of processes: the list, beginning one, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in
from motcua.organisation import queries as organisation
from motcua.workflow import actions, queries
from motcua.workflow.errors import DraftMoved, TableNotUnderstood
from motcua.workflow.forms import BeginForm
from motcua.workflow.permissions import agencies_to_draft_for, require_drafts
from motcua.workflow.rules.pasted import CellRemark
from motcua.workflow.types import DraftStatus
from motcua.workflow.uploads import Found, as_text, is_diagram, table_in, table_pasted
from motcua.workflow.views.showing import SEVERITY

BADGES = {"drafting": "progress", "submitted": "attention", "published": "done", "discarded": "stopped"}
FIELDS = {"table": "text", "file": "file", "text": "text", "number": "number", "title": "title"}


@signed_in
@require_safe
def draft_list(request: ActorRequest) -> HttpResponse:
    """Drafts of one's agencies, newest change first."""
    require_drafts(request.actor)
    text, status = request.GET.get("q", "")[:200], request.GET.get("trang-thai", "")
    number = request.GET.get("trang", "")
    page = queries.drafts(
        request.actor,
        text=text,
        status=status,
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1,
    )
    units = organisation.units()
    tabs = [("", _("Đang mở")), *((s.value, s.label) for s in DraftStatus)]
    context = {
        "rows": [
            {"draft": row, "agency": units[row.agency_id].name, "badge": BADGES[row.status]}
            for row in page.rows
        ],
        "page": page,
        "q": text,
        "status": status,
        "tabs": [
            {"label": label, "url": f"?trang-thai={value}", "active": value == status}
            for value, label in tabs
        ],
        "can_begin": bool(agencies_to_draft_for(request.actor)),
    }
    return render(request, "workflow/drafts.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def paste(request: ActorRequest) -> HttpResponse:
    """Begin a draft from a pasted or uploaded table, a BPMN file, or a template."""
    agencies = agencies_to_draft_for(request.actor)
    if not agencies:
        raise NotAllowed(
            msg("Quy trình do quản trị công nghệ thông tin hoặc cán bộ kiểm soát thủ tục của cơ quan soạn.")
        )
    form = BeginForm(request.POST or None, request.FILES or None, agencies=agencies)
    remarks: tuple[CellRemark, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            draft = _begin(request, form)
        except TableNotUnderstood as refusal:
            remarks = refusal.remarks
            form.add_error("text", refusal.message.render())
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(FIELDS.get(refusal.field or ""), refusal.message.render())
        else:
            messages.success(request, _("Đã tạo bản nháp. Xem lại từng bước rồi trình duyệt."))
            return redirect("workflow:edit_draft", draft_id=draft.pk)
    context = {
        "form": form,
        "remarks": [
            _told(remark) for remark in sorted(remarks, key=lambda remark: remark.severity != "error")
        ],
        "has_gaps": any(remark.severity == "error" for remark in remarks),
        "crumbs": [
            {"label": _("Quy trình"), "url": reverse("workflow:processes")},
            {"label": _("Bản nháp"), "url": reverse("workflow:drafts")},
            {"label": _("Soạn từ bảng")},
        ],
    }
    return render(request, "workflow/paste.html", context, status=422 if form.is_bound else 200)


def _begin(request: ActorRequest, form: BeginForm) -> Any:
    data, now = form.cleaned_data, clock.now()
    who: dict[str, Any] = {"actor": request.actor, "agency_id": int(data["agency"]), "now": now}
    upload = data["file"]
    if upload and is_diagram(upload.name):
        return actions.draft_from_bpmn(**who, data=upload.read(), about=form.about())
    if not upload and not data["text"].strip():
        return actions.draft_from_template(**who, template=data["template"], about=form.about())
    found = (
        table_in(upload.read(), name=upload.name, number=data["number"] or 1)
        if upload
        else table_pasted(data["text"])
    )
    try:
        return actions.draft_from_table(
            **who, table=found.table, before=found.before, about=form.about(), leave_gaps=data["leave_gaps"]
        )
    except TableNotUnderstood:
        if upload:
            _put_into_text(form, found, request.POST)
        raise


def _put_into_text(form: BeginForm, found: Found, typed: QueryDict) -> None:
    """An uploaded table that is not understood stands in the page to be put right there."""
    form.data = {**typed.dict(), "text": as_text(found.table, found.before)}


def _told(remark: CellRemark) -> dict[str, str]:
    return {
        "kind": SEVERITY[remark.severity],
        "where": remark.cell or (_("dòng %(n)s") % {"n": remark.row} if remark.row else _("cả bảng")),
        "column": remark.column,
        "text": remark.message.render(),
    }


@signed_in
@require_POST
def begin(request: ActorRequest) -> HttpResponse:
    """A draft of the next version of a published process."""
    version_id, agency = request.POST.get("version", ""), request.POST.get("agency", "")
    agencies = agencies_to_draft_for(request.actor)
    if not agencies:
        raise NotAllowed(
            msg("Quy trình do quản trị công nghệ thông tin hoặc cán bộ kiểm soát thủ tục của cơ quan soạn.")
        )
    chosen = next((unit.id for unit in agencies if str(unit.id) == agency), agencies[0].id)
    number = int(version_id) if version_id.isascii() and version_id.isdigit() and len(version_id) < 19 else 0
    draft = actions.draft_from_version(
        actor=request.actor, agency_id=chosen, version_id=number, now=clock.now()
    )
    return redirect("workflow:edit_draft", draft_id=draft.pk)


def _revision(request: ActorRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _decided(request: ActorRequest, draft_id: int, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it and go back to the draft; a refusal is said there. 403 and 404 are pages of their own."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except DraftMoved as refusal:
        messages.error(request, refusal.message.render())
    except Refused as refusal:
        messages.error(request, refusal.message.render())
    else:
        messages.success(request, done)
    return redirect("workflow:edit_draft", draft_id=draft_id)


@signed_in
@require_POST
def submit(request: ActorRequest, draft_id: int) -> HttpResponse:
    """Hand a draft to a second person."""
    return _decided(
        request,
        draft_id,
        lambda: actions.submit_draft(
            actor=request.actor,
            draft_id=draft_id,
            revision=_revision(request),
            accepted=request.POST.getlist("accept")[:10],
            now=clock.now(),
        ),
        _("Đã trình duyệt. Người thứ hai sẽ xem và ban hành."),
    )


@signed_in
@require_POST
def publish(request: ActorRequest, draft_id: int) -> HttpResponse:
    """Approve and publish."""
    return _decided(
        request,
        draft_id,
        lambda: actions.publish_draft(
            actor=request.actor, draft_id=draft_id, revision=_revision(request), now=clock.now()
        ),
        _("Đã duyệt và ban hành quy trình."),
    )


@signed_in
@require_POST
def send_back(request: ActorRequest, draft_id: int) -> HttpResponse:
    """Give it back to its drafters, or take it back as one of them."""
    return _decided(
        request,
        draft_id,
        lambda: actions.return_draft(
            actor=request.actor, draft_id=draft_id, note=request.POST.get("note", ""), now=clock.now()
        ),
        _("Đã chuyển về trạng thái đang soạn."),
    )


@signed_in
@require_POST
def discard(request: ActorRequest, draft_id: int) -> HttpResponse:
    """Give it up."""
    return _decided(
        request,
        draft_id,
        lambda: actions.discard_draft(actor=request.actor, draft_id=draft_id, now=clock.now()),
        _("Đã bỏ bản nháp. Nội dung vẫn xem lại được trong danh sách."),
    )
