"""The handlers behind Django's error hooks, and the living style page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.kernel import clock
from motcua.kernel.web import problems, style_sample


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return problems.problem(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403; a sentence given with PermissionDenied is shown."""
    said = str(exception) if isinstance(exception, PermissionDenied) else ""
    return problems.problem(request, 403, detail=said)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return problems.problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return problems.problem(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page or another session."""
    return problems.problem(request, 403, words=problems.EXPIRED, code="csrf")


def style(request: HttpRequest) -> HttpResponse:
    """The style page: every component with everyday, long, empty and wrong content."""
    return render(request, "kernel/style.html", style_sample.context(clock.now(), request.POST or None))
