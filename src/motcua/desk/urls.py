"""Addresses of the officers' own pages."""

from __future__ import annotations

from django.urls import path

from motcua.desk.views import audit, home, jobs, search, signing

app_name = "desk"
urlpatterns = [
    path("ban-lam-viec/", home.home, name="home"),
    path("tim/", search.search, name="search"),
    path("nhat-ky/", audit.audit, name="audit"),
    path("nhat-ky/xuat.csv", audit.export, name="audit_export"),
    path("nhat-ky/kiem-tra/", audit.verify, name="audit_verify"),
    path("viec-nen/", jobs.jobs, name="jobs"),
    path("viec-nen/<int:job_id>/thu-lai/", jobs.retry, name="job_retry"),
    path("ky-so/", signing.page, name="signing"),
    path("ky-so/<int:signing_id>/thu-lai/", signing.retry, name="signing_retry"),
]
