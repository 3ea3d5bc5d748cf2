"""The cashier's addresses, under /thu-phi/."""

from __future__ import annotations

from django.urls import path

from motcua.counter.views.cashier import advance, bill, closing, display, paid, refunds, waiting

app_name = "cashier"
urlpatterns = [
    path("", waiting.page, name="waiting"),
    path("quet/", waiting.scan, name="scan"),
    path("khoan/<str:reference>/", bill.page, name="bill"),
    path("khoan/<str:reference>/nop-thua/", advance.use, name="use_advance"),
    path("khoan/<str:reference>/tien-ve/", bill.arrival, name="arrival"),
    path("khoan/<str:reference>/hoan-tra/", refunds.ask, name="refund_ask"),
    path("da-thu/<int:payment_id>/", paid.page, name="paid"),
    path("da-thu/<int:payment_id>/huy/", paid.reverse_payment, name="reverse"),
    path("hoan-tra/", refunds.page, name="refunds"),
    path("hoan-tra/<int:refund_id>/", refunds.one, name="refund"),
    path("hoan-tra/<int:refund_id>/phieu/", refunds.slip, name="refund_slip"),
    path("khoa-so/", closing.page, name="closing"),
    path("khoa-so/nop-kho-bac/", closing.remit, name="remit"),
    path("khoa-so/dem/<int:count_id>/", closing.count, name="count"),
    path("khoa-so/<int:day_id>/", closing.day, name="day"),
    path("khoa-so/<int:day_id>/bien-ban/", closing.record, name="record"),
    path("khoa-so/<int:day_id>/ky-so/", closing.sign_day, name="sign_day"),
    path("man-hinh/", display.page, name="display"),
    path("man-hinh/noi-dung/", display.content, name="display_content"),
    path("man-hinh/hien/", display.show, name="display_show"),
    path("man-hinh/ghep/", display.pairing, name="display_pairing"),
]
