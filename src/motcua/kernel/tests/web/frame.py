"""A signed-in person and a broken middleware, for the tests of the frame."""

from __future__ import annotations

from collections.abc import Callable

from django.db.utils import OperationalError
from django.http import HttpRequest, HttpResponse

from motcua.kernel.actor import Actor

GetResponse = Callable[[HttpRequest], HttpResponse]


class Somebody:
    """Signs everybody in, except on the sign-in page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = not request.path.startswith("/dang-nhap")
        request.actor = Actor(7 if known else None, "Nguyễn Phước Bảo Quỳnh Ngọc")  # type: ignore[attr-defined]
        return self.get_response(request)


class DatabaseGone:
    """A middleware whose own query fails, as the session's does when the database is away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise OperationalError("server closed the connection unexpectedly")


def frame(request: HttpRequest) -> dict[str, object]:
    """What the project's own context processor gives, without the project."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    entries = (
        ("Tiếp nhận", "file-plus", "F2", 0),
        ("Việc của tôi", "list-check", "", 612),
        ("Thủ tục", "book", "", 0),
    )
    items = [
        {"label": label, "icon": icon, "shortcut": key, "url": "/done/", "active": count > 0, "count": count}
        for label, icon, key, count in entries
    ]
    known = items if actor.user_id else []
    groups = [
        {"key": "work", "label": "Công việc", "always": True, "open": True, "items_shown": known[:2]},
        {"key": "more", "label": "Thủ tục", "always": False, "open": False, "items_shown": known[2:]},
    ]
    return {
        "nav": groups if known else [],
        "nav_quick": known[:2],
        "actor": actor,
        "is_demo": True,
        "version": "0.1.0",
        "province_name": "Tỉnh Bắc Ninh",
        "unit_name": "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
        "person_roles": [
            {"title": "Cán bộ một cửa", "unit": "Phường Kinh Bắc", "on_behalf_of": "Trần Văn Đức"}
        ],
    }
