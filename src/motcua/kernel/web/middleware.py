"""What every request passes: an id, security headers, clean text, and problem pages for failures."""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.encoding import escape_uri_path

from motcua.kernel.errors import Refused
from motcua.kernel.web import problems

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("motcua.web")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",  # a slip is printed from a frame of our own
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
FORM_FETCH = "motcua-form"
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SUSPECT_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class UnavailableMiddleware:
    """Outermost: numbers the request, and answers 503 when the database is away wherever that was noticed.

    Views report through `process_exception`; a failure inside another middleware has by then become Django's
    500, so the signal that announced it is remembered and the 500 is replaced.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        got_request_exception.connect(_remember, dispatch_uid="motcua.kernel.web.remember")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GOOD_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]  # read by problem pages
        response = self.get_response(request)
        failure = getattr(request, "failure", None)
        if response.status_code == 500 and problems.is_unavailable(failure):
            response = add_security_headers(request, problems.unavailable(request, failure))
        if response.status_code >= 500:
            logger.error(
                "%s %s answered %s, error id %s",
                request.method,
                escape_uri_path(request.path),  # a line break in an address must not make a line of the log
                response.status_code,
                request_id,
            )
        response["X-Request-ID"] = request_id
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not problems.is_unavailable(exception):
            return None
        logger.error("storage unavailable: %s", exception)
        return problems.unavailable(request, exception)


class SecurityHeadersMiddleware:
    """Headers that keep a page to itself; a response that set its own value keeps it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return add_security_headers(request, self.get_response(request))


def add_security_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Add what is missing; pages stay out of shared caches and are asked for again when shown again."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


class FormMiddleware:
    """Text from outside is whole and storable, and a form sent by script learns where it would have gone.

    PostgreSQL stores neither NUL nor half a surrogate pair, so both are refused here once, for all inputs.
    A form sent by `forms.js` gets 204 with `X-Location` instead of a redirect: the browser then makes the one
    GET itself, so the message of success is not used up by the script.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        status = _unreadable(request)
        if status:
            return problems.problem(request, status)
        response = self.get_response(request)
        if request.headers.get("X-Requested-With") == FORM_FETCH and response.status_code in {
            301,
            302,
            303,
            307,
        }:
            answer = HttpResponse(status=204)
            answer["X-Location"] = response["Location"]
            answer.cookies = response.cookies
            return answer
        return response


class ProblemMiddleware:
    """Innermost: a refusal raised by an action becomes its page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return problems.refused(request, exception) if isinstance(exception, Refused) else None


def _remember(sender: object, request: HttpRequest | None = None, **_more: Any) -> None:
    """Keep the exception Django is about to turn into a 500."""
    if request is not None:
        request.failure = sys.exc_info()[1]  # type: ignore[attr-defined]  # read by UnavailableMiddleware


def _unreadable(request: HttpRequest) -> int:
    """The status to refuse a request with, or 0 when its text can be stored."""
    if "\x00" in request.path_info:
        return 404
    raw_query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    if not _is_clean(unquote_to_bytes(raw_query)) or any(
        "\x00" in value for value in request.COOKIES.values()
    ):
        return 400
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return 0
    try:
        return 0 if _body_is_clean(request) else 400
    except RequestDataTooBig:
        return 413
    except (UnreadablePostError, MultiPartParserError):
        return 400


def _body_is_clean(request: HttpRequest) -> bool:
    if request.content_type == "application/x-www-form-urlencoded":
        return _is_clean(unquote_to_bytes(request.body.replace(b"+", b" ")))
    if request.content_type == "multipart/form-data":
        return not any("\x00" in text for text in _texts(request.POST))
    if (request.content_type or "").endswith("json"):
        return _json_is_clean(request.body)
    return True


def _is_clean(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _texts(form: QueryDict) -> Iterable[str]:
    for name, values in form.lists():
        yield name
        yield from (str(value) for value in values)


def _json_is_clean(body: bytes) -> bool:
    """NUL and half surrogates hide in escapes; text that is not JSON at all is left for the API to refuse."""
    if not _is_clean(body):
        return False
    if not _SUSPECT_ESCAPE.search(body):
        return True
    try:
        pending = [json.loads(body)]
    except (ValueError, RecursionError):
        return True
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, str) and not _is_clean(value.encode("utf-8", "surrogatepass")):
            return False
    return True
