from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from motcua.dossiers.queries_explain import Explanation, Standstill, explain_deadline
from motcua.dossiers.rules.deadline import PauseMode
from motcua.kernel.clock import VN
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg

_TIME = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_PAUSE = re.compile(rf"(?P<since>{_TIME})/(?P<until>{_TIME}|\.\.|)(?::(?P<reason>.*))?", re.DOTALL)


class Command(BaseCommand):
    help = "Say when a dossier is due and why, line by line in Vietnamese. Works without a database too."
    leaves = ("a date, or why there is none", "(not used)", "unknown code, case, unit or time")

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--procedure", required=True, metavar="CODE", help="code of the procedure")
        parser.add_argument(
            "--received", required=True, metavar="TIME", help="ISO time of reception; without zone: Viet Nam"
        )
        parser.add_argument(
            "--case", default="", help="case (trường hợp) by key or in words, accents optional"
        )
        parser.add_argument(
            "--unit", default="", metavar="CODE", help="unit whose calendar counts, such as 07210"
        )
        parser.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="FROM/TO:REASON",
            help="a time the clock stood; TO empty or .. while it lasts; may be repeated",
        )
        parser.add_argument(
            "--mode",
            choices=[mode.value for mode in PauseMode],
            help="after a pause: count again from zero (restart) or add the waiting time (extend)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = explain_deadline(
            procedure=options["procedure"],
            received_at=instant(options["received"], "--received"),
            case=options["case"],
            unit=options["unit"],
            pauses=[standstill(text) for text in options["pause"]],
            mode=PauseMode(options["mode"]) if options["mode"] else None,
        )
        self.finish(as_data(found), as_lines(found))


def instant(text: str, name: str) -> datetime:
    """An ISO time; without a zone it is on the wall clock of Viet Nam."""
    try:
        found = datetime.fromisoformat(text.strip())
        placed = found.replace(tzinfo=VN) if found.tzinfo is None else found.astimezone(VN)
    except (ValueError, OverflowError):
        placed = None
    if placed is None or not 1990 <= placed.year <= 2100:
        raise Invalid(
            msg(
                "%(name)s: “%(given)s” không phải thời điểm ISO (1990-2100), ví dụ 2026-11-23T08:30.",
                name=name,
                given=text,
            )
        )
    return placed


def standstill(text: str) -> Standstill:
    """FROM/TO:REASON."""
    found = _PAUSE.fullmatch(text.strip())
    if found is None:
        raise Invalid(
            msg(
                "--pause: “%(given)s” không đúng dạng TỪ/ĐẾN:lý do, ví dụ "
                "2026-11-23T08:30/2026-11-25T10:00:chờ bổ sung.",
                given=text,
            )
        )
    until = found["until"]
    since = instant(found["since"], "--pause")
    end = None if until in ("", "..") else instant(until, "--pause")
    if end is not None and end <= since:
        raise Invalid(msg("--pause: “%(given)s” kết thúc trước khi bắt đầu.", given=text))
    return Standstill(since, end, (found["reason"] or "").strip() or "tạm dừng")


def as_data(found: Explanation) -> dict[str, Any]:
    """The answer as JSON: instants as ISO text on the wall clock of Viet Nam, null where there is no date."""
    due = found.deadline
    return {
        "procedure": found.procedure,
        "name": found.name,
        "case": found.case_key,
        "case_name": found.case_name,
        "limit": found.limit.text().source(),
        "received_at": _iso(due.received_at),
        "due_at": _iso(due.due_at),
        "original_due_at": _iso(due.original_due_at),
        "legal_due_at": _iso(due.legal_due_at),
        "projected": due.projected,
        "state": due.state.value,
        "appointments": [{"label": item.label, "due_at": _iso(item.due_at)} for item in due.appointments],
        "reasons": [line.message.source() for line in due.explanation],
        "source": "database" if found.stored else "carried",
    }


def as_lines(found: Explanation) -> list[str]:
    """The answer for people."""
    due = found.deadline
    lines = [f"{found.procedure} {found.name}".strip()]
    if found.case_name:
        lines.append(f"Trường hợp: {found.case_name}")
    lines.append(f"Thời hạn: {found.limit.text().source()}")
    lines += [f"  {line.message.source()}" for line in due.explanation]
    if len(due.appointments) > 1:
        lines += [f"{item.label}: {_shown(item.due_at)}" for item in due.appointments]
    lines.append(f"Hạn trả kết quả: {_shown(due.due_at)}")
    if due.legal_due_at != due.due_at and due.legal_due_at is not None:
        lines.append(f"Hạn theo luật: {_shown(due.legal_due_at)}")
    if not found.stored:
        lines.append("(tính từ dữ liệu kèm theo sản phẩm: chưa có cơ sở dữ liệu)")
    return lines


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(VN).isoformat()


def _shown(moment: datetime | None) -> str:
    return "không hẹn ngày" if moment is None else f"{moment.astimezone(VN):%H:%M %d/%m/%Y}"
