"""Addresses of money, one list for each part."""

from __future__ import annotations

from django.urls import URLPattern

from motcua.payments.simulator.views import urls_simulator
from motcua.payments.views.books import urls_books
from motcua.payments.views.collectors import urls_collectors
from motcua.payments.views.collectors_upload import urls_collectors_upload
from motcua.payments.views.online import urls_online
from motcua.payments.views.receipt_usage import urls_usage
from motcua.payments.views.receipts import urls_receipts
from motcua.payments.views.report_treasury import urls_treasury
from motcua.payments.views.reports import urls_reports
from motcua.payments.views.statements import urls_statements

app_name = "payments"
urlpatterns: list[URLPattern] = [
    *urls_collectors_upload,
    *urls_collectors,
    *urls_online,
    *urls_simulator,
    *urls_books,
    *urls_usage,
    *urls_receipts,
    *urls_statements,
    *urls_reports,
    *urls_treasury,
]
