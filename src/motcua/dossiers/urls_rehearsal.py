"""Pages of rehearsals under /dien-tap/."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.dossiers.views import rehearsal, rehearsal_golden

app_name = "rehearsals"
urlpatterns: list[URLPattern] = [
    path("", rehearsal.rehearsal_list, name="list"),
    path("goi/<int:change_set_id>/", rehearsal.change_set, name="change_set"),
    path("goi/<int:change_set_id>/tien-do/", rehearsal.progress, name="progress"),
    path("goi/<int:change_set_id>/ho-so-mau/", rehearsal_golden.golden_list, name="golden_list"),
    path("lan/<int:rehearsal_id>/", rehearsal.one, name="rehearsal"),
    path("ho-so-mau/<int:golden_id>/", rehearsal_golden.golden, name="golden"),
]
