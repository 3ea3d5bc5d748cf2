"""One line of a change-set: before and after, what deserves a warning, matching it, editing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.catalogue import actions, permissions, queries
from motcua.catalogue.errors import EditedMeanwhile
from motcua.catalogue.forms import LineForm
from motcua.catalogue.rules.grid.columns import TITLES, Column
from motcua.catalogue.rules.line_editing import ContentText, content_from, text_of
from motcua.catalogue.types_changes import ChangeAction, ChangeState, Policy
from motcua.catalogue.types_drafts import ChangeSetInfo, DraftLine, LineInfo
from motcua.catalogue.views.changes.page import crumbs, differences, meanwhile, row_of, typed_again
from motcua.catalogue.views.paging import integer
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in

ENDING = frozenset(
    {ChangeAction.ABOLISHED, ChangeAction.NOTED, ChangeAction.PROCESS, ChangeAction.CONFIGURED}
)
CONTENT = (
    "name",
    "short_name",
    "field",
    "levels",
    "authority",
    "limit_amount",
    "limit_unit",
    "papers",
    "fees",
)
CONTENT_TEXTS = (*CONTENT, "results", "conditions", "legal_bases")


@signed_in
@require_safe
def line(request: ActorRequest, pk: int, line_id: int) -> HttpResponse:
    """`/quyet-dinh/<id>/dong/<line>/`."""
    info, found = queries.changes.change_set(pk), queries.changes.line(pk, line_id)
    may_edit = _may_edit(request, info)
    before, after = queries.changes.position_of(pk, line_id)
    text = request.GET.get("q", "").strip()[:120]
    matches = may_edit and (found.procedure_id is None or bool(text))
    context = {
        "info": info,
        "row": row_of(info, found),
        "line": found,
        "diff": [_shown(change) for change in found.diff],
        "raw": list(found.raw.get("columns", {}).items()),
        "settings": _settings(found),
        "may_edit": may_edit,
        "matches": matches,
        "proposals": queries.decisions.proposals(found, text, clock.now()) if matches else [],
        "query": text,
        "previous_url": reverse("changes:line", args=[pk, before]) if before else "",
        "next_url": reverse("changes:line", args=[pk, after]) if after else "",
        "procedure_url": _procedure_url(found),
        "crumbs": [*crumbs(info, here=False), {"label": _("Dòng %(n)s") % {"n": found.position}}],
    }
    return render(request, "catalogue/changes/line.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: int, line_id: int) -> HttpResponse:
    """Edit a line of a draft; what somebody else saved meanwhile is shown beside what was typed."""
    info, found = queries.changes.change_set(pk), queries.changes.line(pk, line_id)
    if not _may_edit(request, info):
        raise NotAllowed(msg("Chỉ sửa được dòng của gói đang soạn, bởi người được soạn."))
    form = LineForm(request.POST or None, initial=_initial(info, found))
    theirs: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_line(
                actor=request.actor,
                change_set_id=pk,
                line_id=line_id,
                revision=form.cleaned_data["revision"],
                line=_typed(form.cleaned_data, found),
                now=clock.now(),
            )
        except EditedMeanwhile as refusal:
            theirs = differences(form, _initial(info, found))
            form = typed_again(form, info.revision)
            form.add_error(None, meanwhile(refusal, info))
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message.render())
        else:
            messages.success(request, _("Đã lưu dòng %(n)s.") % {"n": found.position})
            return redirect("changes:line", pk, line_id)
    context = {
        "form": form,
        "info": info,
        "line": found,
        "theirs": theirs,
        "problems": [remark.message.render() for remark in found.problems],
        "crumbs": [*crumbs(info, here=False), {"label": _("Sửa dòng %(n)s") % {"n": found.position}}],
    }
    return render(request, "catalogue/changes/edit_line.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def match(request: ActorRequest, pk: int, line_id: int) -> HttpResponse:
    """Say which procedure of the catalogue a line speaks of."""
    found = queries.changes.line(pk, line_id)
    chosen = integer(request.POST.get("procedure"), default=0)
    actions.match_line(
        actor=request.actor,
        change_set_id=pk,
        line_id=line_id,
        procedure_id=chosen,
        revision=integer(request.POST.get("revision"), default=0),
        now=clock.now(),
    )
    messages.success(request, _("Đã khớp dòng %(n)s với thủ tục đã chọn.") % {"n": found.position})
    return redirect("changes:line", pk, line_id)


@signed_in
@require_POST
def remove(request: ActorRequest, pk: int, line_id: int) -> HttpResponse:
    """Take a line out of a draft."""
    actions.remove_line(
        actor=request.actor,
        change_set_id=pk,
        line_id=line_id,
        revision=integer(request.POST.get("revision"), default=0),
        now=clock.now(),
    )
    messages.success(request, _("Đã xóa dòng khỏi gói."))
    return redirect("changes:page", pk)


def _may_edit(request: ActorRequest, info: ChangeSetInfo) -> bool:
    return info.state is ChangeState.DRAFT and permissions.may_draft(
        request.actor, queries.changes.fields_of(info.id)
    )


def _initial(info: ChangeSetInfo, found: LineInfo) -> dict[str, Any]:
    content = found.content
    texts: dict[str, Any] = {}
    if content is not None:
        shown = text_of(content)
        texts = {name: getattr(shown, name) for name in CONTENT_TEXTS}
        texts["levels"] = list(shown.levels)
    return {
        **texts,
        "name": texts.get("name") or found.name,
        "action": found.action.value,
        "code": found.code,
        "old_code": found.old_code,
        "policy": found.policy.value,
        "revision": info.revision,
    }


def _typed(values: dict[str, Any], found: LineInfo) -> DraftLine:
    """The line as typed. Raises `Invalid` naming the field."""
    action = ChangeAction(values["action"])
    content = found.content
    if action not in ENDING or (content is not None and action is ChangeAction.CONFIGURED):
        if content is None and not values["levels"] and not values["field"]:
            content = None
        else:
            text = ContentText(
                **{name: values[name] for name in CONTENT_TEXTS if name != "levels"},
                levels=tuple(values["levels"]),
            )
            content = content_from(text, content, values["code"].strip())
    elif action in (ChangeAction.ABOLISHED, ChangeAction.NOTED):
        content = None
    same = values["code"].strip() == found.code
    return replace(
        queries.changes.draft_of(found),
        action=action,
        code=values["code"].strip(),
        old_code=values["old_code"].strip(),
        name=values["name"].strip() or found.name,
        policy=Policy(values["policy"]),
        procedure_id=found.procedure_id if same else None,
        content=content,
        problems=(),
    )


def _shown(change: Any) -> dict[str, Any]:
    return {"change": change, "label": _(change.label), "rose": change.rose > 0, "fell": change.rose < 0}


def _settings(found: LineInfo) -> list[str]:
    """What the line configures, one sentence each."""
    said = [
        _("Quy trình cho cấp %(level)s%(case)s")
        % {"level": p.level, "case": f", {p.case_key}" if p.case_key else ""}
        for p in found.settings.processes
    ]
    said += [
        _("Thẩm quyền: %(unit)s") % {"unit": rule.deciding_unit or rule.reception}
        for rule in found.settings.rules
    ]
    if found.action is not ChangeAction.CONFIGURED:  # its cells stand in the table already, before and after
        said += [TITLES[Column(item.key.value)].render() for item in found.settings.settings]
    return said


def _procedure_url(found: LineInfo) -> str:
    if found.procedure_id is None:
        return ""
    return reverse("catalogue:procedure", args=[found.code or str(found.procedure_id)])
