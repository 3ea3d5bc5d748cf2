"""Many cells at once: fill down, templates, copying, files. Always a preview first, then the draft."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.catalogue import actions
from motcua.catalogue.queries import configuring_pages as pages
from motcua.catalogue.queries.configuring import Book, book, department
from motcua.catalogue.rules.grid.cells import Choices, Row, text_of
from motcua.catalogue.rules.grid.columns import COPIED, TITLES, Column, RowKey, mark_of
from motcua.catalogue.rules.grid.merging import Plan, Problem, Wish, plan
from motcua.catalogue.rules.grid.sheets import read_sheet
from motcua.catalogue.views.configuring import asked_department, asked_filters, grid_url
from motcua.catalogue.views.configuring_cells import change_views, clash_views, problem_views
from motcua.documents.rules.tables import read_tables
from motcua.kernel import clock
from motcua.kernel.errors import Invalid, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import Message, msg
from motcua.kernel.web.access import signed_in

SALT = "catalogue.configuring"
MOST_SHOWN = 1_000
MOST_ROWS = 5_000
ALIVE_SECONDS = 24 * 3600
LARGEST_FILE = 20 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_POST
def fill(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/dien/`: what filling down, a template or copying would change in the ticked rows."""
    now = clock.now()
    unit = department(request.actor, asked_department(request), now)
    keys = [
        key for text in request.POST.getlist("dong")[:MOST_ROWS] if (key := RowKey.read(text)) is not None
    ]
    held = book(unit, now)
    try:
        if not keys:
            raise Invalid(msg("Chưa chọn dòng nào. Đánh dấu các dòng cần đổi rồi làm lại."))
        wishes, title = _wishes(request, held, keys)
    except Invalid as refusal:
        messages.error(request, refusal.message.render())
        return redirect(grid_url(unit.code, request.POST.get("ve", "")))
    back = request.POST.get("ve", "")
    return _preview(request, held, plan(wishes, held.rows, held.choices), title=title, query=back)


def _wishes(request: ActorRequest, held: Book, keys: list[RowKey]) -> tuple[list[Wish], str]:
    how = request.POST.get("cach", "")
    if how == "mau":
        number = request.POST.get("mau", "")
        found = [t for t in pages.templates(held.department) if str(t.id) == number]
        if not found:
            raise Invalid(msg("Chọn một mẫu trong danh sách."), field="mau")
        cells = {Column(name): text for name, text in found[0].cells.items() if name in set(Column)}
        return _given(held, keys, cells), _("Áp dụng mẫu “%(name)s”") % {"name": found[0].name}
    if how == "chep":
        source = pages.row_by_code(held, request.POST.get("tu", "")[:64], keys[0].level)
        if source is None:
            raise Invalid(
                msg(
                    "Không có thủ tục “%(code)s” trong đơn vị này để chép.",
                    code=request.POST.get("tu", "")[:40],
                ),
                field="tu",
            )
        cells = {column: _text(source, column, held.choices) for column in COPIED if column in source.columns}
        return _given(held, keys, cells), _("Chép từ %(code)s") % {"code": source.code or source.name[:60]}
    column = request.POST.get("cot", "")
    if column not in set(Column):
        raise Invalid(msg("Chọn cột cần điền xuống."), field="cot")
    source_key = RowKey.read(request.POST.get("nguon", "")) or keys[0]
    source = held.rows.get(source_key)
    if source is None or Column(column) not in source.columns:
        raise Invalid(msg("Dòng đầu được chọn không có ô này để điền xuống."), field="cot")
    cells = {Column(column): _text(source, Column(column), held.choices)}
    given = _given(held, [key for key in keys if key != source_key], cells)
    return given, _("Điền “%(column)s” xuống") % {"column": TITLES[Column(column)].render()}


def _given(held: Book, keys: list[RowKey], cells: dict[Column, str]) -> list[Wish]:
    """The cells for every row that has them; the process of another level is not for them."""
    wishes = []
    for key in keys:
        row = held.rows.get(key)
        if row is None:
            wishes.append(Wish(key, Column.PROCESS, ""))
            continue
        wishes += [Wish(key, column, text) for column, text in cells.items() if column in row.columns]
    return wishes


