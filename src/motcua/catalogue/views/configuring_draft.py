"""The open draft of a department, handing it in, and where a new administrator begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.catalogue import actions, words
from motcua.catalogue.queries import configuring_pages as pages
from motcua.catalogue.queries.configuring import Book, book, department, submitted
from motcua.catalogue.rules.grid.columns import TITLES
from motcua.catalogue.rules.grid.completeness import Lack
from motcua.catalogue.views.configuring import asked_department, grid_url
from motcua.catalogue.views.configuring_cells import edit_url, pairs
from motcua.catalogue.views.configuring_packages import change_set_url, submitted_views
from motcua.catalogue.views.paging import integer
from motcua.catalogue.views.procedure_parts import url_or_nothing
from motcua.kernel import clock
from motcua.kernel.clock import VN
from motcua.kernel.days import read_day
from motcua.kernel.errors import Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import Message, msg
from motcua.kernel.web.access import signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/ban-nhap/`: every changed cell, before and after; a POST hands the draft in."""
    now = clock.now()
    unit = department(request.actor, asked_department(request), now)
    if request.method != "POST":
        return _draft_page(request, book(unit, now))
    typed = request.POST.get("tu-ngay", "")[:40]
    starts = _midnight(typed)
    try:
        if starts is None:
            raise _NoDay(msg("Ghi ngày áp dụng, ví dụ 15/12/2026."), field="effective_on")
        effective = max(starts, now) if starts.date() == clock.today(now) else starts
        revision = integer(request.POST.get("ban"), default=0)
        change_set_id = actions.submit_configuration(
            actor=request.actor, department=unit, effective_at=effective, revision=revision, now=now
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _draft_page(request, book(unit, now), error=refusal.message, typed=typed)
    messages.success(
        request, _("Đã trình gói cấu hình. Người thứ hai mở gói đó, xem lại, phê duyệt rồi công bố.")
    )
    return redirect(change_set_url(change_set_id) or grid_url(unit.code))


class _NoDay(Refused):
    code = "no_day"


def _midnight(text: str) -> datetime | None:
    """The first instant of a day as it was typed."""
    day = read_day(text, short_year=True)
    return datetime.combine(day, time(), tzinfo=VN) if day is not None else None


def _draft_page(
    request: ActorRequest, held: Book, *, error: Message | None = None, typed: str = ""
) -> HttpResponse:
    code = held.department.code
    rows = [row for row in held.rows.values() if row.draft]
    changes: list[dict[str, Any]] = [
        {
            "key": row.key.text,
            "code": row.code,
            "name": row.name,
            "case": row.case_name,
            "level": str(words.LEVELS.get(row.key.level, row.key.level)),
            "cells": [
                {
                    "name": f"{row.key.text}|{column.value}",
                    "label": TITLES[column].render(),
                    "url": edit_url(row, column, code),
                    "pairs": pairs(row, column, edit.before, edit.after, held.choices),
                    "overtaken": row.overtaken(column),
                }
                for column, edit in row.draft.items()
            ],
        }
        for row in rows
    ]
    tomorrow: date = clock.today(clock.now()) + timedelta(days=1)
    context = {
        "unit": held.department,
        "draft": held.draft,
        "changes": changes,
        "cell_count": sum(len(row.draft) for row in rows),
        "overtaken": any(row.overtaken(column) for row in rows for column in row.draft),
        "day": typed or f"{tomorrow:%d/%m/%Y}",
        "submitted": submitted_views(submitted(held.department)),
        "day_error": error.render() if error is not None else "",
        "errors": {"tu-ngay": error.render()} if error is not None else {},
        "grid_url": grid_url(code),
        "crumbs": [{"url": grid_url(code), "label": _("Cấu hình")}, {"label": _("Bản nháp")}],
    }
    return render(request, "catalogue/configuring/draft.html", context, status=422 if error else 200)


@signed_in
@require_safe
def begin(request: ActorRequest) -> HttpResponse:
    """`/cau-hinh/bat-dau/`: what to do in which order, with how far each thing is."""
    found = pages.beginning(request.actor, asked_department(request), clock.now())
    unit = found.book.department
    return render(
        request,
        "catalogue/configuring/begin.html",
        {
            "unit": unit,
            "departments": found.departments,
            "score": found.score,
            "procedures": found.procedures,
            "steps": _steps(found),
            "draft": found.book.draft,
            "submitted": submitted_views(found.submitted),
            "grid_url": grid_url(unit.code),
            "crumbs": [{"url": grid_url(unit.code), "label": _("Cấu hình")}, {"label": _("Bắt đầu từ đây")}],
        },
    )


def _steps(found: pages.Beginning) -> list[dict[str, Any]]:
    unit = found.book.department

    def lacking(lack: Lack) -> str:
        return f"{grid_url(unit.code)}&{urlencode({'thieu': lack.value})}"

    texts = {
        Lack.LIMIT: (
            _("Rà thời hạn"),
            _("Thủ tục chưa rõ thời hạn thì không hẹn ngày được. Thời hạn đến từ quyết định công bố: "
              "nạp quyết định mới, hoặc báo người kiểm soát thủ tục của tỉnh."),
        ),
        Lack.PROCESS: (
            _("Gán quy trình nội bộ"),
            _("Dán bảng quy trình của quyết định ở mục Quy trình, rồi gán cho từng thủ tục. Cấu hình xong một thủ tục "
              "thì lưu thành mẫu và áp dụng cho các thủ tục giống nó."),
        ),
        Lack.TIME: (
            _("Chia thời gian cho các bước"),
            _("Tổng các bước không được quá thời hạn. Mở ô “Các bước” để sửa vai và thời gian từng bước."),
        ),
        Lack.DECIDING: (
            _("Ghi cơ quan giải quyết"),
            _("Lĩnh vực chưa rõ sở nào phụ trách thì chọn cơ quan ở cột “Cơ quan giải quyết”."),
        ),
        Lack.FORM: (
            _("Gắn biểu mẫu"),
            _("Ghi số hiệu tờ khai để quầy đưa đúng mẫu cho người dân."),
        ),
        Lack.FEES: (
            _("Ghi mức phí, lệ phí"),
            _("Mức phí kèm nghị quyết của Hội đồng nhân dân. Mức chưa rõ hoặc chờ duyệt thì quầy không thu."),
        ),
    }  # fmt: skip
    steps: list[dict[str, Any]] = []
    for lack, (title, text) in texts.items():
        have, need = found.done[lack]
        steps.append(
            {
                "title": title,
                "text": text,
                "have": have,
                "need": need,
                "left": need - have,
                "done": have == need,
                "url": lacking(lack) if have < need else "",
                "also": url_or_nothing("workflow:paste") if lack is Lack.PROCESS else "",
            }
        )
    current = next((step for step in steps if not step["done"]), None)
    if current is not None:
        current["current"] = True
    return steps
