"""What people do with a whole change-set. A refusal comes back on its page with everything that is in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.catalogue import actions, permissions, queries
from motcua.catalogue.errors import InUse, NotReady
from motcua.catalogue.types_changes import Policy
from motcua.catalogue.views.changes.page import shown
from motcua.catalogue.views.paging import integer
from motcua.documents import queries as files
from motcua.kernel import clock
from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import Message, msg
from motcua.kernel.web.access import signed_in


@signed_in
@require_POST
def approve(request: ActorRequest, pk: int) -> HttpResponse:
    """The second pair of eyes."""
    revision = integer(request.POST.get("revision"), default=0)
    return _act(
        request,
        pk,
        lambda: actions.approve_change_set(
            actor=request.actor, change_set_id=pk, revision=revision, now=clock.now()
        ),
        _("Đã duyệt gói. Diễn tập rồi công bố."),
    )


@signed_in
@require_POST
def publish(request: ActorRequest, pk: int) -> HttpResponse:
    """All of it or nothing."""
    return _act(
        request,
        pk,
        lambda: actions.publish_change_set(actor=request.actor, change_set_id=pk, now=clock.now()),
        _("Đã công bố cả gói."),
    )


@signed_in
@require_POST
def undo(request: ActorRequest, pk: int) -> HttpResponse:
    """Taken back as a whole."""
    return _act(
        request,
        pk,
        lambda: actions.undo_change_set(
            actor=request.actor,
            change_set_id=pk,
            reason=request.POST.get("reason", "")[:1000],
            now=clock.now(),
        ),
        _("Đã hoàn tác cả gói; danh mục trở lại như trước."),
    )


@signed_in
@require_POST
def give_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Back to the one who drafts."""
    return _act(
        request,
        pk,
        lambda: actions.return_to_draft(
            actor=request.actor,
            change_set_id=pk,
            reason=request.POST.get("reason", "")[:1000],
            now=clock.now(),
        ),
        _("Đã trả gói về soạn."),
    )


@signed_in
@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Thrown away, still readable."""
    return _act(
        request,
        pk,
        lambda: actions.discard_change_set(actor=request.actor, change_set_id=pk, now=clock.now()),
        _("Đã bỏ gói; số quyết định có thể soạn lại."),
    )


@signed_in
@require_POST
def refresh(request: ActorRequest, pk: int) -> HttpResponse:
    """Compare all lines with the catalogue of today."""
    revision = integer(request.POST.get("revision"), default=0)
    return _act(
        request,
        pk,
        lambda: actions.refresh_lines(
            actor=request.actor, change_set_id=pk, revision=revision, now=clock.now()
        ),
        _("Đã so lại mọi dòng với danh mục hiện nay."),
    )


@signed_in
@require_POST
def choose_policy(request: ActorRequest, pk: int) -> HttpResponse:
    """What becomes of dossiers received before, for the ticked lines or for all."""
    wanted = request.POST.get("policy", "")
    queries.changes.change_set(pk)
    permissions.require_draft(request.actor, queries.changes.fields_of(pk))
    if wanted not in {policy.value for policy in Policy}:
        return shown(
            request,
            queries.changes.change_set(pk),
            said=_("Chọn cách xử lý hồ sơ cũ trong danh sách."),
            status=422,
        )
    ticked = [int(text[:12]) for text in request.POST.getlist("line") if text.isascii() and text.isdigit()]
    return _act(
        request,
        pk,
        lambda: actions.choose_policy(
            actor=request.actor,
            change_set_id=pk,
            revision=integer(request.POST.get("revision"), default=0),
            policy=Policy(wanted),
            line_ids=None if request.POST.get("which") == "all" else ticked,
            now=clock.now(),
        ),
        _("Đã ghi cách xử lý hồ sơ nhận trước đó."),
    )


@signed_in
@require_POST
def attach_scan(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep the scanned decision with the change-set."""

    def act() -> object:
        queries.changes.change_set(pk)
        permissions.require_draft(request.actor, queries.changes.fields_of(pk))
        sent = request.FILES.get("scan")
        if sent is None or sent.file is None:
            raise Invalid(msg("Chọn tệp PDF bản quét của quyết định."), field="scan")
        return actions.attach_scan(
            actor=request.actor,
            change_set_id=pk,
            content=cast(BinaryIO, sent.file),
            name=sent.name or "quyet-dinh.pdf",
            now=clock.now(),
        )

    return _act(request, pk, act, _("Đã kèm bản quét của quyết định."))


@signed_in
@require_safe
def scan(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The scanned decision."""
    info = queries.changes.change_set(pk)
    row = files.stored_file(info.scan_id) if info.scan_id is not None else None
    if row is None:
        raise NotFound(msg("Gói này chưa kèm bản quét."))
    return FileResponse(files.open_file(row), content_type="application/pdf", filename="quyet-dinh.pdf")


def _act(request: ActorRequest, pk: int, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it and go back to the page; a refusal that is about the change-set is shown there with all its reasons."""
    reasons: tuple[Message, ...] = ()
    try:
        act()
    except (NotReady, InUse) as refusal:
        reasons = refusal.reasons or (refusal.message,)
        said = _("Chưa làm được. Những điều còn vướng:")
    except (Conflict, Invalid) as refusal:
        said = refusal.message.render()
    else:
        messages.success(request, done)
        return redirect("changes:page", pk)
    return shown(request, queries.changes.change_set(pk), reasons=reasons, said=said, status=409)
