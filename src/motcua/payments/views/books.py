"""Books of receipts: what is left and what is missing, opening, closing, the notice of issue, the turn of the year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation import queries as organisation
from motcua.payments import actions, queries
from motcua.payments.adapters import receipt_papers
from motcua.payments.forms_receipts import BookForm, CloseBookForm, ConfirmBookForm, NoticeForm
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.views.form_page import form_page
from motcua.payments.views.receipts import BEFORE, number_of

STATE_WORDS = {
    "now": (gettext_lazy("Đang dùng"), "progress", ""),
    "later": (gettext_lazy("Chưa đến ngày"), "neutral", "clock"),
    "used_up": (gettext_lazy("Hết số"), "danger", ""),
    "over": (gettext_lazy("Hết năm"), "attention", ""),
    "closing": (gettext_lazy("Dùng nốt hôm nay"), "waiting", ""),
    "closed": (gettext_lazy("Đã khóa"), "stopped", ""),
    "proposed": (gettext_lazy("Đề xuất cho năm mới"), "waiting", "calendar-event"),
    "discarded": (gettext_lazy("Đã bỏ đề xuất"), "stopped", ""),
}


@require_safe
@signed_in
def books(request: ActorRequest) -> HttpResponse:
    """`/bien-lai/quyen/`: the books of the units one works for."""
    units = queries.units_with_books(request.actor)
    code = request.GET.get("don-vi", "")
    unit = next((unit for unit in units if unit.code == code), None)
    tab = request.GET.get("muc", queries.IN_USE)
    page = queries.books_page(
        request.actor,
        unit_id=unit.id if unit else None,
        tab=tab,
        today=clock.today(clock.now()),
        before=number_of(request.GET.get(BEFORE, "")),
    )
    labels = {queries.IN_USE: _("Đang dùng"), queries.PENDING: _("Cần làm"), queries.ALL: _("Tất cả")}
    suffix = f"&don-vi={unit.code}" if unit else ""
    context = {
        "page": page,
        "rows": [_row(row) for row in page.rows],
        "units": units if len(units) > 1 else [],
        "unit": unit,
        "tab": tab,
        "tabs": [
            {"label": label, "count": page.counts[key], "active": key == tab, "url": f"?muc={key}{suffix}"}
            for key, label in labels.items()
        ],
        "crumbs": _crumbs(_("Quyển biên lai"), linked=False),
        "page_actions": [
            {
                "label": _("Mở quyển mới"),
                "url": reverse("payments:open_book"),
                "icon": "plus",
                "kind": "primary",
            }
        ]
        if page.may_open
        else [],
    }
    return render(request, "payments/books.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def open_book(request: ActorRequest) -> HttpResponse:
    """A new book of a unit."""
    units = queries.units_to_open_for(request.actor)
    now = clock.now()
    today = clock.today(now)
    first = {"form_symbol": "01BLP2-001", "series": f"AA-{today.year % 100:02d}T", "starts_on": today}
    form = BookForm(request.POST or None, units=units, initial=first)
    return _form(
        request,
        form,
        lambda values: actions.open_book(
            actor=request.actor, unit_id=int(values.pop("unit")), now=now, **values
        ),
        title=_("Mở quyển biên lai"),
        submit=_("Mở quyển"),
        done=_("Đã mở quyển biên lai."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm_book(request: ActorRequest, book_id: int) -> HttpResponse:
    """A book proposed for the next year is taken into use."""
    now = clock.now()
    row = queries.book_to_set_up(request.actor, book_id, clock.today(now))
    book = row.book
    first = {"first_number": 1, "last_number": book.last_number, "starts_on": book.starts_on}
    return _form(
        request,
        ConfirmBookForm(request.POST or None, initial=first, on_paper=book.copies > 0),
        lambda values: actions.confirm_book(actor=request.actor, book_id=book_id, now=now, **values),
        title=_("Xác nhận quyển %(series)s") % {"series": book.series},
        submit=_("Đưa vào sử dụng"),
        done=_("Đã xác nhận quyển %(series)s.") % {"series": book.series},
        eyebrow=row.unit.full_name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def note_notice(request: ActorRequest, book_id: int) -> HttpResponse:
    """Number and day of the notice of issue."""
    now = clock.now()
    row = queries.book_to_set_up(request.actor, book_id, clock.today(now))
    first = {"notice_number": row.book.notice_number, "notice_on": row.book.notice_on}
    return _form(
        request,
        NoticeForm(request.POST or None, initial=first),
        lambda values: actions.note_notice(actor=request.actor, book_id=book_id, now=now, **values),
        title=_("Thông báo phát hành quyển %(series)s") % {"series": row.book.series},
        submit=_("Lưu"),
        done=_("Đã ghi thông báo phát hành."),
        eyebrow=row.unit.full_name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_book(request: ActorRequest, book_id: int) -> HttpResponse:
    """No more numbers from a book, and what becomes of the rest; a proposal is discarded."""
    now = clock.now()
    row = queries.book_to_set_up(request.actor, book_id, clock.today(now))
    proposed = row.state == "proposed"
    form = CloseBookForm(request.POST or None)
    if proposed:
        del form.fields["rest"]
        form.fields["reason"].label = _("Lý do bỏ đề xuất")
    title = _("Bỏ đề xuất quyển %(series)s") if proposed else _("Khóa quyển %(series)s")
    return _form(
        request,
        form,
        lambda values: actions.close_book(actor=request.actor, book_id=book_id, now=now, **values),
        title=title % {"series": row.book.series},
        submit=_("Bỏ đề xuất") if proposed else _("Khóa quyển"),
        submit_kind="danger",
        done=_("Đã bỏ đề xuất.") if proposed else _("Đã khóa quyển. Từ ngày mai không lấy số ở quyển này."),
        eyebrow=row.unit.full_name,
        lead=""
        if proposed
        else _("Còn %(left)s số chưa dùng. Số đã cấp không đổi.")
        % {"left": f"{row.left:,}".replace(",", ".")},
    )


@require_safe
@signed_in
def notice_pdf(request: ActorRequest, book_id: int) -> HttpResponse:
    """The notice of issue of a book, to sign and send."""
    now = clock.now()
    row = queries.book_to_set_up(request.actor, book_id, clock.today(now))
    content = receipt_papers.notice_pdf(
        row.book, queries.collector_of(row.unit), place=row.unit.place_name, now=now
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename=thong-bao-phat-hanh-{row.book.series}.pdf"
    response["Cache-Control"] = "private, no-store"
    return response


def _form(
    request: ActorRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    **words: str,
) -> HttpResponse:
    return form_page(
        request, form, act, back=reverse("payments:books"), crumbs=_crumbs(title), title=title, **words
    )


def _row(row: queries.BookRow) -> dict[str, Any]:
    words, kind, icon = STATE_WORDS[row.state]
    return {
        "row": row,
        "book": row.book,
        "unit": organisation.unit(row.book.unit_id),
        "first": number_text(row.book.first_number),
        "last": number_text(row.book.last_number),
        "next": number_text(row.book.next_number) if row.left else "",
        "state": words,
        "kind": kind,
        "icon": icon,
    }


def _crumbs(title: str, *, linked: bool = True) -> list[dict[str, str]]:
    found = [{"label": _("Biên lai"), "url": reverse("payments:receipts")}]
    if linked:
        found.append({"label": _("Quyển biên lai"), "url": reverse("payments:books")})
    return [*found, {"label": title}]


urls_books = [
    path("bien-lai/quyen/", books, name="books"),
    path("bien-lai/quyen/mo/", open_book, name="open_book"),
    path("bien-lai/quyen/<int:book_id>/xac-nhan/", confirm_book, name="confirm_book"),
    path("bien-lai/quyen/<int:book_id>/thong-bao/", note_notice, name="note_notice"),
    path("bien-lai/quyen/<int:book_id>/thong-bao.pdf", notice_pdf, name="notice_pdf"),
    path("bien-lai/quyen/<int:book_id>/khoa/", close_book, name="close_book"),
]
