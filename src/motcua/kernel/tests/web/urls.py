"""A small site for the tests of the frame: the real kernel pages, and pages that fail on purpose."""

from __future__ import annotations

import errno
from types import SimpleNamespace

from django.core.exceptions import PermissionDenied
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path

from motcua.kernel import errors
from motcua.kernel.messages import msg

FAILURES: dict[str, Exception] = {
    "not-allowed": errors.NotAllowed(msg("Chỉ %(role)s được ký.", role="lãnh đạo")),
    "conflict": errors.Conflict(msg("Hồ sơ vừa được Trần Văn Đức chuyển bước.")),
    "not-found": errors.NotFound(msg("Không có hồ sơ này.")),
    "invalid": errors.Invalid(msg("Ngày sinh ở tương lai."), field="born_on"),
    "too-many": errors.TooMany(msg("Chờ 30 giây rồi tra cứu lại."), retry_after=30),
    "gone": OperationalError("connection to server was lost"),
    "closed": InterfaceError("connection already closed"),
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "bug": ZeroDivisionError("bug"),
    "denied": PermissionDenied("Chỉ xem được hồ sơ của đơn vị mình."),
    "missing": Http404(),
}
received: list[dict[str, str]] = []


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise FAILURES[name]


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(sorted(request.POST.items())))


def reception(request: HttpRequest) -> HttpResponse:
    """A form that must lose nothing: empty name is refused with 422, anything else is received."""
    if request.method == "POST":
        if request.COOKIES.get("expired"):
            return redirect("/dang-nhap/?next=/form/")
        if request.POST.get("name"):
            received.append({key: str(value) for key, value in request.POST.items()})
            return redirect("/done/")
    wrong = {"name": "Nhập họ tên."} if request.method == "POST" else {}
    return render(request, "kernel/tests/form.html", {"errors": wrong}, status=422 if wrong else 200)


def done(request: HttpRequest) -> HttpResponse:
    return render(request, "kernel/base.html", {"title": "Xong"})


def sign_in(request: HttpRequest) -> HttpResponse:
    accounts = [
        SimpleNamespace(
            username=f"demo.{index}",
            full_name="Nguyễn Phước Bảo Quỳnh Ngọc Thiên Hương" if index % 2 else "Lê Hữu Nghĩa",
            about="Phó Chủ tịch UBND phường, được ủy quyền ký",
            group="Phường Kinh Bắc",
            password="motcua-demo",
        )
        for index in range(4)
    ]
    wrong = {"password": "Tên đăng nhập hoặc mật khẩu không đúng."} if request.method == "POST" else {}
    context = {"demo_accounts": accounts, "errors": wrong, "username": request.POST.get("username", "")}
    return render(request, "kernel/login.html", context)


kernel_pages: list[URLPattern | URLResolver] = [
    path("dang-nhap/", sign_in, name="sign_in"),
    path("dang-xuat/", done, name="sign_out"),
    path("", include("motcua.kernel.web.urls")),
]
urlpatterns = [
    path("", include((kernel_pages, "kernel"))),
    path("fail/<str:name>/", fail),
    path("api/v1/fail/<str:name>/", fail),
    path("api/v1/echo/", echo),
    path("echo/", echo),
    path("form/", reception),
    path("done/", done),
]
handler400 = "motcua.kernel.web.views.bad_request"
handler403 = "motcua.kernel.web.views.forbidden"
handler404 = "motcua.kernel.web.views.not_found"
handler500 = "motcua.kernel.web.views.server_error"
