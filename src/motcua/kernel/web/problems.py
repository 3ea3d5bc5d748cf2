"""Problem pages: what went wrong, in words to act on; HTML for people, RFC 9457 for systems.

Nothing here touches the database or the session: these pages must come out when those are gone.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from motcua.kernel.errors import Refused

RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says for one status when the cause brought no sentence of its own."""

    title: str
    text: str
    advice: tuple[str, ...]
    icon: str = "alert-circle"


_RELOAD = gettext_noop("Tải lại trang để thấy tình trạng mới nhất rồi làm lại.")
_WAIT = gettext_noop("Chờ ít giây rồi tải lại trang. Việc đã báo lưu xong thì vẫn còn.")
_TELL = gettext_noop("Nếu vẫn gặp lỗi này, báo mã lỗi bên dưới cho người quản trị.")

WORDS: dict[int, Words] = {
    400: Words(
        gettext_noop("Yêu cầu không đọc được"),
        gettext_noop("Địa chỉ hoặc dữ liệu gửi lên có ký tự không hợp lệ."),
        (gettext_noop("Quay lại trang trước, nhập lại phần vừa dán hoặc vừa quét."), _TELL),
    ),
    403: Words(
        gettext_noop("Không có quyền xem hoặc làm việc này"),
        gettext_noop("Tài khoản đang dùng không được giao việc này."),
        (
            gettext_noop("Kiểm tra có đang đăng nhập đúng tài khoản không."),
            gettext_noop("Cần quyền này để làm việc thì đề nghị người quản trị của đơn vị phân công."),
        ),
        "lock",
    ),
    404: Words(
        gettext_noop("Không tìm thấy"),
        gettext_noop("Trang hoặc hồ sơ này không có, hoặc tài khoản đang dùng không được xem."),
        (
            gettext_noop("Kiểm tra lại địa chỉ hoặc mã hồ sơ."),
            gettext_noop("Tìm bằng mã hồ sơ, họ tên hoặc số giấy tờ."),
        ),
        "file-search",
    ),
    405: Words(
        gettext_noop("Không làm được theo cách này"),
        gettext_noop("Trang này không nhận cách gửi vừa dùng."),
        (gettext_noop("Quay lại trang trước và dùng nút có trên trang."),),
    ),
    409: Words(
        gettext_noop("Việc này vừa có người làm trước"),
        gettext_noop("Hồ sơ không còn ở tình trạng như khi mở trang."),
        (_RELOAD,),
        "arrows-exchange",
    ),
    413: Words(
        gettext_noop("Dữ liệu gửi lên quá lớn"),
        gettext_noop("Hệ thống không nhận một lần gửi lớn như vậy."),
        (gettext_noop("Gửi ít tệp hơn hoặc tệp nhỏ hơn."),),
    ),
    422: Words(
        gettext_noop("Chưa làm được với dữ liệu này"),
        gettext_noop("Có chỗ cần sửa trước khi gửi lại."),
        (gettext_noop("Quay lại trang trước, sửa rồi gửi lại."),),
    ),
    429: Words(
        gettext_noop("Thao tác quá nhanh"),
        gettext_noop("Có quá nhiều lần gửi từ máy này trong thời gian ngắn."),
        (gettext_noop("Chờ một phút rồi thử lại."),),
        "hourglass",
    ),
    500: Words(
        gettext_noop("Hệ thống gặp lỗi"),
        gettext_noop("Lỗi ở phía hệ thống, không phải do thao tác vừa làm. Lỗi đã được ghi lại."),
        (gettext_noop("Quay lại trang trước và thử lại một lần."), _TELL),
        "alert-triangle",
    ),
    503: Words(
        gettext_noop("Tạm thời chưa phục vụ được"),
        gettext_noop("Hệ thống đang mất liên lạc với nơi lưu dữ liệu."),
        (_WAIT, _TELL),
        "database-off",
    ),
}
FULL = Words(
    gettext_noop("Tạm thời chưa lưu được"),
    gettext_noop("Máy chủ đã hết chỗ lưu. Không có gì vừa gửi được lưu lại dở dang."),
    (gettext_noop("Báo ngay cho người quản trị hệ thống để dọn chỗ lưu, rồi gửi lại."), _TELL),
    "database-off",
)
EXPIRED = Words(
    gettext_noop("Trang đã mở quá lâu"),
    gettext_noop("Vì an toàn, hệ thống không nhận biểu mẫu từ trang đã cũ hoặc từ một phiên đăng nhập khác."),
    (gettext_noop("Quay lại trang trước, tải lại rồi gửi lại."),),
    "clock-exclamation",
)


def problem(
    request: HttpRequest | None,
    status: int,
    *,
    detail: str = "",
    code: str = "",
    words: Words | None = None,
    retry_after: int | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """The page (`application/problem+json` under /api/) of a status; `detail` replaces its own sentence.

    `errors` (field and message each) are for systems only: pages show them at their fields.
    """
    said = words or WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    error_id = str(getattr(request, "request_id", ""))
    response: HttpResponse
    if request is not None and wants_json(request):
        body = {
            "type": "about:blank",
            "title": _(said.title),
            "status": status,
            "detail": detail or _(said.text),
            "request_id": error_id,
        }
        response = JsonResponse(
            body | ({"code": code} if code else {}) | ({"errors": list(errors)} if errors else {}),
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        context = {
            "status": status,
            "problem_title": _(said.title),
            "text": detail or _(said.text),
            "advice": [_(line) for line in said.advice],
            "icon_name": said.icon,
            "code": code,
            "error_id": error_id,
            "retry_after": retry_after,
        }
        response = HttpResponse(render_to_string("kernel/problem.html", context), status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    return response


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The answer to an anticipated "no": its own sentence under the status's title."""
    return problem(
        request,
        refusal.status,
        detail=refusal.message.render(),
        code=refusal.code,
        retry_after=getattr(refusal, "retry_after", None),
    )


def unavailable(request: HttpRequest, failure: BaseException | None = None) -> HttpResponse:
    """503 with Retry-After: the store of data is away, locked too long, or full."""
    full = failure is not None and _disk_is_full(failure)
    return problem(request, 503, words=FULL if full else None, retry_after=60 if full else RETRY_SECONDS)


def is_unavailable(failure: BaseException | None) -> bool:
    """Whether an exception, or what caused it, means that the database or the disk cannot serve now."""
    while failure is not None:
        if isinstance(failure, OperationalError | InterfaceError) or _disk_is_full(failure):
            return True
        failure = failure.__cause__
    return False


def wants_json(request: HttpRequest) -> bool:
    """Partner systems get problem details, people get pages."""
    return request.path.startswith("/api/")


def _disk_is_full(failure: BaseException) -> bool:
    if isinstance(failure, OSError):
        return failure.errno == errno.ENOSPC
    return isinstance(failure, OperationalError) and any(
        sign in str(failure).lower() for sign in ("disk is full", "no space left")
    )
