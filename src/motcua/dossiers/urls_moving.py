"""Pages under /ho-so-chuyen-tiep/: dossiers under way when a decision changes their procedure."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.dossiers.views import moving

app_name = "moving"
urlpatterns: list[URLPattern] = [
    path("", moving.sets, name="sets"),
    path("<int:change_set_id>/", moving.dry_run, name="dry_run"),
    path("<int:change_set_id>/bat-dau/", moving.start, name="start"),
    path("<int:change_set_id>/xuat/", moving.export, name="export"),
    path("luot/<int:batch_id>/", moving.batch, name="batch"),
    path("luot/<int:batch_id>/tien-do/", moving.progress, name="progress"),
    path("luot/<int:batch_id>/hoan-tac/", moving.undo_batch, name="undo_batch"),
    path("thay-doi/<int:change_id>/hoan-tac/", moving.undo_change, name="undo_change"),
    path("thay-doi/<int:change_id>/lua-chon/", moving.choice, name="choice"),
]
