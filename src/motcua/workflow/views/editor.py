"""The editor of a draft. Every act is a plain form post; the script only saves the page from reloading."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation.types import Role
from motcua.workflow import actions, queries
from motcua.workflow.errors import DraftMoved
from motcua.workflow.forms_editor import Read, Sheet, read_sheet, sheet_of, sheet_posted, with_blank_outcome
from motcua.workflow.queries import DraftView
from motcua.workflow.rules.checks import Finding
from motcua.workflow.rules.definition import Effect, ProcessDefinition, StepKind, Where
from motcua.workflow.rules.difference import compare
from motcua.workflow.rules.drawing import as_table
from motcua.workflow.rules.editing import delete_step, insert_step, move_step
from motcua.workflow.rules.words import KINDS
from motcua.workflow.types import DraftStatus
from motcua.workflow.views import showing
from motcua.workflow.views.drafts import BADGES


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, draft_id: int) -> HttpResponse:
    """The editor for whoever writes the draft, its reading page for everybody else who may see it."""
    view = queries.draft(request.actor, draft_id, today=clock.today(clock.now()))
    if request.method == "POST":
        return _posted(request, view)
    if not view.can_edit:
        return render(request, "workflow/draft.html", _read_only(view))
    key, done = request.GET.get("buoc", "")[:80], request.GET.get("da", "")[:20]
    sheet = with_blank_outcome(view.definition, key) if done == "them-lua-chon" else sheet_of(view.definition)
    said = _said(view.definition, key, done)
    return _page(
        request, view, sheet, view.definition, said=said, focus=key, open_step=done == "them-lua-chon"
    )


def _posted(request: ActorRequest, view: DraftView) -> HttpResponse:
    act, _colon, rest = request.POST.get("act", "save").partition(":")
    if act == "undo":
        return _undone(request, view)
    revision = _number(request.POST.get("revision", ""))
    base = view.definition
    if revision != view.row.revision:
        try:
            base = queries.draft_revision(request.actor, view.row.pk, revision)
        except NotFound:
            base = view.definition
    sheet = sheet_posted(request.POST, base)
    read = read_sheet(sheet, base)
    if act == "preview":
        return _live(request, view, read)
    if read.errors:
        return _page(request, view, sheet, read.definition, errors=read.errors, status=422)
    definition, key, done = _changed(read.definition, act, rest)
    try:
        actions.save_draft(
            actor=request.actor,
            draft_id=view.row.pk,
            revision=revision,
            definition=definition,
            what=act,
            now=clock.now(),
        )
    except DraftMoved as refusal:
        return _conflict(request, view, definition, refusal)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _page(
            request, view, sheet, read.definition, errors={"title": refusal.message.render()}, status=422
        )
    return _back(view, key, done)


def _undone(request: ActorRequest, view: DraftView) -> HttpResponse:
    revision = _number(request.POST.get("revision", ""))
    try:
        actions.undo_draft(actor=request.actor, draft_id=view.row.pk, revision=revision, now=clock.now())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, refusal.message.render())
        return _back(view, "", "")
    return _back(view, "", "hoan-tac")


def _back(view: DraftView, key: str, done: str) -> HttpResponse:
    query = urlencode({name: value for name, value in (("buoc", key), ("da", done)) if value})
    address = reverse("workflow:edit_draft", args=[view.row.pk])
    return redirect(f"{address}?{query}#buoc-{key}" if key else f"{address}?{query}" if query else address)


def _changed(definition: ProcessDefinition, act: str, rest: str) -> tuple[ProcessDefinition, str, str]:
    """The definition after an act, the step it was about, and the word for what was done."""
    key, _colon, place = rest.partition(":")
    index = next((i for i, step in enumerate(definition.steps) if step.key == key), None)
    if act == "insert":
        changed, new = insert_step(definition, len(definition.steps) if index is None else index + 1)
        return changed, new, "chen"
    if index is None:
        return definition, "", "luu"
    if act in {"up", "down"}:
        to = index + (1 if act == "down" else -1)
        return move_step(definition, key, to), key, "xuong" if act == "down" else "len"
    if act == "move":
        return move_step(definition, key, _number(place)), key, "chuyen"
    if act == "delete":
        near = definition.steps[index - 1 if index else min(1, len(definition.steps) - 1)].key
        return delete_step(definition, key), near if near != key else "", "xoa"
    if act == "outcome":
        return definition, key, "them-lua-chon"
    return definition, key, "luu"


def _said(definition: ProcessDefinition, key: str, done: str) -> str:
    """What was just done, for everybody who does not see it happen."""
    step = definition.step(key)
    number = definition.steps.index(step) + 1 if step else 0
    words = {"name": (step.name if step else "")[:80], "n": number, "count": len(definition.steps)}
    sentences = {
        "len": _("Đã chuyển “%(name)s” lên vị trí %(n)s trên %(count)s."),
        "xuong": _("Đã chuyển “%(name)s” xuống vị trí %(n)s trên %(count)s."),
        "chuyen": _("Đã chuyển “%(name)s” đến vị trí %(n)s trên %(count)s."),
        "chen": _("Đã chèn một bước trống ở vị trí %(n)s."),
        "xoa": _("Đã xóa bước. Còn %(count)s bước."),
        "them-lua-chon": _("Thêm một lựa chọn cho bước %(n)s: điền rồi lưu."),
        "hoan-tac": _("Đã hoàn tác. Quy trình có %(count)s bước."),
        "luu": _("Đã lưu."),
    }
    return sentences[done] % words if done in sentences else ""


def _page(
    request: ActorRequest,
    view: DraftView,
    sheet: Sheet,
    definition: ProcessDefinition,
    *,
    errors: dict[str, str] | None = None,
    said: str = "",
    focus: str = "",
    open_step: bool = False,
    status: int = 200,
) -> HttpResponse:
    findings = _findings(view, definition)
    said_of = {
        severity: showing.by_step(finding for finding in findings if finding.severity == severity)
        for severity in ("error", "warning")
    }
    wrong = errors or {}
    context = {
        "view": view,
        "sheet": sheet,
        "order": ",".join(row.key for row in sheet.steps),
        "rows": [
            {
                "row": row,
                "errors": said_of["error"].get(row.key, []),
                "warnings": said_of["warning"].get(row.key, []),
                "is_first": n == 0,
                "is_last": n == len(sheet.steps) - 1,
                "is_focus": row.key == focus,
                "open": (row.key == focus and open_step) or any(_belongs(ident, row.key) for ident in wrong),
            }
            for n, row in enumerate(sheet.steps)
        ],
        "errors": wrong,
        "said": said,
        "remarks": showing.remarks_of(view.row.remarks),
        **_choices(),
        **_live_context(view, definition),
        **_frame(view),
        "page_keys": [
            {"keys": "F9", "text": _("Lưu bản nháp")},
            {"keys": "Alt ↑ Alt ↓", "text": _("Chuyển bước lên, xuống")},
        ],
    }
    return render(request, "workflow/editor.html", context, status=status)


def _belongs(ident: str, key: str) -> bool:
    return ident.startswith(("to-", "label-")) and ident.endswith(f"-{key}")


def _choices() -> dict[str, Any]:
    return {
        "roles": [("", _("Chưa chọn vai")), *((role.value, role.label) for role in Role)],
        "kinds": [(kind.value, KINDS[kind].render()) for kind in StepKind],
        "places": [
            (Where.AGENCY.value, _("Cơ quan giải quyết")),
            (Where.FIELD_DIVISION.value, _("Phòng chuyên môn của cơ quan")),
            (Where.RECEIVING_CENTRE.value, _("Nơi tiếp nhận hồ sơ")),
            (Where.COMMUNE.value, _("Cấp xã nơi có việc")),
            (Where.PROVINCE_COMMITTEE.value, _("UBND tỉnh")),
            (Where.PROVINCE_OFFICE.value, _("Văn phòng UBND tỉnh")),
            (Where.CONSULTED.value, _("Nơi được lấy ý kiến")),
            (Where.NAMED.value, _("Đơn vị ghi tên")),
        ],
        "ways": [
            ("tiep", _("đi tiếp đến bước")),
            ("lui", _("quay lại bước")),
            ("ben-canh", _("mở song song bước")),
            ("het", _("kết thúc")),
        ],
        "effects": [
            (Effect.NONE.value, _("không đổi hồ sơ")),
            (Effect.SUPPLEMENT.value, _("yêu cầu bổ sung")),
            (Effect.REFUSE.value, _("từ chối giải quyết")),
            (Effect.RETURN_UNRESOLVED.value, _("trả hồ sơ chưa giải quyết")),
        ],
    }


def _findings(view: DraftView, definition: ProcessDefinition) -> tuple[Finding, ...]:
    if definition == view.definition:
        return view.findings
    return queries.findings_of(view, definition, today=clock.today(clock.now()))


def _live_context(view: DraftView, definition: ProcessDefinition) -> dict[str, Any]:
    findings = _findings(view, definition)
    return {
        "sum": showing.sum_of(definition, findings),
        "findings": showing.findings_of(definition, findings),
        "acknowledge": showing.to_acknowledge(findings),
        "drawing": showing.drawing_of(definition),
        "count": len(definition.steps),
    }


def _live(request: ActorRequest, view: DraftView, read: Read) -> HttpResponse:
    """Sum, checks and drawing of what is typed, without saving it."""
    context = {"view": view, "unsaved": True, "errors": read.errors, **_live_context(view, read.definition)}
    return render(request, "workflow/_parts/live.html", context)


def _conflict(
    request: ActorRequest, view: DraftView, mine: ProcessDefinition, refusal: DraftMoved
) -> HttpResponse:
    """Both texts side by side; whoever came second chooses, with everything they typed still in the form."""
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "revision", "act"}
        for value in values
    ]
    context = {
        "view": view,
        "message": refusal.message.render(),
        "difference": showing.difference_of(compare(view.definition, mine)),
        "theirs": as_table(view.definition),
        "mine": as_table(mine),
        "hidden": hidden,
        **_frame(view),
    }
    return render(request, "workflow/draft_conflict.html", context, status=409)


def _read_only(view: DraftView) -> dict[str, Any]:
    difference = showing.difference_of(compare(view.base, view.definition)) if view.base else None
    return {
        "view": view,
        "rows": as_table(view.definition),
        "difference": difference,
        "remarks": showing.remarks_of(view.row.remarks),
        "is_submitted": view.row.status == DraftStatus.SUBMITTED,
        **_live_context(view, view.definition),
        **_frame(view),
    }


def _frame(view: DraftView) -> dict[str, Any]:
    title = view.row.title or _("Quy trình chưa đặt tên")
    return {
        "title": title,
        "badge": BADGES[view.row.status],
        "crumbs": [
            {"label": _("Quy trình"), "url": reverse("workflow:processes")},
            {"label": _("Bản nháp"), "url": reverse("workflow:drafts")},
            {"label": title[:80]},
        ],
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
