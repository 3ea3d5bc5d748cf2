"""What differs between two versions of a process."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.workflow import queries
from motcua.workflow.permissions import require_read
from motcua.workflow.rules.difference import compare
from motcua.workflow.views.showing import difference_of


@signed_in
@require_safe
def compare_versions(request: ActorRequest, version_id: int) -> HttpResponse:
    """This version against another of the same process; against the one before it unless the address says else."""
    require_read(request.actor)
    version = queries.version(version_id)
    numbers = queries.numbers_of(version.key)
    asked = request.GET.get("voi", "")
    others = [other for other in numbers if other.pk != version.pk]
    earlier = [other for other in others if other.number < version.number]
    chosen = next((other for other in [*earlier, *others] if str(other.pk) == asked or not asked), None)
    chosen = chosen or next(iter(earlier or others), None)
    found = compare(queries.process(chosen.pk), queries.process(version_id)) if chosen else None
    context = {
        "version": version,
        "other": chosen,
        "others": others,
        "difference": difference_of(found) if found else None,
        "crumbs": [
            {"label": _("Quy trình"), "url": reverse("workflow:processes")},
            {"label": version.title, "url": reverse("workflow:process", args=[version_id])},
            {"label": _("So sánh")},
        ],
    }
    return render(request, "workflow/compare.html", context)
