"""Background work: what failed, and which dates moved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk import actions, permissions, queries_jobs
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in


@require_safe
@signed_in
def jobs(request: ActorRequest) -> HttpResponse:
    """`/viec-nen/`: jobs given up, jobs in trouble, and what each change of calendar moved."""
    permissions.require_jobs(request.actor)
    before = request.GET.get("truoc", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    now = clock.now()
    page = queries_jobs.jobs_page(now, before=number)
    return render(request, "desk/jobs.html", {"page": page, "now": now, "is_first": number is None})


@require_POST
@signed_in
def retry(request: ActorRequest, job_id: int) -> HttpResponse:
    """`/viec-nen/<id>/thu-lai/`: let a job that was given up run again."""
    actions.retry_job(actor=request.actor, job_id=job_id, now=clock.now())
    messages.success(request, _("Đã cho việc chạy lại. Tải lại trang sau ít phút để xem kết quả."))
    return redirect("desk:jobs")
