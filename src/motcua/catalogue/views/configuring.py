"""`/cau-hinh/`: the grid of a department and the page of one row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.catalogue import actions, words
from motcua.catalogue.queries import configuring_pages as pages
from motcua.catalogue.queries.configuring import Book
from motcua.catalogue.rules.grid.cells import Row
from motcua.catalogue.rules.grid.columns import TITLES, Column, RowKey
from motcua.catalogue.rules.grid.completeness import LACKS, Lack, Score
from motcua.catalogue.rules.grid.merging import Plan, Wish
from motcua.catalogue.views.configuring_cells import FREE_TEXT, input_view, row_view, typed_lines, words_of
from motcua.catalogue.views.configuring_packages import submitted_views
from motcua.catalogue.views.paging import Page, integer
from motcua.kernel import clock
from motcua.kernel.errors import NotFound
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.kernel.web.access import signed_in

SIZES = (50, 100, 300)
LONGEST_CELL = 20_000


def asked_department(request: ActorRequest) -> str:
    """The code of the department in the address or the form; empty: the person's own."""
    return (request.POST.get("don-vi") or request.GET.get("don-vi") or "")[:24]


def asked_filters(request: ActorRequest) -> pages.Filters:
    """What of the grid the address asks for; anything unknown falls back."""
    asked = request.GET
    level, lack, sort = asked.get("cap", ""), asked.get("thieu", ""), asked.get("sap", "")
    return pages.Filters(
        field=asked.get("linh-vuc", "")[:255],
        level=level if level in words.LEVELS else "",
        lack=lack if lack in set(Lack) else "",
        text=asked.get("q", "")[:120],
        changed=asked.get("da-sua", "") == "1",
        sort=sort if sort in pages.SORTS else "field",
    )


LONGEST_QUERY = 1_000


def grid_url(department: str, query: str = "") -> str:
    """The grid of a department, filtered as before where the query of that page is known."""
    wanted = QueryDict(query[:LONGEST_QUERY], mutable=True)
    wanted["don-vi"] = department
    return f"{reverse('catalogue_configuring:grid')}?{wanted.urlencode()}"