def _text(row: Row, column: Column, choices: Choices) -> str:
    return text_of(row, column, row.token(column), choices)


def _preview(
    request: ActorRequest,
    held: Book,
    found: Plan,
    *,
    title: str,
    query: str = "",
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """Row by row what would change; the form carries the wishes, signed, with what was seen."""
    all_problems = (*problems, *found.problems)
    wishes = [
        [
            change.key.text,
            change.column.value,
            change.after,
            _seen(held, change.key, change.column),
            change.cell,
        ]
        for change in (*found.changes,)
    ]
    clashing = [
        [clash.key.text, clash.column.value, clash.mine, _seen(held, clash.key, clash.column), clash.cell]
        for clash in found.clashes
    ]
    context: dict[str, Any] = {
        "unit": held.department,
        "title": title,
        "changes": change_views(found, found.changes[:MOST_SHOWN], held.choices),
        "more": max(0, len(found.changes) - MOST_SHOWN),
        "change_count": len(found.changes),
        "row_count": found.row_count,
        "problems": problem_views(found, all_problems),
        "clashes": clash_views(found, held.choices),
        "unchanged": found.unchanged,
        "payload": signing.dumps(
            {
                "unit": held.department.code,
                "wishes": wishes,
                "clashes": clashing,
                "title": title,
                "back": query,
            },
            salt=SALT,
            compress=True,
        ),
        "back": grid_url(held.department.code, query),
        "crumbs": [
            {"url": grid_url(held.department.code), "label": _("Cấu hình")},
            {"label": title},
        ],
    }
    return render(request, "catalogue/configuring/preview.html", context, status=status)


def _seen(held: Book, key: RowKey, column: Column) -> str:
    return mark_of(_text(held.rows[key], column, held.choices))


@signed_in
@require_POST
def apply(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/ap-dung/`: put what a preview showed into the draft; what changed since is shown again."""
    now = clock.now()
    try:
        said = signing.loads(request.POST.get("goi", ""), salt=SALT, max_age=ALIVE_SECONDS)
    except signing.BadSignature as error:
        raise Invalid(
            msg("Bản xem trước này đã quá một ngày hoặc bị sửa. Quay lại bảng và làm lại.")
        ) from error
    unit = department(request.actor, said["unit"], now)
    chosen = set(request.POST.getlist("cua-toi"))
    wishes = [_wish(parts) for parts in said["wishes"]]
    wishes += [_wish(parts) for parts in said["clashes"] if f"{parts[0]}|{parts[1]}" in chosen]
    done = actions.edit_cells(actor=request.actor, department=unit, wishes=wishes, now=now)
    if done.clashes or done.problems:
        held = book(unit, now)
        left = {(c.key, c.column) for c in done.clashes} | {(p.key, p.column) for p in done.problems}
        again = plan([w for w in wishes if (w.key, w.column) in left], held.rows, held.choices)
        messages.warning(
            request, _said(done) + " " + _("Các ô dưới đây vừa có người đổi, xem lại rồi quyết định.")
        )
        return _preview(request, held, again, title=said["title"], query=said["back"], status=409)
    messages.success(request, _said(done))
    return redirect(grid_url(unit.code, said["back"]))


def _said(done: Plan) -> str:
    return ngettext(
        "Đã ghi %(n)s ô ở %(rows)s dòng vào bản nháp.",
        "Đã ghi %(n)s ô ở %(rows)s dòng vào bản nháp.",
        len(done.changes),
    ) % {"n": len(done.changes), "rows": done.row_count}


def _wish(parts: list[str]) -> Wish:
    key = RowKey.read(parts[0])
    assert key is not None  # we signed it
    return Wish(key, Column(parts[1]), parts[2], parts[3], parts[4])


@signed_in
@require_safe
def export(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/xuat/`: the rows that the filters show, all pages, as a spreadsheet to be read back."""
    found = pages.grid(
        request.actor,
        asked_department(request),
        asked_filters(request),
        offset=0,
        limit=MOST_ROWS,
        at=clock.now(),
    )
    content = pages.export(found.book, [shown.row for shown in found.rows])
    answer = HttpResponse(content, content_type=XLSX)
    code = re.sub(r"[^A-Za-z0-9.-]", "", found.book.department.code)
    day = clock.today(clock.now()).isoformat()
    answer["Content-Disposition"] = f'attachment; filename="cau-hinh-{code}-{day}.xlsx"'
    return answer


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/nap/`: read a returned spreadsheet and show what it would change."""
    now = clock.now()
    unit = department(request.actor, asked_department(request), now)
    if request.method != "POST":
        return _upload_page(request, unit.code)
    sent = request.FILES.get("tep")
    if sent is None or isinstance(sent, list):
        return _upload_page(request, unit.code, msg("Chọn tệp .xlsx đã xuất từ bảng cấu hình."))
    if (sent.size or 0) > LARGEST_FILE:
        return _upload_page(request, unit.code, msg("Tệp lớn quá 20 MB; xuất ít dòng hơn rồi nạp lại."))
    held = book(unit, now)
    try:
        tables = read_tables(sent.read(), name=sent.name or "", keep_formulas=True)
    except Refused as refusal:
        return _upload_page(request, unit.code, refusal.message)
    read = read_sheet(tables, {key: row.code for key, row in held.rows.items()})
    if isinstance(read, Message):
        return _upload_page(request, unit.code, read)
    found = plan(read.wishes, held.rows, held.choices)
    title = _("Nạp từ %(file)s") % {"file": sent.name}
    bad = bool(found.problems or read.problems)
    return _preview(request, held, found, title=title, problems=read.problems, status=422 if bad else 200)


def _upload_page(request: ActorRequest, code: str, error: Message | None = None) -> HttpResponse:
    found = {"tep": error.render()} if error is not None else {}
    now = clock.now()
    context = {
        "unit": department(request.actor, code, now),
        "errors": found,
        "error": found.get("tep", ""),
        "crumbs": [{"url": grid_url(code), "label": _("Cấu hình")}, {"label": _("Nạp bảng tính")}],
    }
    return render(request, "catalogue/configuring/upload.html", context, status=422 if error else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/mau/`: the templates of a department; a POST saves a row as one, or takes one away."""
    now = clock.now()
    unit = department(request.actor, asked_department(request), now)
    if request.method == "POST":
        try:
            _template_act(request, unit.code)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            messages.error(request, refusal.message.render())
        return redirect(f"{request.path}?don-vi={unit.code}")
    return render(
        request,
        "catalogue/configuring/templates.html",
        {
            "unit": unit,
            "templates": [
                {
                    "template": found,
                    "cells": [
                        {"label": TITLES[Column(name)].render(), "text": text.replace("\n", "; ")}
                        for name, text in found.cells.items()
                        if name in set(Column) and text and name != Column.STEPS
                    ],
                }
                for found in pages.templates(unit)
            ],
            "crumbs": [{"url": grid_url(unit.code), "label": _("Cấu hình")}, {"label": _("Mẫu cấu hình")}],
            "grid_url": grid_url(unit.code),
        },
    )


def _template_act(request: ActorRequest, code: str) -> None:
    now = clock.now()
    unit = department(request.actor, code, now)
    gone = request.POST.get("xoa", "")
    if gone:
        number = int(gone) if gone.isascii() and gone.isdigit() and len(gone) < 16 else 0
        actions.delete_template(actor=request.actor, department=unit, template_id=number, now=now)
        messages.success(request, _("Đã xóa mẫu; các thủ tục đã đặt theo mẫu giữ nguyên."))
        return
    key = RowKey.read(request.POST.get("dong", "")[:120])
    if key is None:
        raise Invalid(msg("Chọn dòng cần lưu thành mẫu."))
    name = request.POST.get("ten", "")[:200]
    actions.save_template(actor=request.actor, department=unit, name=name, key=key, now=now)
    messages.success(request, _("Đã lưu mẫu. Đánh dấu các dòng trong bảng rồi chọn “Áp dụng mẫu”."))
