"""Addresses of the process pages."""

from __future__ import annotations

from django.urls import path

from motcua.workflow.views import processes

app_name = "workflow"

urlpatterns = [
    path("", processes.process_list, name="processes"),
    path("<int:version_id>/", processes.process_page, name="process"),
    path("<int:version_id>/bpmn/", processes.download_bpmn, name="bpmn"),
]
