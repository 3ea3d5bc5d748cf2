"""Addresses of the organisation's screens."""

from __future__ import annotations

from django.urls import path

from motcua.organisation.views import calendar, posts, units

app_name = "organisation"

urlpatterns = [
    path("to-chuc/", units.units, name="units"),
    path("to-chuc/vi-tri/<int:post_id>/ket-thuc/", posts.close_post, name="close_post"),
    path("to-chuc/vi-tri/<int:post_id>/uy-quyen/", posts.delegate, name="delegate"),
    path("to-chuc/uy-quyen/<int:delegation_id>/cham-dut/", posts.revoke_delegation, name="revoke_delegation"),
    path("to-chuc/<str:code>/", units.unit, name="unit"),
    path("to-chuc/<str:code>/sua/", units.edit_unit, name="edit_unit"),
    path("to-chuc/<str:code>/them-phong/", units.new_unit, name="new_unit"),
    path("to-chuc/<str:code>/them-vi-tri/", posts.open_post, name="open_post"),
    path("lich/", calendar.calendar, name="calendar"),
    path("lich/<str:code>/tuan/", calendar.week, name="week"),
    path("lich/<str:code>/ngay/", calendar.day, name="day"),
    path("lich/<str:code>/ngay/bo/", calendar.remove_day, name="remove_day"),
    path("lich/<str:code>/de-xuat/", calendar.proposal, name="proposal"),
    path("lich/<str:code>/de-xuat/lay/", calendar.propose, name="propose"),
]
