"""The board as a workbook, for the weekly meeting."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from motcua.kernel import clock
from motcua.support import words
from motcua.support.queries_steps import province_steps
from motcua.support.rules.readiness import OF_THE_UNIT, Aspect, Mark
from motcua.support.types import Board

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(board: Board) -> bytes:
    """Three sheets: units, what to do next, procedures with something open."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _("Bảng sẵn sàng")})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E2EFEF", "border": 1}
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    _units(book.add_worksheet(_("Đơn vị")), board, head)
    _steps(book.add_worksheet(_("Việc cần làm")), board, head, wrap)
    _procedures(book.add_worksheet(_("Thủ tục")), board, head, wrap)
    book.close()
    return target.getvalue()


def _head(sheet: Worksheet, names: list[str], widths: list[int], head: Format) -> None:
    sheet.write_row(0, 0, names, head)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, 0, len(names) - 1)


def _units(sheet: Worksheet, board: Board, head: Format) -> None:
    names = [
        _("Đơn vị"),
        _("Mã"),
        _("Số thủ tục"),
        _("Nhận được"),
        _("Tỷ lệ %"),
        _("Chưa được"),
        _("Cần làm rõ"),
        _("Quá hạn quy trình điện tử"),
        _("Mức"),
    ]
    _head(sheet, names, [42, 12, 12, 12, 10, 12, 12, 16, 22], head)
    states = sorted(board.units.values(), key=lambda state: (state.share, state.unit.name))
    for number, state in enumerate((s for s in states if s.total), 1):
        row = [
            state.unit.full_name or state.unit.name,
            state.unit.code,
            state.total,
            state.total - state.blocked,
            state.share,
            state.blocked,
            state.doubtful,
            state.late,
            str(words.GRADES[state.grade]),
        ]
        sheet.write_row(number, 0, row)


def _steps(sheet: Worksheet, board: Board, head: Format, wrap: Format) -> None:
    _head(sheet, [_("Việc"), _("Ai làm"), _("Hạn")], [90, 50, 14], head)
    for number, step in enumerate(province_steps(board), 1):
        due = f"{step.due:%d/%m/%Y}" if step.due else ""
        sheet.write_row(number, 0, [step.text().render(), step.who, due], wrap)


def _procedures(sheet: Worksheet, board: Board, head: Format, wrap: Format) -> None:
    aspects = [aspect for aspect in Aspect if aspect not in OF_THE_UNIT]
    names = [_("Mã"), _("Thủ tục"), _("Lĩnh vực"), _("Cấp"), *(str(words.ASPECTS[a]) for a in aspects)]
    _head(sheet, names, [14, 70, 28, 8, *([16] * len(aspects))], head)
    number = 0
    for item in board.items:
        if not {Mark.BLOCKED, Mark.DOUBT} & set(item.marks.values()):
            continue
        number += 1
        marks = [str(words.MARKS[item.marks[aspect]]) for aspect in aspects]
        sheet.write_row(number, 0, [item.code, item.name, item.field, item.level, *marks], wrap)
    sheet.set_footer(f"&L{clock.local(board.at):%d/%m/%Y %H:%M}&R&P/&N")
