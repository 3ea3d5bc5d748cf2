"""Addresses of money, one list for each part."""

from __future__ import annotations

from django.urls import URLPattern

from motcua.payments.views.collectors import urls_collectors

app_name = "payments"
urlpatterns: list[URLPattern] = [
    *urls_collectors,
]
