"""Speaking to the server as a browser and as a partner system does, over kept connections."""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from motcua.config.simulation.figures import Figures

PATIENCE = 8
"""How often a call is repeated after 429, 503 or a lost connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def said(self) -> str:
        return self.body.decode("utf-8", "replace")[:300]


@dataclass
class Line:
    """One connection; opened again when it was lost. Not shared between threads."""

    base_url: str
    figures: Figures
    _open: http.client.HTTPConnection | None = None

    def call(
        self,
        act: str,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request; waits and repeats when the server is busy or the line was lost."""
        for attempt in range(PATIENCE):
            try:
                with self.figures.timed(act):
                    answer = self._once(method, path, body, headers or {})
            except (OSError, http.client.HTTPException):
                self._open = None
                time.sleep(0.1 * 2**attempt)
                continue
            self.figures.answered(answer.status)
            if answer.status not in (429, 503):
                return answer
            time.sleep(min(float(answer.headers.get("retry-after", "1")), 60))
        raise ConnectionError(f"no answer from {self.base_url} to {method} {path}")

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._open is None:
            parts = urlsplit(self.base_url)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            self._open = kind(parts.netloc, timeout=30)
        self._open.request(method, path, body=body, headers=headers)
        response = self._open.getresponse()
        said = {name.lower(): value for name, value in response.getheaders() if name.lower() != "set-cookie"}
        cookies = response.headers.get_all("Set-Cookie") or []
        return Answer(response.status, {**said, "set-cookie": "\n".join(cookies)}, response.read())


@dataclass
class Browser:
    """One person's browser: cookies, the form's token, pages."""

    line: Line
    username: str
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, password: str) -> bool:
        """Through the sign-in page, as people do."""
        page = self.page("page: sign in", "/dang-nhap/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        form = {
            "username": self.username,
            "password": password,
            "csrfmiddlewaretoken": token[1].decode() if token else "",
        }
        answer = self._ask("sign in", "POST", "/dang-nhap/", urlencode(form).encode())
        if answer.status not in (302, 303):
            self.line.figures.failed(f"sign in of {self.username}: {answer.status}")
            return False
        return True

    def page(self, act: str, path: str) -> Answer:
        """A page; anything but 200 is a failure."""
        answer = self._ask(act, "GET", path, None)
        if answer.status != 200:
            self.line.figures.failed(f"{path} for {self.username}: {answer.status}")
        return answer

    def _ask(self, act: str, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": self.line.base_url + path,
            }
        answer = self.line.call(act, method, path, body=body, headers=headers)
        for cookie in answer.headers["set-cookie"].splitlines():
            name, _sign, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
        return answer


@dataclass
class Partner:
    """The API, with the token of a partner system, in the name of an officer."""

    line: Line
    token: str

    def get(self, act: str, path: str, officer: str = "") -> Answer:
        return self.line.call(act, "GET", f"/api/v1{path}", headers=self._headers(officer))

    def post(self, act: str, path: str, body: object, *, officer: str, key: str) -> Answer:
        """A write under one key: repeating it after a lost answer has no second effect."""
        headers = self._headers(officer) | {"Content-Type": "application/json", "Idempotency-Key": key}
        return self.line.call(act, "POST", f"/api/v1{path}", body=json.dumps(body).encode(), headers=headers)

    def _headers(self, officer: str) -> dict[str, str]:
        found = {"Authorization": f"Bearer {self.token}"}
        return found | ({"Motcua-Officer": officer} if officer else {})
