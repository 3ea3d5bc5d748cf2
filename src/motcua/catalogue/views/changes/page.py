"""The page of one change-set: its head, whose turn it is, what is in the way, its lines."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from motcua.catalogue import actions, permissions, queries, words_changes
from motcua.catalogue.errors import EditedMeanwhile
from motcua.catalogue.forms import HeadForm
from motcua.catalogue.queries.changes import LastRehearsal, LineCounts, RehearsalState
from motcua.catalogue.types_changes import ChangeAction, ChangeState
from motcua.catalogue.types_drafts import ChangeSetInfo, LineInfo
from motcua.catalogue.views.paging import Page, integer
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import Message, msg
from motcua.kernel.web.access import signed_in

PER_PAGE = 100


@signed_in
@require_safe
def change_set(request: ActorRequest, pk: int) -> HttpResponse:
    """`/quyet-dinh/<id>/`."""
    return shown(request, queries.changes.change_set(pk))


def shown(
    request: ActorRequest,
    info: ChangeSetInfo,
    *,
    reasons: tuple[Message, ...] = (),
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with what kept an act from being done."""
    action, only = _filters(request)
    now = clock.now()
    page = Page(integer(request.GET.get("trang"), default=1), PER_PAGE)
    found = queries.changes.change_page(info.id, action=action, only=only, offset=page.offset, limit=PER_PAGE)
    rehearsal = queries.changes.last_rehearsal(info, now)
    badge, icon = words_changes.STATE_BADGES[info.state]
    context = {
        "info": info,
        "kind": words_changes.KINDS[info.kind],
        "state": words_changes.STATES[info.state],
        "badge": badge,
        "icon": icon,
        "facts": _facts(info),
        "head_warnings": [remark.message.render() for remark in queries.decisions.head_warnings(info)],
        "turn": words_changes.turn(info, found.counts, rehearsal.state, now),
        "gates": _gates(info, found.counts, rehearsal),
        "may": _may(request, info, found.fields),
        "blocked": _blocked(info, found.counts, rehearsal),
        "counts": found.counts,
        "tabs": _tabs(info, found.counts, action, only),
        "rows": [row_of(info, line) for line in found.lines],
        "policies": [(policy.value, label) for policy, label in words_changes.POLICIES.items()],
        "pages": page.links(request, found.total),
        "filter_query": request.GET.urlencode(),
        "reasons": [reason.render() for reason in reasons],
        "said": said,
        "crumbs": crumbs(info),
        "now": now,
    }
    return render(request, "catalogue/changes/page.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def edit_head(request: ActorRequest, pk: int) -> HttpResponse:
    """The head of a draft; what somebody else saved meanwhile is shown beside what was typed."""
    info = queries.changes.change_set(pk)
    if not _may(request, info, queries.changes.fields_of(pk))["edit"]:
        raise NotAllowed(msg("Chỉ sửa được phần đầu của gói đang soạn, bởi người được soạn."))
    form = HeadForm(request.POST or None, initial=HeadForm.initial_of(info))
    theirs: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_head(
                actor=request.actor,
                change_set_id=pk,
                revision=form.cleaned_data["revision"],
                head=form.head(info),
                now=clock.now(),
            )
        except EditedMeanwhile as refusal:
            theirs = differences(form, HeadForm.initial_of(info))
            form = typed_again(form, info.revision)
            form.add_error(None, meanwhile(refusal, info))
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            names = {"effective_to": "until", "effective_at": "effective_on"}
            name = names.get(refusal.field or "", refusal.field)
            form.add_error(name if name in form.fields else None, refusal.message.render())
        else:
            return redirect("changes:page", pk)
    context = {
        "form": form,
        "info": info,
        "theirs": theirs,
        "crumbs": [*crumbs(info, here=False), {"label": _("Sửa phần đầu")}],
    }
    return render(request, "catalogue/changes/head.html", context, status=422 if form.is_bound else 200)


def differences(form: Any, stored: dict[str, Any]) -> dict[str, str]:
    """What is stored now, by field, where it differs from what was typed."""
    found: dict[str, str] = {}
    for name, value in stored.items():
        typed = form.cleaned_data.get(name)
        if name != "revision" and (typed or "") != (value or ""):
            found[name] = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "—")
    return found


def meanwhile(refusal: EditedMeanwhile, info: ChangeSetInfo) -> str:
    """The refusal with the name of the person who was quicker."""
    edit = queries.changes.last_edit(info.id)
    sentence = refusal.message.render()
    if edit is None:
        return sentence
    return _("%(sentence)s Lần lưu cuối: %(name)s, %(at)s.") % {
        "sentence": sentence,
        "name": edit.by,
        "at": f"{clock.local(edit.at):%d/%m/%Y %H:%M}",
    }


