"""Successions of units: loading a decision, rehearsing it, carrying it out, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.telling import telling
from motcua.organisation import actions, carried, queries
from motcua.organisation.adapters.succession_template import succession_template
from motcua.organisation.errors import BadSuccession
from motcua.organisation.forms import FileForm
from motcua.organisation.office_files import succession_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHAT = {
    "dossiers": gettext_lazy("hồ sơ"),
    "tasks": gettext_lazy("bước đang mở"),
    "posts": gettext_lazy("vị trí"),
    "posts_closed": gettext_lazy("vị trí kết thúc"),
    "delegations": gettext_lazy("ủy quyền"),
    "sessions": gettext_lazy("buổi làm việc"),
    "days": gettext_lazy("ngày riêng"),
    "clients": gettext_lazy("hệ thống kết nối"),
}


@signed_in
@require_http_methods(["GET", "POST"])
def successions(request: ActorRequest) -> HttpResponse:
    """The decisions, and loading another one from its file."""
    rows = queries.successions_page(actor=request.actor)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = succession_file(upload.read(), name=upload.name)
            held = actions.plan_succession(actor=request.actor, file=file, now=clock.now())
        except BadSuccession as refusal:
            problems = refusal.problems
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            problems = [refusal.message.render()]
        else:
            messages.success(request, _("Đã nạp quyết định %(number)s.") % {"number": file.number})
            return redirect("organisation:succession", succession_id=held)
    wrong = form.is_bound and not form.is_valid()
    context = {"rows": rows, "form": form, "problems": problems, "crumbs": crumbs()}
    return render(request, "organisation/successions.html", context, status=422 if problems or wrong else 200)


@signed_in
@require_safe
def succession(request: ActorRequest, succession_id: int) -> HttpResponse:
    """One decision: its lines and, once carried out, what moved."""
    page = queries.succession_page(actor=request.actor, succession_id=succession_id)
    return _shown(request, page, page.report)


@signed_in
@require_POST
def rehearse(request: ActorRequest, succession_id: int) -> HttpResponse:
    """What would move and what stands in the way; nothing is changed."""
    report = actions.rehearse_planned(actor=request.actor, succession_id=succession_id, now=clock.now())
    page = queries.succession_page(actor=request.actor, succession_id=succession_id)
    return _shown(request, page, report.to_dict(), rehearsed=True)


@signed_in
@require_POST
def carry_out(request: ActorRequest, succession_id: int) -> HttpResponse:
    """Do it now. What stands in the way is shown, and nothing has happened."""
    try:
        actions.carry_out_succession(actor=request.actor, succession_id=succession_id, now=clock.now())
    except BadSuccession as refusal:
        page = queries.succession_page(actor=request.actor, succession_id=succession_id)
        return _shown(request, page, {"problems": refusal.problems}, rehearsed=True, status=422)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        messages.error(request, refusal.message.render())
    else:
        messages.success(request, _("Đã thực hiện sắp xếp đơn vị."))
    return redirect("organisation:succession", succession_id=succession_id)


@signed_in
@require_POST
def undo(request: ActorRequest, succession_id: int) -> HttpResponse:
    """Put it back, if nothing was built on it since."""
    with telling(request, _("Đã hoàn tác, mọi thứ trở về như trước.")):
        actions.undo_succession(actor=request.actor, succession_id=succession_id, now=clock.now())
    return redirect("organisation:succession", succession_id=succession_id)


@signed_in
@require_safe
def example(request: ActorRequest) -> FileResponse:
    """A small example of the file, to begin with."""
    queries.successions_page(actor=request.actor)
    path = carried.path_of("succession_example.json")
    return FileResponse(path.open("rb"), as_attachment=True, filename="mau-ke-thua.json")


@signed_in
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    """The workbook to fill in, with the codes of the units that stand today."""
    queries.successions_page(actor=request.actor)
    content = succession_template(queries.present_units())
    found = HttpResponse(content, content_type=XLSX)
    found["Content-Disposition"] = 'attachment; filename="mau-ke-thua.xlsx"'
    return found


def crumbs(last: str = "") -> list[dict[str, str]]:
    """The way from the list of units."""
    found = [{"label": _("Tổ chức"), "url": reverse("organisation:units")}]
    here = {"label": _("Sắp xếp đơn vị"), "url": reverse("organisation:successions") if last else ""}
    return [*found, here, {"label": last, "url": ""}] if last else [*found, here]


def _shown(
    request: ActorRequest, page: Any, report: dict[str, Any], *, rehearsed: bool = False, status: int = 200
) -> HttpResponse:
    names = queries.planned_names(page.id) if rehearsed else {}
    context = {
        "page": page,
        "report": report,
        "rehearsed": rehearsed,
        "moved": [_in_words(row) for row in queries.moved_rows(report, names)],
        "totals": [{"label": WHAT.get(k, k), "value": v} for k, v in report.get("totals", {}).items()],
        "sums_stay": report.get("before") == report.get("after"),
        "total": (report.get("after") or {}).get("total", 0),
        "crumbs": crumbs(page.number),
        "is_due": page.effective_on <= clock.today(clock.now()),
    }
    return render(request, "organisation/succession.html", context, status=status)


def _in_words(row: Any) -> dict[str, Any]:
    words = [f"{number} {WHAT.get(name, name)}" for name, number in row.counts.items()]
    return {"row": row, "words": ", ".join(words)}
