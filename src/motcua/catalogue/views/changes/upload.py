"""Bringing a decision in: choose a file, see every problem by cell, keep it as a draft."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from motcua.catalogue import actions, permissions, words_changes
from motcua.catalogue.rules.decisions import DecisionRead, read_decision, write_decision_workbook
from motcua.catalogue.rules.decisions.values import Problem
from motcua.documents.rules.tables import LIMITS
from motcua.kernel import clock
from motcua.kernel.errors import Invalid, NotAllowed, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in

SHOWN = 500
HELD = 160 * 1024
"""Characters of a file that a page carries along, so that it need not be chosen again."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_http_methods(["GET", "POST"])
def upload(request: ActorRequest) -> HttpResponse:
    """`/quyet-dinh/tai-len/`. A file without problems becomes a draft at once; one with problems is only shown."""
    if not permissions.may_draft(request.actor):
        raise NotAllowed(
            msg("Chỉ người kiểm soát thủ tục hoặc quản trị công nghệ thông tin mới được soạn gói thay đổi.")
        )
    context: dict[str, Any] = {"crumbs": _crumbs(), "accept": ".xlsx,.docx,.csv,.json"}
    if request.method == "GET":
        return render(request, "catalogue/changes/upload.html", context)
    try:
        name, data = _sent(request)
        reads = read_decision(data, name=name)
        context |= {"name": name, "held": _hold(data), "reads": [_shown(read) for read in reads]}
        context["keepable"] = any(read.lines for read in reads)
        wanted = request.POST.get("keep") == "yes" and context["keepable"]
        if all(read.clean for read in reads) or wanted:
            return _drafted(request, reads, name)
    except NotAllowed:
        raise
    except Refused as refusal:
        context["error"] = refusal.message.render()
    return render(request, "catalogue/changes/upload.html", context, status=422)


@signed_in
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    """`/quyet-dinh/mau/`: the workbook to fill in."""
    answer = HttpResponse(write_decision_workbook(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="mau-quyet-dinh-cong-bo.xlsx"'
    return answer


def _sent(request: ActorRequest) -> tuple[str, bytes]:
    """The file sent now, or the one the page carried along."""
    sent = request.FILES.get("file")
    if isinstance(sent, UploadedFile):
        if (sent.size or 0) > LIMITS.max_bytes:
            raise Invalid(
                msg(
                    "Tệp lớn hơn %(n)s MB. Tách bớt trang hoặc ảnh rồi tải lại.",
                    n=LIMITS.max_bytes // 1024**2,
                )
            )
        return (sent.name or "quyet-dinh")[:200], sent.read()
    held = request.POST.get("held", "")
    if not held:
        raise Invalid(msg("Chọn tệp quyết định: Excel (.xlsx), Word (.docx), CSV hoặc JSON."), field="file")
    try:
        unpacked = zlib.decompressobj()
        data = unpacked.decompress(base64.b64decode(held, validate=True), LIMITS.max_bytes)
    except (binascii.Error, zlib.error, ValueError):
        raise Invalid(msg("Tệp giữ lại trên trang đã hỏng. Chọn tệp lần nữa."), field="file") from None
    return request.POST.get("name", "")[:200] or "quyet-dinh", data


def _hold(data: bytes) -> str:
    held = base64.b64encode(zlib.compress(data)).decode()
    return held if len(held) <= HELD else ""


def _drafted(request: ActorRequest, reads: tuple[DecisionRead, ...], name: str) -> HttpResponse:
    done = actions.draft_decisions(actor=request.actor, reads=reads, source=name, now=clock.now())
    if len(done) == 1:
        if not done[0].is_new:
            messages.info(request, _("Tệp này đã được đọc trước đó; đây là gói của nó."))
        return redirect("changes:page", done[0].info.id)
    made = sum(one.is_new for one in done)
    messages.success(
        request,
        ngettext("Đã soạn %(n)s gói thay đổi.", "Đã soạn %(n)s gói thay đổi.", made) % {"n": made},
    )
    return redirect("changes:list")


def _shown(read: DecisionRead) -> dict[str, Any]:
    return {
        "number": read.head.number,
        "title": read.head.title,
        "kind": words_changes.KINDS[read.head.kind] if read.head.kind else "",
        "lines": len(read.lines),
        "problems": [(p.cell, p.message.render()) for p in sorted(read.problems, key=_by_row)[:SHOWN]],
        "more": max(0, len(read.problems) - SHOWN),
        "remarks": [(p.cell, p.message.render()) for p in read.remarks[:SHOWN]],
    }


def _by_row(problem: Problem) -> tuple[str, int, int, str]:
    """As one goes through a file: by sheet, then row, then column; places of other files stay as they were read."""
    found = re.fullmatch(r"(.+)!([A-Z]{1,3})(\d+)", problem.cell)
    return (found[1], int(found[3]), len(found[2]), found[2]) if found else ("", 0, 0, "")


def _crumbs() -> list[dict[str, str]]:
    return [
        {"url": reverse("changes:list"), "label": _("Quyết định công bố")},
        {"label": _("Tải quyết định lên")},
    ]
