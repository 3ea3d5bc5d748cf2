"""`/tham-quyen/`: who receives, decides and returns what, for staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.catalogue.views import matrix, matrix_unit

app_name = "matrix"
urlpatterns: list[URLPattern] = [
    path("", matrix.procedures, name="procedures"),
    path("kiem-tra/", matrix.check, name="check"),
    path("xuat/", matrix_unit.export, name="export"),
    path("don-vi/", matrix_unit.unit, name="unit"),
    path("thu-tuc/<str:code>/", matrix.procedure, name="procedure"),
]
