"""`/san-sang/`: what is ready, where, and what to do next."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.support.views import readiness

app_name = "support"
urlpatterns: list[URLPattern] = [
    path("", readiness.board, name="readiness"),
    path("xuat.xlsx", readiness.export, name="readiness_export"),
    path("don-vi/<str:code>/", readiness.unit, name="readiness_unit"),
]
