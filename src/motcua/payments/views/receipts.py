"""Receipts: the list, one receipt, its print, and what may become of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from motcua.kernel import clock
from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.kernel.web.forms import refuse_at
from motcua.organisation import queries as organisation
from motcua.payments import actions, queries
from motcua.payments.forms_receipts import (
    STATES,
    AdjustForm,
    LostForm,
    ReasonForm,
    ReceiptFilterForm,
    ReplaceForm,
    ReprintForm,
)
from motcua.payments.rules.receipt_symbols import number_text
from motcua.payments.types import ReceiptState
from motcua.payments.views.receipt_words import facts, history, links, state_kind

BEFORE = "truoc"


@require_safe
@signed_in
def receipts(request: ActorRequest) -> HttpResponse:
    """`/bien-lai/`: receipts of the units one works for, newest first."""
    form = ReceiptFilterForm(request.GET, units=queries.units_with_books(request.actor))
    form.is_valid()
    chosen = form.cleaned_data
    code, state = chosen.get("don_vi") or "", request.GET.get("trang-thai", "")
    filters = queries.ReceiptFilters(
        unit_id=organisation.unit_by_code(code).id if code else None,
        since=chosen.get("tu"),
        until=chosen.get("den"),
        book_id=number_of(request.GET.get("quyen", "")),
        state=state if state in ReceiptState.values else "",
        number=chosen.get("so"),
        payer=chosen.get("nguoi_nop") or "",
        subject=request.GET.get("ho-so", "")[:48],
    )
    page = queries.receipts_page(request.actor, filters, before=number_of(request.GET.get(BEFORE, "")))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(row) for row in page.rows],
        "tabs": _tabs(request, page, filters.state),
        "many_units": "don_vi" in form.fields,
        "is_first": BEFORE not in request.GET,
        "is_narrowed": any(request.GET.get(name) for name in (*form.fields, "quyen", "ho-so")),
        "kept": {
            name: request.GET[name] for name in ("trang-thai", "quyen", "ho-so") if request.GET.get(name)
        },
        "page_actions": [
            {"label": _("Quyển biên lai"), "url": reverse("payments:books"), "icon": "book"},
            {"label": _("Báo cáo sử dụng"), "url": reverse("payments:usage_report"), "icon": "report"},
        ],
    }
    return render(request, "payments/receipts.html", context)


@require_safe
@signed_in
def receipt(request: ActorRequest, receipt_id: int) -> HttpResponse:
    """`/bien-lai/<id>/`: what stands on it, what befell it, what may be done."""
    page = queries.receipt_page(request.actor, receipt_id, clock.now())
    layout, why = request.GET.get("in", ""), request.GET.get("ly-do", "")[:200]
    print_now = ""
    if layout in queries.LAYOUTS and page.may_print:
        print_now = _print_url(receipt_id, layout, why, page.receipt.printed)
    number = number_text(page.receipt.number)
    context = {
        "page": page,
        "data": page.data,
        "receipt": page.receipt,
        "number": number,
        "state_kind": state_kind(page.receipt.state),
        "facts": facts(page),
        "links": links(page),
        "history": history(page),
        "acts": [{"slug": slug, "label": act.label} for slug, act in ACTS.items()]
        if page.counts and page.may_correct
        else [],
        "print_now": print_now,
        "preview_url": reverse("payments:receipt_pdf", args=[receipt_id]) + "?kho=a5&xem=1",
        "first_print_url": "" if page.receipt.printed else _print_url(receipt_id, "a5", "", 0),
        "crumbs": [_home(), {"label": f"{page.receipt.book.series} {number}"}],
    }
    return render(request, "payments/receipt.html", context)


@require_GET
@signed_in
def receipt_pdf(request: ActorRequest, receipt_id: int) -> HttpResponse:
    """`/bien-lai/<id>/in/?kho=a5|a4|k80`: a print, counted. `&xem=1` only shows it, marked so."""
    layout = request.GET.get("kho", "a5")
    if request.GET.get("xem"):
        made = queries.receipt_preview(receipt_id=receipt_id, layout=layout, actor=request.actor)
    else:
        made = actions.receipt_pdf(
            receipt_id=receipt_id,
            layout=layout,
            actor=request.actor,
            now=clock.now(),
            reason=request.GET.get("ly-do", "")[:200],
        )
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{made.filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@signed_in
def receipt_xml(request: ActorRequest, receipt_id: int) -> HttpResponse:
    """`/bien-lai/<id>/xml/`: the neutral structure as XML, unsigned."""
    key, document = queries.receipt_document(request.actor, receipt_id)
    response = HttpResponse(document, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.xml"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reprint(request: ActorRequest, receipt_id: int) -> HttpResponse:
    """Say why and on which paper; the print starts on the receipt's page."""
    page = queries.receipt_page(request.actor, receipt_id, clock.now())
    if not page.may_print:
        queries.require_print(request.actor, page.receipt.unit_id)
    form = ReprintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        query = urlencode({"in": form.cleaned_data["layout"], "ly-do": form.cleaned_data["reason"]})
        return redirect(f"{reverse('payments:receipt', args=[receipt_id])}?{query}")
    return _form_page(request, form, page, _("In lại biên lai"), _("In lại"), "primary", "")


class Act:
    """One thing that may become of a receipt: its form, its action, its words."""

    def __init__(
        self,
        label: str,
        form: type[forms.Form],
        run: Callable[..., object],
        submit: str,
        done: str,
        hint: str,
    ) -> None:
        self.name, self.form, self.run = label, form, run
        self.submit_text, self.done_text, self.hint_text = submit, done, hint

    @property
    def label(self) -> str:
        return _(self.name)


