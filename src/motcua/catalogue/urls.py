"""`/thu-tuc/`: reading the catalogue is open to everybody; `/tham-quyen/` (its own file) is for staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.catalogue.views import lists, procedure, procedure_sheet

app_name = "catalogue"
urlpatterns: list[URLPattern] = [
    path("", lists.procedures, name="list"),
    path("bao-cao-du-lieu/", lists.data_report, name="data_report"),
    path("<str:code>/", procedure.procedure, name="procedure"),
    path("<str:code>/ban-in.pdf", procedure_sheet.pdf, name="pdf"),
]
