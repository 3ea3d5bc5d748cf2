"""`/cau-hinh/`: mass configuration by departments."""

from __future__ import annotations

from django.urls import URLPattern, path

from motcua.catalogue.views import configuring, configuring_bulk, configuring_draft, resolutions

app_name = "catalogue_configuring"
urlpatterns: list[URLPattern] = [
    path("", configuring.grid, name="grid"),
    path("bat-dau/", configuring_draft.begin, name="begin"),
    path("dong/", configuring.row, name="row"),
    path("bo/", configuring.undo, name="undo"),
    path("dien/", configuring_bulk.fill, name="fill"),
    path("ap-dung/", configuring_bulk.apply, name="apply"),
    path("xuat/", configuring_bulk.export, name="export"),
    path("nap/", configuring_bulk.upload, name="upload"),
    path("mau/", configuring_bulk.templates, name="templates"),
    path("ban-nhap/", configuring_draft.draft, name="draft"),
    path("nghi-quyet/", resolutions.listing, name="fee_resolutions"),
    path("nghi-quyet/moi/", resolutions.new, name="fee_new"),
    path("nghi-quyet/nhap/<int:pk>/", resolutions.draft, name="fee_draft"),
    path("nghi-quyet/<int:pk>/het-hieu-luc/", resolutions.end, name="fee_end"),
]
