"""`/quyet-dinh/`: change-sets of decisions, read by everybody signed in."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.catalogue.views.changes import acts, line, lists, page, upload

app_name = "changes"
urlpatterns: list[URLPattern] = [
    path("", lists.change_sets, name="list"),
    path("tai-len/", upload.upload, name="upload"),
    path("mau/", upload.template, name="template"),
    path("<int:pk>/", page.change_set, name="page"),
    path("<int:pk>/sua/", page.edit_head, name="edit"),
    path("<int:pk>/duyet/", acts.approve, name="approve"),
    path("<int:pk>/cong-bo/", acts.publish, name="publish"),
    path("<int:pk>/hoan-tac/", acts.undo, name="undo"),
    path("<int:pk>/tra-lai/", acts.give_back, name="give_back"),
    path("<int:pk>/bo/", acts.discard, name="discard"),
    path("<int:pk>/so-lai/", acts.refresh, name="refresh"),
    path("<int:pk>/ho-so-cu/", acts.choose_policy, name="choose_policy"),
    path("<int:pk>/ban-quet/", acts.attach_scan, name="attach_scan"),
    path("<int:pk>/ban-quet/tep/", acts.scan, name="scan"),
    path("<int:pk>/dong/<int:line_id>/", line.line, name="line"),
    path("<int:pk>/dong/<int:line_id>/sua/", line.edit, name="edit_line"),
    path("<int:pk>/dong/<int:line_id>/chon/", line.match, name="match_line"),
    path("<int:pk>/dong/<int:line_id>/xoa/", line.remove, name="remove_line"),
]
