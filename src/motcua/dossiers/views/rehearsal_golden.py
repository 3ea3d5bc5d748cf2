"""Golden dossiers: the list of a change-set, one side by side, confirming and correcting it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.catalogue.actions.rehearsals import confirm_golden
from motcua.catalogue.permissions import may_rehearse, require_rehearse, require_see_rehearsals
from motcua.catalogue.queries import changes
from motcua.dossiers import queries_rehearsal as queries
from motcua.dossiers.form_rehearsal import GoldenForm
from motcua.dossiers.queries_rehearsal import GoldenPage
from motcua.dossiers.rules.golden_changes import INSTANT_WORDS
from motcua.dossiers.rules.golden_making import CHANNEL_WORDS
from motcua.dossiers.views.rehearsal import page_number, pages
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in


@signed_in
@require_safe
def golden_list(request: ActorRequest, change_set_id: int) -> HttpResponse:
    """`/dien-tap/goi/<id>/ho-so-mau/`: the golden dossiers of a change-set."""
    require_see_rehearsals(request.actor)
    head = changes.change_set(change_set_id)
    number = page_number(request)
    found = queries.golden_list(change_set_id, page=number)
    context = {
        "head": head,
        "rows": found.rows,
        "pages": pages(request, number, more=found.more),
        "crumbs": [
            {"label": _("Diễn tập"), "url": reverse("rehearsals:list")},
            {"label": head.number, "url": reverse("rehearsals:change_set", args=[change_set_id])},
            {"label": _("Hồ sơ mẫu")},
        ],
    }
    return render(request, "dossiers/golden_list.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def golden(request: ActorRequest, golden_id: int) -> HttpResponse:
    """`/dien-tap/ho-so-mau/<id>/`: expected and found side by side; POST confirms it, as it is or corrected."""
    require_see_rehearsals(request.actor)
    page = queries.golden_page(golden_id)
    if request.method != "POST":
        return render(request, "dossiers/golden.html", _context(request, page, GoldenForm.of(page)))
    require_rehearse(request.actor)
    form = GoldenForm(request.POST)
    if not form.is_valid():
        return render(request, "dossiers/golden.html", _context(request, page, form), status=422)
    confirm_golden(
        actor=request.actor,
        golden_id=golden_id,
        expected=replace(page.expected, **form.parts()).to_dict(),
        note=form.cleaned_data["note"],
        now=clock.now(),
    )
    messages.success(request, _("Đã ghi tên bạn vào hồ sơ mẫu này. Lần diễn tập sau sẽ so với nó."))
    return redirect("rehearsals:golden", golden_id)


def _context(request: ActorRequest, page: GoldenPage, form: GoldenForm) -> dict[str, Any]:
    given = page.given
    crumbs = [{"label": _("Diễn tập"), "url": reverse("rehearsals:list")}]
    if page.change_set_id is not None:
        crumbs.append(
            {"label": _("Hồ sơ mẫu"), "url": reverse("rehearsals:golden_list", args=[page.change_set_id])}
        )
    channel = CHANNEL_WORDS.get(given.channel)
    facts = [
        {"label": _("Nơi tiếp nhận"), "value": page.unit.full_name if page.unit else given.unit},
        {"label": _("Trường hợp"), "value": given.case_key or _("trường hợp thường")},
        {"label": _("Cách nộp"), "value": channel.render() if channel else given.channel},
        {"label": _("Giấy tờ đã nộp"), "value": ", ".join(given.papers) or _("không có")},
        {"label": _("Nhánh của quy trình"), "value": given.branch or _("đi thẳng")},
        *(
            {"label": INSTANT_WORDS[name].render() if name in INSTANT_WORDS else name, "at": at}
            for name, at in given.received
        ),
    ]
    return {
        "page": page,
        "facts": facts,
        "form": form,
        "may_confirm": may_rehearse(request.actor),
        "crumbs": [*crumbs, {"label": page.info.title}],
    }
