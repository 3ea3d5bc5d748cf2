"""Addresses of the organisation's screens."""

from __future__ import annotations

from django.urls import path

from motcua.organisation.views import calendar, posts, staff, succession, units

app_name = "organisation"

urlpatterns = [
    path("to-chuc/", units.units, name="units"),
    path("to-chuc/ke-thua/", succession.successions, name="successions"),
    path("to-chuc/ke-thua/mau.json", succession.example, name="succession_example"),
    path("to-chuc/ke-thua/mau.xlsx", succession.template, name="succession_sheet"),
    path("to-chuc/ke-thua/<int:succession_id>/", succession.succession, name="succession"),
    path("to-chuc/ke-thua/<int:succession_id>/chay-thu/", succession.rehearse, name="rehearse"),
    path("to-chuc/ke-thua/<int:succession_id>/thuc-hien/", succession.carry_out, name="carry_out"),
    path("to-chuc/ke-thua/<int:succession_id>/hoan-tac/", succession.undo, name="undo_succession"),
    path("to-chuc/nhan-su/", staff.staff_lists, name="staff_lists"),
    path("to-chuc/nhan-su/mau.xlsx", staff.template, name="staff_template"),
    path("to-chuc/nhan-su/trung/", staff.doubles, name="doubles"),
    path("to-chuc/nhan-su/trung/quyet-dinh/", staff.decide_double, name="decide_double"),
    path("to-chuc/nhan-su/<int:import_id>/", staff.staff_list, name="staff_list"),
    path("to-chuc/nhan-su/<int:import_id>/ap-dung/", staff.apply_staff_list, name="apply_staff_list"),
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
