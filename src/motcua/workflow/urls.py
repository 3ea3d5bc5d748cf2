"""Addresses of the process pages."""

from __future__ import annotations

from django.urls import path

from motcua.workflow.views import comparing, drafts, editor, processes

app_name = "workflow"

urlpatterns = [
    path("", processes.process_list, name="processes"),
    path("<int:version_id>/", processes.process_page, name="process"),
    path("<int:version_id>/bpmn/", processes.download_bpmn, name="bpmn"),
    path("<int:version_id>/so-sanh/", comparing.compare_versions, name="compare"),
    path("ban-nhap/", drafts.draft_list, name="drafts"),
    path("soan/dan-bang/", drafts.paste, name="paste"),
    path("soan/moi/", drafts.begin, name="begin_draft"),
    path("soan/<int:draft_id>/", editor.edit, name="edit_draft"),
    path("soan/<int:draft_id>/trinh/", drafts.submit, name="submit_draft"),
    path("soan/<int:draft_id>/duyet/", drafts.publish, name="publish_draft"),
    path("soan/<int:draft_id>/tra-lai/", drafts.send_back, name="return_draft"),
    path("soan/<int:draft_id>/bo/", drafts.discard, name="discard_draft"),
]
