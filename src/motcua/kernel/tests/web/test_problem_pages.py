from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from motcua.kernel.web.middleware import CONTENT_SECURITY_POLICY

CASES = [
    ("not-allowed", 403, "Chỉ lãnh đạo được ký."),
    ("denied", 403, "Chỉ xem được hồ sơ của đơn vị mình."),
    ("conflict", 409, "Hồ sơ vừa được Trần Văn Đức chuyển bước."),
    ("not-found", 404, "Không có hồ sơ này."),
    ("missing", 404, "không được xem"),
    ("invalid", 422, "Ngày sinh ở tương lai."),
    ("too-many", 429, "Chờ 30 giây rồi tra cứu lại."),
    ("gone", 503, "mất liên lạc với nơi lưu dữ liệu"),
    ("closed", 503, "mất liên lạc với nơi lưu dữ liệu"),
    ("full", 503, "hết chỗ lưu"),
    ("bug", 500, "không phải do thao tác vừa làm"),
]


@pytest.mark.parametrize(("name", "status", "sentence"), CASES)
def test_a_failure_has_its_page_with_a_sentence_advice_and_an_error_id(
    site: Client, name: str, status: int, sentence: str
) -> None:
    response = site.get(f"/fail/{name}/", HTTP_X_REQUEST_ID="0123456789abcdef")
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert "Nên làm gì" in page
    assert "0123456789abcdef" in page
    assert response["X-Request-ID"] == "0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "status", "sentence"), [case for case in CASES if case[0] not in {"denied", "missing"}]
)
def test_a_partner_system_gets_problem_details(site: Client, name: str, status: int, sentence: str) -> None:
    response = site.get(f"/api/v1/fail/{name}/")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert sentence in problem["detail"]
    assert problem["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize(("name", "seconds"), [("gone", "5"), ("full", "60"), ("too-many", "30")])
def test_what_will_pass_says_when_to_come_back(site: Client, name: str, seconds: str) -> None:
    assert site.get(f"/fail/{name}/")["Retry-After"] == seconds


def test_a_database_lost_inside_a_middleware_is_503_too(site: Client, frame: Settings) -> None:
    frame.MIDDLEWARE = [
        *frame.MIDDLEWARE[:4],
        "motcua.kernel.tests.web.frame.DatabaseGone",
        *frame.MIDDLEWARE[4:],
    ]
    response = Client(raise_request_exception=False).get("/done/")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_an_unknown_address_is_404(site: Client) -> None:
    assert site.get("/khong-co/").status_code == 404


def test_a_form_of_another_session_is_told_as_such(frame: Settings) -> None:
    response = Client(enforce_csrf_checks=True).post("/echo/", {"a": "b"})
    assert response.status_code == 403
    assert 'data-problem="csrf"' in response.content.decode()
    assert "Trang đã mở quá lâu" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/done/?q=%00", 400),
        ("/done/?q=a%ffb", 400),
        ("/done/?%00=a", 400),
        ("/done/?q=%C4%91", 200),
        ("/fail/a%00b/", 404),
    ],
)
def test_text_that_cannot_be_stored_is_refused_in_addresses(site: Client, path: str, status: int) -> None:
    assert site.get(path).status_code == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a=%00", "application/x-www-form-urlencoded", 400),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"a=\xff", "application/x-www-form-urlencoded", 400),
        (b"a=%C4%91+b", "application/x-www-form-urlencoded", 200),
        (b'{"a": "\\u0000"}', "application/json", 400),
        (b'{"a": ["\\ud800"]}', "application/json", 400),
        (b'{"\\ud800": 1}', "application/json", 400),
        (b'{"a": "\\ud83d\\ude00"}', "application/json", 200),
        (b'{"a": "\\\\u0000"}', "application/json", 200),
        (b'{"a": "\xff"}', "application/json", 400),
        (b"[" * 100_000 + b'"\\u0000', "application/json", 200),
        (b"\x00\xff", "application/octet-stream", 200),
    ],
)
def test_text_that_cannot_be_stored_is_refused_in_bodies(
    site: Client, body: bytes, kind: str, status: int
) -> None:
    assert site.post("/echo/", body, content_type=kind).status_code == status


def test_a_nul_in_a_multipart_field_is_refused(site: Client) -> None:
    assert site.post("/echo/", {"a": "x\x00y"}).status_code == 400
    assert site.post("/echo/", {"a": "Đặng"}).status_code == 200


def test_a_body_cut_short_or_garbled_is_no_server_error(site: Client) -> None:
    kind = "multipart/form-data; boundary=x"
    assert site.post("/echo/", b"--x\r\nContent-Disp", content_type=kind).status_code < 500
    assert site.post("/echo/", b"x", content_type="multipart/form-data").status_code < 500


def test_too_large_a_body_is_told_as_such(site: Client, frame: Settings) -> None:
    frame.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = site.post("/api/v1/echo/", b'{"a": "' + b"x" * 200 + b'"}', content_type="application/json")
    assert response.status_code == 413
    assert response.json()["title"] == "Dữ liệu gửi lên quá lớn"


def test_every_answer_carries_the_security_headers(site: Client) -> None:
    for path in ("/done/", "/khong-co/", "/fail/bug/", "/fail/gone/", "/api/v1/fail/gone/", "/dang-nhap/"):
        response = site.get(path)
        assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, path
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert response["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_pages_stay_out_of_shared_caches(site: Client) -> None:
    assert site.get("/done/")["Cache-Control"] == "private, no-cache"
    assert site.get("/fail/gone/")["Cache-Control"] == "no-store"


def test_a_form_sent_by_script_learns_where_to_go_instead_of_being_redirected(site: Client) -> None:
    sent = site.post("/form/", {"name": "A"}, HTTP_X_REQUESTED_WITH="motcua-form")
    assert (sent.status_code, sent["X-Location"]) == (204, "/done/")
    assert site.post("/form/", {"name": "A"}).status_code == 302


def test_an_odd_request_id_is_replaced(site: Client) -> None:
    response = site.get("/done/", HTTP_X_REQUEST_ID="<script>")
    assert response["X-Request-ID"] != "<script>"
    assert len(response["X-Request-ID"]) == 16
