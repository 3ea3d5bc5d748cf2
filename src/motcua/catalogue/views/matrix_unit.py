"""The matrix of competence by unit: what is done here, what is not and why; and as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motcua.catalogue import queries
from motcua.catalogue.queries.matrix import UnitRow
from motcua.catalogue.rules.matrix import MatrixUnit
from motcua.catalogue.views.matrix import require_staff, tabs
from motcua.catalogue.views.matrix_words import (
    HERE,
    NOT_HERE,
    SENT_ON,
    UNKNOWN,
    cell_words,
    state_of,
    state_words,
)
from motcua.catalogue.views.paging import Page, integer
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.text import fold
from motcua.kernel.web.access import signed_in

PER_PAGE = 50
STATES = (HERE, SENT_ON, NOT_HERE, UNKNOWN)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def unit(request: ActorRequest) -> HttpResponse:
    """`/tham-quyen/don-vi/?don-vi=CODE`: every procedure as one unit has it."""
    require_staff(request)
    now = clock.now()
    columns = queries.matrix.columns(now)
    chosen = _chosen(request, columns)
    rows = queries.matrix.of_unit(chosen.id, now) if chosen is not None else []
    state, field, text = _filters(request)
    kept = _kept(rows, state, field, text)
    page = Page(integer(request.GET.get("trang"), default=1), PER_PAGE)
    counted = {key: sum(state_of(row.part.cell) == key for row in rows) for key in STATES}
    context = {
        "units": columns,
        "chosen": chosen,
        "rows": [_row(row) for row in kept[page.offset : page.offset + PER_PAGE]],
        "count_words": ngettext("%(n)s thủ tục", "%(n)s thủ tục", len(kept)) % {"n": len(kept)},
        "states": [(key, state_words(key), counted[key]) for key in STATES if counted[key] or key != UNKNOWN],
        "state": state,
        "field": field,
        "fields": sorted({row.field for row in rows}),
        "query": text,
        "pages": page.links(request, len(kept)),
        "tabs": tabs("unit"),
    }
    return render(request, "catalogue/matrix_unit.html", context)


def _chosen(request: ActorRequest, columns: list[MatrixUnit]) -> MatrixUnit | None:
    """The unit asked for, else the first."""
    code = request.GET.get("don-vi", "")
    return next((column for column in columns if column.code == code), columns[0] if columns else None)


def _filters(request: ActorRequest) -> tuple[str, str, str]:
    state = request.GET.get("viec", "")
    return (
        state if state in STATES else "",
        request.GET.get("linh-vuc", "")[:255],
        request.GET.get("q", "")[:120],
    )


def _kept(rows: Iterable[UnitRow], state: str, field: str, text: str) -> list[UnitRow]:
    words = fold(text).split()
    return [
        row
        for row in rows
        if (not state or state_of(row.part.cell) == state)
        and field in ("", row.field)
        and all(word in fold(f"{row.topic.code} {row.topic.name}") for word in words)
    ]


def _row(row: UnitRow) -> dict[str, Any]:
    return {
        **cell_words(row.part.cell),
        "code": row.topic.code,
        "name": row.topic.name,
        "field": row.field,
        "url": reverse("matrix:procedure", args=[row.topic.code or str(row.topic.subject.procedure_id)]),
    }


@require_safe
@signed_in
def export(request: ActorRequest) -> HttpResponse:
    """`/tham-quyen/xuat/`: the same rows with the same filters as a spreadsheet; all text, no formula."""
    require_staff(request)
    now = clock.now()
    chosen = _chosen(request, queries.matrix.columns(now))
    rows = queries.matrix.of_unit(chosen.id, now) if chosen is not None else []
    state, field, text = _filters(request)
    title = chosen.name if chosen is not None else ""
    content = _workbook(title, [_row(row) for row in _kept(rows, state, field, text)])
    answer = HttpResponse(content, content_type=XLSX)
    name = f"tham-quyen-{chosen.code if chosen else 'trong'}-{clock.today(now):%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(title: str, rows: list[dict[str, Any]]) -> bytes:
    columns = (
        ("code", _("Mã"), 14),
        ("name", _("Tên thủ tục"), 70),
        ("field", _("Lĩnh vực"), 28),
        ("state_words", _("Ở đây"), 24),
        ("receiving", _("Nơi nộp"), 32),
        ("deciding", _("Nơi giải quyết"), 32),
        ("consulted", _("Nơi lấy ý kiến"), 32),
        ("returning", _("Nơi trả"), 24),
        ("reason", _("Vì sao"), 50),
        ("rule", _("Quy tắc"), 28),
        ("source", _("Căn cứ"), 60),
    )
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("Thẩm quyền"))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for place, (_key, label, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(2, place, label, bold)
    for line, row in enumerate(rows, 3):
        for place, (key, _label, _width) in enumerate(columns):
            sheet.write_string(line, place, str(row[key]), wrapped)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, max(3, len(rows) + 2), len(columns) - 1)
    book.close()
    return buffer.getvalue()
