"""Every "no" of the API as RFC 9457 problem details, in Vietnamese, with the fields at fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.kernel.errors import Refused
from motcua.kernel.messages import Message, msg
from motcua.kernel.web import problems
from motcua.kernel.web.problems import Words

UNKNOWN = Words(
    gettext_noop("Chưa xác thực"),
    gettext_noop(
        "Gửi token của hệ thống trong tiêu đề Authorization: Bearer …; token thiếu hoặc không đúng."
    ),
    (),
)
UNREADABLE = gettext_noop("Nội dung gửi lên không phải JSON đọc được.")
_SENTENCES: Mapping[str, str] = {
    "missing": gettext_noop("Thiếu trường này."),
    "extra_forbidden": gettext_noop("Không có trường này. Kiểm tra lại tên trường."),
    "string_type": gettext_noop("Phải là chuỗi ký tự."),
    "string_too_long": gettext_noop("Tối đa %(max_length)s ký tự."),
    "string_too_short": gettext_noop("Ít nhất %(min_length)s ký tự."),
    "string_pattern_mismatch": gettext_noop("Không đúng mẫu."),
    "int_type": gettext_noop("Phải là số nguyên."),
    "int_parsing": gettext_noop("Phải là số nguyên."),
    "int_parsing_size": gettext_noop("Số quá lớn."),
    "int_from_float": gettext_noop("Phải là số nguyên."),
    "decimal_type": gettext_noop("Phải là số thập phân, ví dụ 0.5."),
    "decimal_parsing": gettext_noop("Phải là số thập phân, ví dụ 0.5."),
    "bool_type": gettext_noop("Phải là true hoặc false."),
    "bool_parsing": gettext_noop("Phải là true hoặc false."),
    "date_type": gettext_noop("Phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-23."),
    "date_parsing": gettext_noop("Phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-23."),
    "date_from_datetime_parsing": gettext_noop("Phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-23."),
    "date_from_datetime_inexact": gettext_noop("Phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-11-23."),
    "datetime_parsing": gettext_noop(
        "Phải là thời điểm ISO 8601 có múi giờ, ví dụ 2026-11-23T08:00:00+07:00."
    ),
    "datetime_from_date_parsing": gettext_noop(
        "Phải là thời điểm ISO 8601 có múi giờ, ví dụ 2026-11-23T08:00:00+07:00."
    ),
    "timezone_aware": gettext_noop("Phải có múi giờ, ví dụ 2026-11-23T08:00:00+07:00."),
    "greater_than_equal": gettext_noop("Nhỏ nhất là %(ge)s."),
    "less_than_equal": gettext_noop("Lớn nhất là %(le)s."),
    "too_long": gettext_noop("Tối đa %(max_length)s mục."),
    "too_short": gettext_noop("Ít nhất %(min_length)s mục."),
    "list_type": gettext_noop("Phải là danh sách."),
    "enum": gettext_noop("Chỉ nhận một trong: %(expected)s."),
    "literal_error": gettext_noop("Chỉ nhận một trong: %(expected)s."),
    "model_attributes_type": gettext_noop("Phải là một đối tượng JSON."),
    "model_type": gettext_noop("Phải là một đối tượng JSON."),
}
_OTHER = gettext_noop("Giá trị không hợp lệ.")
_SOURCES = frozenset({"body", "query", "path", "header", "form", "file"})
BODY_ARGUMENT = "body"
"""What operations call their request body, so that the name can be left out of a field's path."""


def unknown_client(request: HttpRequest, failure: object) -> HttpResponse:
    """401: no token, or none that we know."""
    response = problems.problem(request, 401, words=UNKNOWN, code="unauthenticated")
    response["WWW-Authenticate"] = 'Bearer realm="motcua"'
    return response


def http_error(request: HttpRequest, failure: Any) -> HttpResponse:
    """The framework's own refusals (`HttpError`); the only one that operations cause is a body that is not JSON."""
    detail = _(UNREADABLE) if failure.status_code == 400 else ""
    return problems.problem(request, failure.status_code, detail=detail)


def not_json(request: HttpRequest, failure: object) -> HttpResponse:
    """400: a form was sent where JSON is asked for; its stream has been read by then."""
    return problems.problem(request, 400, detail=_(UNREADABLE))


def invalid(request: HttpRequest, failure: Any) -> HttpResponse:
    """422 with each field at fault; `failure` is the framework's `ValidationError`."""
    errors = [{"field": _field(error["loc"]), "message": _sentence(error)} for error in failure.errors[:50]]
    first = errors[0]
    detail = _("%(field)s: %(message)s") % first if first["field"] else first["message"]
    return problems.problem(request, 422, detail=detail, code="invalid", errors=errors)


def refused(request: HttpRequest, refusal: Refused, names: Mapping[str, str]) -> HttpResponse:
    """An act that may not happen; the field is called as the request calls it."""
    field = names.get(refusal.field or "", refusal.field or "")
    sentence = refusal.message.render()
    return problems.problem(
        request,
        refusal.status,
        detail=sentence,
        code=refusal.code,
        retry_after=getattr(refusal, "retry_after", None),
        errors=[{"field": field, "message": sentence}] if field else [],
    )


def _field(location: Iterable[object]) -> str:
    parts = [str(part) for part in location]
    if parts and parts[0] in _SOURCES:
        source = parts.pop(0)
        if source in {"body", "query"} and len(parts) > 1 and parts[0] in {BODY_ARGUMENT, "filters"}:
            parts.pop(0)
    return ".".join(parts)[:200]


def _sentence(error: Mapping[str, Any]) -> str:
    text = _SENTENCES.get(str(error.get("type", "")), _OTHER)
    context = {name: _word(value) for name, value in error.get("ctx", {}).items()}
    try:
        return _shown(msg(text, **context))
    except KeyError:  # pragma: no cover - a framework that words its context otherwise
        return _(_OTHER)


def _word(value: object) -> str:
    return str(value).replace(" or ", ", ").replace("'", "")


def _shown(message: Message) -> str:
    return message.render() if message.params else _(message.text)
