"""The counter's addresses, under /quay/."""

from __future__ import annotations

from django.urls import path

from motcua.counter.views import handover, intake, letters, reception, today

app_name = "counter"
urlpatterns = [
    path("tiep-nhan/", reception.page, name="reception"),
    path("tiep-nhan/thu-tuc/", reception.procedures, name="procedures"),
    path("tiep-nhan/giay-to/", reception.panel, name="panel"),
    path("tiep-nhan/phi/", reception.fees, name="fees"),
    path("tiep-nhan/quet/", reception.scan, name="scan"),
    path("tiep-nhan/nguoi-cuoi/", reception.last_person, name="last_person"),
    path("tiep-nhan/nhap/", reception.draft, name="draft"),
    path("bo-sung/<str:code>/", intake.page, name="intake"),
    path("phieu/<str:code>/<int:letter_id>/", letters.slip, name="slip"),
    path(
        "phieu/<str:code>/<int:letter_id>/kem-bien-lai/",
        letters.slip_with_receipts,
        name="slip_with_receipts",
    ),
    path("hom-nay/", today.page, name="today"),
    path("tra-ket-qua/", handover.page, name="handover"),
]
