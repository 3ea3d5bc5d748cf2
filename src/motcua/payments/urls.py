"""Addresses of the money pages; each view module brings its own."""

from __future__ import annotations

from django.urls import URLPattern

from motcua.payments.views.reports import urls_reports
from motcua.payments.views.statements import urls_statements

app_name = "payments"
urlpatterns: list[URLPattern] = [
    *urls_statements,
    *urls_reports,
]