ACTS = {
    "xoa-bo": Act(
        gettext_noop("Xóa bỏ"),
        ReasonForm,
        actions.void_receipt,
        gettext_noop("Xóa bỏ và lập số mới"),
        gettext_noop("Đã xóa bỏ. Đây là biên lai lập thay."),
        gettext_noop(
            "Dùng khi biên lai hỏng hoặc sai mà chưa giao người nộp. Gạch chéo, giữ đủ các liên; số mới được lập thay."
        ),
    ),
    "thay-the": Act(
        gettext_noop("Thay thế"),
        ReplaceForm,
        actions.replace_receipt,
        gettext_noop("Lập biên lai thay thế"),
        gettext_noop("Đã thay thế. Đây là biên lai mới."),
        gettext_noop(
            "Dùng khi biên lai sai đã giao người nộp: lập biên bản, thu hồi liên 2, rồi lập biên lai mới cùng số tiền. "
            "Sai số tiền: trong ngày thì hủy lần thu, ngày sau thì hoàn trả."
        ),
    ),
    "dieu-chinh": Act(
        gettext_noop("Điều chỉnh"),
        AdjustForm,
        actions.adjust_receipt,
        gettext_noop("Lập biên lai điều chỉnh"),
        gettext_noop("Đã điều chỉnh. Đây là biên lai điều chỉnh, số tiền 0 đồng."),
        gettext_noop(
            "Sửa tên hoặc địa chỉ, số tiền giữ nguyên. Sai số tiền: trong ngày thì hủy lần thu, ngày sau thì hoàn trả."
        ),
    ),
    "bao-mat": Act(
        gettext_noop("Báo mất"),
        LostForm,
        actions.report_lost,
        gettext_noop("Ghi là đã mất"),
        gettext_noop("Đã ghi mất. Báo cơ quan thuế trong 5 ngày làm việc."),
        gettext_noop("Dùng khi một liên bị mất, cháy, hỏng. Số tiền đã thu không đổi."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: ActorRequest, receipt_id: int, slug: str) -> HttpResponse:
    """Void, replace, adjust, lost: the form with its reason, then the receipt that stands in its place."""
    now = clock.now()
    page = queries.receipt_page(request.actor, receipt_id, now)
    queries.require_correct(request.actor, page.receipt, now)
    found = ACTS.get(slug)
    if found is None:
        return redirect("payments:receipt", receipt_id)
    form = found.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _run(request, form, found, receipt_id, now)
        if made is not None:
            messages.success(request, _(found.done_text))
            return redirect("payments:receipt", made)
    return _form_page(request, form, page, found.label, _(found.submit_text), "danger", _(found.hint_text))


def _run(request: ActorRequest, form: forms.Form, found: Act, receipt_id: int, now: datetime) -> int | None:
    """The id of the receipt to look at now; None when it was refused, with the refusal at its field."""
    values = dict(form.cleaned_data)
    minutes = values.pop("minutes", "")
    if minutes:
        values["reason"] = f"{values['reason']} (biên bản {minutes})"
    try:
        made = found.run(actor=request.actor, receipt_id=receipt_id, now=now, **values)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        refuse_at(form, refusal)
        return None
    return int(getattr(made, "pk", receipt_id))


def _form_page(
    request: ActorRequest,
    form: forms.Form,
    page: queries.ReceiptPage,
    title: str,
    submit: str,
    kind: str,
    hint: str,
) -> HttpResponse:
    number = number_text(page.receipt.number)
    back = reverse("payments:receipt", args=[page.receipt.pk])
    context = {
        "form": form,
        "title": title,
        "eyebrow": f"{page.receipt.book} · {number} · {page.data.payer.name}",
        "lead": hint,
        "crumbs": [_home(), {"label": f"{page.receipt.book.series} {number}", "url": back}, {"label": title}],
        "submit": submit,
        "submit_kind": kind,
        "cancel_url": back,
    }
    return render(request, "payments/form.html", context, status=422 if form.is_bound else 200)


def number_of(text: str) -> int | None:
    """A positive number in an address, or nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _row(row: Any) -> dict[str, Any]:
    return {
        "receipt": row,
        "number": number_text(row.number),
        "unit": organisation.unit(row.unit_id).full_name,
        "kind": state_kind(row.state),
    }


def _tabs(request: ActorRequest, page: queries.ReceiptsPage, chosen: str) -> list[dict[str, Any]]:
    query = request.GET.copy()
    query.pop(BEFORE, None)
    tabs = []
    for key, label in STATES:
        query["trang-thai"] = key
        count = page.counts.get(str(key), 0) if key else page.total
        tabs.append({"label": label, "count": count, "active": key == chosen, "url": "?" + query.urlencode()})
    return tabs


def _print_url(receipt_id: int, layout: str, why: str, printed: int) -> str:
    """`lan` makes the address of every print its own: the page prints an address once."""
    query = urlencode({"kho": layout, "ly-do": why, "lan": printed + 1})
    return f"{reverse('payments:receipt_pdf', args=[receipt_id])}?{query}"


def _home() -> dict[str, str]:
    return {"label": _("Biên lai"), "url": reverse("payments:receipts")}


urls_receipts = [
    path("bien-lai/", receipts, name="receipts"),
    path("bien-lai/<int:receipt_id>/", receipt, name="receipt"),
    path("bien-lai/<int:receipt_id>/in/", receipt_pdf, name="receipt_pdf"),
    path("bien-lai/<int:receipt_id>/xml/", receipt_xml, name="receipt_xml"),
    path("bien-lai/<int:receipt_id>/in-lai/", reprint, name="reprint_receipt"),
    path("bien-lai/<int:receipt_id>/<slug:slug>/", act, name="receipt_act"),
]
