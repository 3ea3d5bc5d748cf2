"""The sign-in page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.kernel import clock
from motcua.kernel.accounts import actions, queries
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: ActorRequest) -> HttpResponse:
    """Ask for name and password; what was typed stays, except the password."""
    target = _safe(request, request.POST.get("next") or request.GET.get("next") or "")
    username = request.POST.get("username", "")
    context = {"next": target, "username": username, "demo_accounts": queries.demo_accounts()}
    if request.method == "GET":
        return redirect(target) if request.actor.user_id else render(request, "kernel/login.html", context)
    errors = {}
    if not username.strip():
        errors["username"] = _("Nhập tên đăng nhập.")
    if not request.POST.get("password"):
        errors["password"] = _("Nhập mật khẩu.")
    if not errors:
        try:
            actions.sign_in(
                request,
                username=username,
                password=request.POST["password"],
                ip=request.actor.ip,
                now=clock.now(),
            )
        except Refused as refusal:
            errors["password"] = refusal.message.render()
            response = render(
                request, "kernel/login.html", {**context, "errors": errors}, status=refusal.status
            )
            if hasattr(refusal, "retry_after"):
                response["Retry-After"] = str(refusal.retry_after)
            return response
        return redirect(target)
    return render(request, "kernel/login.html", {**context, "errors": errors}, status=422)


@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    """Sign out and say so."""
    actions.sign_out(request, actor=request.actor, now=clock.now())
    messages.info(request, _("Đã đăng xuất."))
    return redirect("kernel:sign_in")


def _safe(request: ActorRequest, target: str) -> str:
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"