@signed_in
@require_safe
def grid(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/`: hundreds of procedures, a cell for everything a department sets."""
    filters = asked_filters(request)
    size = integer(request.GET.get("so-dong"), default=SIZES[0])
    page = Page(integer(request.GET.get("trang"), default=1), size if size in SIZES else SIZES[0])
    found = pages.grid(
        request.actor,
        asked_department(request),
        filters,
        offset=page.offset,
        limit=page.size,
        at=clock.now(),
    )
    unit = found.book.department
    return render(
        request,
        "catalogue/configuring/grid.html",
        {
            "unit": unit,
            "departments": found.departments,
            "rows": [row_view(row, found.book.choices, unit.code) for row in found.rows],
            "columns": [{"key": column.value, "label": TITLES[column].render()} for column in Column],
            "filters": filters,
            "filtered": filters != pages.Filters(sort=filters.sort),
            "fields": found.fields,
            "levels": [(level, words.LEVELS[level]) for level in ("xa", "tinh")],
            "lacks": [(lack.value, LACKS[lack].render()) for lack in Lack],
            "sorts": _sorts(),
            "sizes": SIZES,
            "size": page.size,
            "score": found.score,
            "missing": missing_views(found.score),
            "back_query": request.GET.urlencode(),
            "draft": found.book.draft,
            "submitted": submitted_views(found.submitted),
            "templates": found.templates,
            "total": found.total,
            "pages": page.links(request, found.total),
            "page_keys": page_keys(),
        },
    )


def missing_views(found: Score) -> list[tuple[str, str, int]]:
    """What is missing, how often."""
    return [(lack.value, LACKS[lack].render(), n) for lack, n in found.missing]


def _sorts() -> list[tuple[str, str]]:
    return [
        ("field", _("Lĩnh vực, tên")),
        ("worst", _("Thiếu nhiều trước")),
        ("code", _("Mã thủ tục")),
        ("name", _("Tên thủ tục")),
        ("changed", _("Đã sửa trước")),
    ]


def page_keys() -> list[dict[str, str]]:
    """Keys of the grid, for the key help."""
    return [
        {"keys": "← ↑ → ↓", "text": _("sang ô bên cạnh")},
        {"keys": "Enter", "text": _("sửa ô; trong ô đang sửa: ghi")},
        {"keys": "Esc", "text": _("bỏ sửa ô")},
        {"keys": "Space", "text": _("chọn dòng")},
        {"keys": "Ctrl D", "text": _("điền giá trị ô đang đứng xuống các dòng đã chọn")},
        {"keys": "F9", "text": _("xem bản nháp để trình")},
    ]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/dong/`: one row, or one cell of it (`cot`), as a form; scripts get only the form."""
    key = RowKey.read((request.POST.get("dong") or request.GET.get("dong") or "")[:120])
    if key is None:
        raise NotFound(msg("Không có dòng này trong phạm vi bạn cấu hình."))
    now = clock.now()
    held = pages.some_rows(request.actor, asked_department(request), [key], now)
    found = held.rows[key]
    asked = request.POST.get("cot") or request.GET.get("cot") or ""
    columns = [column for column in found.columns if not asked or column.value == asked] or list(
        found.columns
    )
    if request.method != "POST":
        return _row_form(request, held, found, columns)
    wishes = _wishes(request, key, columns)
    plan = actions.edit_cells(actor=request.actor, department=held.department, wishes=wishes, now=now)
    if plan.problems or plan.clashes:
        held = pages.some_rows(request.actor, held.department.code, [key], now)
        return _row_form(request, held, held.rows[key], columns, wishes=wishes, plan=plan)
    if _by_script(request):
        return rows_answer(request, held.department.code, {key.procedure_id})
    messages.success(request, _("Đã ghi vào bản nháp.") if plan.changes else _("Không có gì thay đổi."))
    return redirect(f"{grid_url(held.department.code)}#r{key.text}")


def _wishes(request: ActorRequest, key: RowKey, columns: list[Column]) -> list[Wish]:
    """The cells of the form; those with several lines come whole or as fields."""
    found = []
    for column in columns:
        text = request.POST.get(column.value)
        if text is None and column in FREE_TEXT:
            text = typed_lines(request.POST, column)
        if text is not None:
            seen = request.POST.get(f"seen-{column.value}") or None
            found.append(Wish(key, column, text[:LONGEST_CELL], seen))
    return found


def _by_script(request: ActorRequest) -> bool:
    return request.headers.get("X-Requested-With") == "motcua-grid"


def _row_form(
    request: ActorRequest,
    held: Book,
    found: Row,
    columns: list[Column],
    *,
    wishes: list[Wish] | None = None,
    plan: Plan | None = None,
) -> HttpResponse:
    """The form; after a refusal with everything typed, the reasons, and what stands now."""
    typed = {wish.column: wish.text for wish in wishes or ()}
    errors: dict[str, str] = {}
    if plan is not None:
        written = {change.column for change in plan.changes}
        typed = {column: text for column, text in typed.items() if column not in written}
        errors = {p.column.value: p.message.render() for p in plan.problems if p.column is not None}
        for clash in plan.clashes:
            now = words_of(found, clash.column, clash.now, held.choices)
            errors[clash.column.value] = _(
                "Người khác vừa đổi ô này thành “%(now)s”. Bấm Lưu lần nữa để lấy giá trị của bạn, "
                "hoặc bỏ sửa để giữ giá trị đó."
            ) % {"now": now[:300]}
    inputs = [input_view(found, column, held.choices, typed=typed.get(column)) for column in columns]
    for shown in inputs:
        shown["error"] = errors.get(shown["column"], "")
    context: dict[str, Any] = {
        "unit": held.department,
        "row": row_view(
            pages.GridRow(found, found.completeness(held.choices)), held.choices, held.department.code
        ),
        "inputs": inputs,
        "one": columns[0].value if len(columns) == 1 else "",
        "errors": {f"c-{name}": text for name, text in errors.items()},
        "limit": found.limit.text().render() if found.limit.has_due_date else "",
        "draft": held.draft,
        "templates": pages.templates(held.department),
        "back": f"{grid_url(held.department.code)}#r{found.key.text}",
        "crumbs": [
            {"url": grid_url(held.department.code), "label": _("Cấu hình")},
            {"label": found.code or found.name[:60]},
        ],
    }
    template = "cell_form" if _by_script(request) else "row"
    return render(request, f"catalogue/configuring/{template}.html", context, status=422 if errors else 200)


def rows_answer(request: ActorRequest, department: str, procedures: set[int]) -> HttpResponse:
    """The rows of some procedures and the bar of the draft, for the script to put in place."""
    found = pages.grid(request.actor, department, pages.Filters(), offset=0, limit=100_000, at=clock.now())
    rows = [
        row_view(row, found.book.choices, department)
        for row in found.rows
        if row.row.key.procedure_id in procedures
    ]
    return render(
        request,
        "catalogue/configuring/rows_answer.html",
        {
            "rows": rows,
            "draft": found.book.draft,
            "score": found.score,
            "missing": missing_views(found.score),
            "submitted": submitted_views(found.submitted),
            "unit": found.book.department,
        },
    )


@signed_in
@require_POST
def undo(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/bo/`: take one cell, a row, or everything out of the draft."""
    now = clock.now()
    held = pages.some_rows(request.actor, asked_department(request), [], now)
    cells: list[tuple[RowKey, Column | None]] = []
    for text in request.POST.getlist("o")[:5_000]:
        key_text, _bar, name = text.rpartition("|")
        key = RowKey.read(key_text)
        if key is not None and (name == "" or name in set(Column)):
            cells.append((key, Column(name) if name else None))
    gone = actions.undo_cells(actor=request.actor, department=held.department, cells=cells, now=now)
    if _by_script(request):
        return rows_answer(request, held.department.code, {key.procedure_id for key, _column in cells})
    messages.success(request, _("Đã bỏ thay đổi ở %(n)s ô.") % {"n": gone})
    back = reverse("catalogue_configuring:draft")
    return redirect(f"{back}?{urlencode({'don-vi': held.department.code})}")