def typed_again(form: Any, revision: int) -> Any:
    """The same form with what was typed, ready to be saved over what is stored now."""
    data = form.data.copy()
    data["revision"] = str(revision)
    again = type(form)(data)
    again.is_valid()
    return again


def crumbs(info: ChangeSetInfo, *, here: bool = True) -> list[dict[str, str]]:
    """The way to a change-set."""
    url = {} if here else {"url": reverse("changes:page", args=[info.id])}
    return [{"url": reverse("changes:list"), "label": _("Quyết định công bố")}, {**url, "label": info.number}]


def row_of(info: ChangeSetInfo, line: LineInfo) -> dict[str, Any]:
    """A line as the table shows it."""
    return {
        "line": line,
        "place": place_words(line.cell, info.number),
        "cells": [f"{_(change.label)}: {_one_line(change.after)}" for change in line.diff[:CELLS_SHOWN]]
        if line.action is ChangeAction.CONFIGURED
        else [],
        "url": reverse("changes:line", args=[info.id, line.id]),
        "action": words_changes.ACTIONS[line.action],
        "kind": words_changes.ACTION_KINDS.get(line.action, "neutral"),
        "policy": words_changes.POLICIES[line.policy],
        "problems": [remark.message.render() for remark in line.problems],
        "warnings": [remark.message.render() for remark in line.warnings],
    }


CELLS_SHOWN, LONGEST_CELL = 3, 90
"""Of a configured line the list shows the first cells, so that who approves need not open each line."""


def _one_line(text: str) -> str:
    shown = "; ".join(text.split("\n")) or "—"
    return shown if len(shown) <= LONGEST_CELL else f"{shown[:LONGEST_CELL].rstrip()}…"


def place_words(cell: str, number: str) -> str:
    """Where a line stands in its file; the number of its own decision is not told again."""
    shown = cell.removeprefix(f"{number}, ")
    return shown if shown.startswith("mục ") or not shown else _("ô %(cell)s") % {"cell": shown}


def _filters(request: ActorRequest) -> tuple[str, str]:
    action, only = request.GET.get("viec", ""), request.GET.get("chi", "")
    return (
        action if action in {a.value for a in ChangeAction} else "",
        only if only in {"warnings", "problems", "unmatched"} else "",
    )


def _facts(info: ChangeSetInfo) -> list[dict[str, Any]]:
    def moment(value: Any) -> str:
        return f"{clock.local(value):%d/%m/%Y %H:%M}" if value else ""

    facts: list[dict[str, Any]] = [
        {"label": _("Cơ quan ban hành"), "value": info.issuer},
        {"label": _("Ngày ký"), "value": f"{info.signed_on:%d/%m/%Y}" if info.signed_on else ""},
        {"label": _("Có hiệu lực từ"), "value": moment(info.effective_at), "hint": info.effective_rule},
        {"label": _("Lĩnh vực"), "value": info.field_text},
        {"label": _("Căn cứ"), "value": info.based_on},
        {"label": _("Đọc từ tệp"), "value": info.source},
        {"label": _("Người soạn"), "value": f"{info.drafted_by}, {moment(info.drafted_at)}"},
    ]
    if info.effective_to:
        facts.insert(3, {"label": _("Hết hiệu lực lúc"), "value": moment(info.effective_to)})
    if info.approved_at:
        facts.append({"label": _("Người duyệt"), "value": f"{info.approved_by}, {moment(info.approved_at)}"})
    if info.published_at:
        hint = _("công bố sau ngày có hiệu lực") if info.retroactive else ""
        value = f"{info.published_by}, {moment(info.published_at)}"
        facts.append({"label": _("Người công bố"), "value": value, "hint": hint})
    if info.undone_at:
        value = f"{info.undone_by}, {moment(info.undone_at)}"
        facts.append({"label": _("Người hoàn tác"), "value": value, "hint": info.undone_reason})
    return facts


