"""Bringing a statement in: read it, look at it, then import; columns nobody knows are mapped on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from motcua.documents.rules.tables import LIMITS
from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import Message, msg
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.held_files import hold, sent_file
from motcua.payments import actions
from motcua.payments.permissions import can_collect
from motcua.payments.queries import statements as queries
from motcua.payments.rules.statements import (
    FIELDS,
    NoLayout,
    StatementRead,
    columns_of,
    mapping_problems,
)

SHOWN, PROBLEMS = 12, 200
HELD = 900 * 1024
"""Characters of a file that the page carries along from the preview to the import."""


@require_http_methods(["GET", "POST"])
@signed_in
def upload(request: ActorRequest) -> HttpResponse:
    """`/thu-phi/sao-ke/nhap/`: the file is only shown first; importing is a second press."""
    known = [row for row in queries.accounts(request.actor) if can_collect(request.actor, row.unit_id)]
    if not known:
        return _nobody(request)
    asked = request.POST.get("account") or request.GET.get("tk", "")
    account = next((row for row in known if str(row.id) == asked), known[0])
    context: dict[str, Any] = {
        "accounts": known,
        "account": account,
        "layouts": queries.layouts(request.actor, account.id),
        "layout": request.POST.get("layout", ""),
        "crumbs": [
            {"url": f"{reverse('payments:statements')}?tk={account.id}", "label": _("Sao kê")},
            {"label": _("Nhập sao kê")},
        ],
        "typed": request.POST,
    }
    if request.method == "GET":
        return render(request, "payments/statements/upload.html", context)
    return _brought(request, account, context)


def _nobody(request: ActorRequest) -> HttpResponse:
    """No account to bring a statement for: say why; whoever takes no money anywhere is refused."""
    if any(can_collect(request.actor, grant.unit_id) for grant in request.actor.grants):
        return render(request, "payments/statements/upload.html", {"accounts": []})
    raise NotAllowed(msg("Chỉ cán bộ tiếp nhận của đơn vị thu mới nhập được sao kê."))


def _brought(request: ActorRequest, account: queries.AccountRow, context: dict[str, Any]) -> HttpResponse:
    columns = {field: request.POST.get(f"column-{field}", "")[:200] for field in FIELDS}
    columns = {field: heading for field, heading in columns.items() if heading}
    try:
        name, data = _sent(request)
        context |= {"name": name, "held": hold(data, most=HELD)}
        if request.POST.get("remap") == "yes" and not columns:
            return _map(request, data, name, context, {})
        wrong = mapping_problems(columns) if "column-date" in request.POST else {}
        if wrong:
            return _map(request, data, name, context, columns, wrong=wrong)
        said: dict[str, Any] = {
            "actor": request.actor,
            "account_id": account.id,
            "name": name,
            "data": data,
            "layout": request.POST.get("layout", ""),
            "columns": columns or None,
        }
        if columns and request.POST.get("mapping_name", "").strip():
            actions.save_mapping(
                actor=request.actor,
                account_id=account.id,
                name=request.POST["mapping_name"],
                columns=columns,
                now=clock.now(),
            )
        if request.POST.get("do") == "import":
            return _imported(request, account, actions.import_statement(**said, now=clock.now()))
        read = queries.read_for(**said)
        context |= {"read": read, "shown": read.lines[:SHOWN], "columns": columns, **_counts(read)}
        return render(request, "payments/statements/upload.html", context, status=200 if read.clean else 422)
    except NoLayout as refusal:
        return _map(request, data, name, context, columns, error=refusal.message.render())
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        context["error"] = refusal.message.render()
    return render(request, "payments/statements/upload.html", context, status=422)


def _map(
    request: ActorRequest,
    data: bytes,
    name: str,
    context: dict[str, Any],
    columns: dict[str, str],
    error: str = "",
    wrong: Mapping[str, Message] = MappingProxyType({}),
) -> HttpResponse:
    """Let people say which column is what, with a few rows to see."""
    try:
        headings, rows = columns_of(data, name=name)
    except Refused as refusal:
        context["error"] = refusal.message.render()
        return render(request, "payments/statements/upload.html", context, status=422)
    fields = [
        {
            "key": key,
            "label": label.render(),
            "chosen": columns.get(key, ""),
            "error": wrong[key].render() if key in wrong else "",
        }
        for key, label in FIELDS.items()
    ]
    context |= {
        "headings": [heading for heading in headings if heading],
        "sample": [[row[at] if at < len(row) else "" for at in range(len(headings))] for row in rows],
        "all_headings": headings,
        "fields": fields,
        "map_error": error,
        "mapping_name": request.POST.get("mapping_name", "")[:80],
        "errors": {f"column-{field['key']}": field["error"] for field in fields if field["error"]},
    }
    return render(request, "payments/statements/map.html", context, status=422 if error or wrong else 200)


def _imported(
    request: ActorRequest, account: queries.AccountRow, done: actions.StatementDone
) -> HttpResponse:
    if done.repeated:
        messages.info(request, _("Tệp này đã nhập trước đó; không có gì thay đổi."))
    else:
        messages.success(
            request,
            ngettext("Đã nhập %(n)s dòng mới.", "Đã nhập %(n)s dòng mới.", done.new) % {"n": done.new}
            + (" " + _("%(n)s dòng đã có từ trước.") % {"n": done.known} if done.known else ""),
        )
    return redirect(f"{reverse('payments:statements')}?tk={account.id}")


def _counts(read: StatementRead) -> dict[str, Any]:
    return {
        "problems": [(one.cell, one.message.render()) for one in read.problems[:PROBLEMS]],
        "remarks": [(one.cell, one.message.render()) for one in read.remarks[:PROBLEMS]],
        "more": max(len(read.lines) - SHOWN, 0),
    }


def _sent(request: ActorRequest) -> tuple[str, bytes]:
    return sent_file(
        request,
        unnamed="sao-ke",
        most=LIMITS.max_bytes,
        too_large=msg("Tệp lớn hơn %(n)s MB. Xuất sao kê theo kỳ ngắn hơn.", n=LIMITS.max_bytes // 1024**2),
        missing=msg("Chọn tệp sao kê: Excel (.xlsx), CSV hoặc camt.053 (.xml)."),
    )
