"""Pages of the kernel itself; the project hangs them under the namespace `kernel`."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from motcua.kernel.web import views

urlpatterns = [
    path("kieu-dang/", views.style, name="style"),
    path("i18n/setlang/", set_language, name="set_language"),
]