def _gates(info: ChangeSetInfo, counts: LineCounts, rehearsal: LastRehearsal) -> list[dict[str, Any]]:
    """What publication waits for, each passed or not, with the page where it is settled."""
    if info.state not in (ChangeState.DRAFT, ChangeState.APPROVED):
        return []
    words = {
        RehearsalState.NONE: _("Chưa diễn tập"),
        RehearsalState.STALE: _("Lần diễn tập cuối không còn đúng"),
        RehearsalState.RED: _("Diễn tập có %(failed)s trên %(trials)s lần thử không đạt"),
        RehearsalState.GREEN: _("Diễn tập đạt cả %(trials)s lần thử"),
    }
    page = reverse("changes:page", args=[info.id])
    broken = (
        ngettext("%(n)s dòng còn vướng", "%(n)s dòng còn vướng", counts.problems) % {"n": counts.problems}
        if counts.problems
        else _("Mọi dòng đều thực hiện được")
    )
    return [
        {"text": broken, "ok": not counts.problems, "url": f"{page}?chi=problems" if counts.problems else ""},
        {
            "text": _("Có ngày hiệu lực") if info.effective_at else _("Chưa có ngày hiệu lực"),
            "ok": info.effective_at is not None,
            "url": "",
        },
        {
            "text": _("Đã duyệt") if info.approved_at else _("Chưa được người khác duyệt"),
            "ok": info.approved_at is not None,
            "url": "",
        },
        {
            "text": " ".join(why.render() for why in rehearsal.why)
            or words[rehearsal.state] % {"failed": rehearsal.failed, "trials": rehearsal.trials},
            "ok": rehearsal.state is RehearsalState.GREEN,
            "url": _guarded("rehearsals:change_set", info.id),
            "label": _("Diễn tập"),
        },
        {
            "text": _("Ma trận thẩm quyền được kiểm tra khi công bố"),
            "ok": None,
            "url": _guarded("matrix:check"),
            "label": _("Ma trận thẩm quyền"),
        },
    ]


def _blocked(info: ChangeSetInfo, counts: LineCounts, rehearsal: LastRehearsal) -> str:
    """Why the next step, approving or publishing, would be refused; empty where it would be done."""
    if counts.problems:
        return ngettext(
            "Còn %(n)s dòng vướng phải sửa trước.", "Còn %(n)s dòng vướng phải sửa trước.", counts.problems
        ) % {"n": counts.problems}
    if info.effective_at is None:
        return _("Phải ghi ngày có hiệu lực trước.")
    if info.state is not ChangeState.APPROVED:
        return ""
    return {
        RehearsalState.NONE: _("Phải diễn tập đạt trước khi công bố; gói này chưa diễn tập."),
        RehearsalState.STALE: _("Nội dung đã khác lần diễn tập cuối; phải diễn tập lại."),
        RehearsalState.RED: _("Lần diễn tập cuối chưa đạt; sửa xong thì diễn tập lại."),
        RehearsalState.GREEN: "",
    }[rehearsal.state]


def _guarded(view: str, *args: int) -> str:
    """The address of a page of another part; empty while the installation does not have it."""
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        return ""


def _may(request: ActorRequest, info: ChangeSetInfo, fields: frozenset[tuple[str, str]]) -> dict[str, bool]:
    """Which buttons the person gets; the actions decide again."""
    actor = request.actor
    drafts = permissions.may_draft(actor, fields)
    approves = permissions.may_approve(actor, fields) and actor.user_id != info.drafted_by_id
    publishes = permissions.may_publish(actor, fields)
    draft, approved = info.state is ChangeState.DRAFT, info.state is ChangeState.APPROVED
    return {
        "edit": drafts and draft,
        "approve": approves and draft and actor.user_id not in queries.changes.editors(info.id),
        "publish": publishes and approved,
        "give_back": (drafts or approves) and approved,
        "discard": drafts and (draft or approved),
        "undo": publishes and info.state is ChangeState.PUBLISHED,
        "attach": drafts,
        "carry_over": info.state is ChangeState.PUBLISHED and permissions.looks_after_dossiers(actor),
    }


def _tabs(info: ChangeSetInfo, counts: LineCounts, action: str, only: str) -> list[dict[str, Any]]:
    page = reverse("changes:page", args=[info.id])
    tabs: list[dict[str, Any]] = [
        {"label": _("Tất cả"), "url": page, "active": not action and not only, "count": counts.total}
    ]
    for key, label, n in (
        ("problems", _("Còn vướng"), counts.problems),
        ("unmatched", _("Chưa khớp thủ tục"), counts.unmatched),
        ("warnings", _("Có cảnh báo"), counts.warnings),
    ):
        if n or only == key:
            kind = "overdue" if key != "warnings" else ""
            tabs.append(
                {"label": label, "url": f"{page}?chi={key}", "active": only == key, "count": n, "kind": kind}
            )
    for each, words in words_changes.ACTIONS.items():
        n = counts.by_action.get(each.value, 0)
        if n:
            active = action == each.value
            tabs.append({"label": words, "url": f"{page}?viec={each.value}", "active": active, "count": n})
    return tabs
