"""Requests nobody sends by accident: hostile values in every place a browser can put one. Seeded, so repeatable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from urllib.parse import quote, quote_from_bytes

from django import forms
from django.urls import URLPattern, URLResolver, get_resolver

from motcua.config.api import api

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "motcua"
BOUNDARY = "----fuzz"
URLENCODED, JSON = "application/x-www-form-urlencoded", "application/json"

UNREADABLE = (b"\x00", b"abc\x00def", b"\xed\xa0\x80", b"\xff\xfe", b"Nguy\xe1\xbb")
"""Refused for every input by the outermost layer, so they come seldom: they would hide what lies behind."""

HOSTILE: tuple[bytes, ...] = (
    b"",
    b" ",
    "٠١٢٣٤٥٦٧٨٩".encode(),
    "１２３".encode(),
    "Ⅷ".encode(),
    "²".encode(),
    b"-1",
    b"0",
    b"999999999",
    b"9999999999999999999999",
    b"1e309",
    b"NaN",
    b"0.25",
    b"-0",
    b"1/0",
    b"29/02/2026",
    b"29/02/2028",
    b"31/11/2026",
    b"00/00/0000",
    b"2026-02-30",
    b"9999-12-31",
    b"0001-01-01",
    b"31/12/9999 23:59",
    b"24:00",
    b"07:30-11:30",
    b"<script>alert(1)</script>",
    b"' OR 1=1 --",
    b"%s%(x)s{0}{x}",
    b"{{ 7*7 }}{% include 'kernel/base.html' %}",
    b"../../etc/passwd",
    b"http://evil.example/",
    b"//evil.example",
    b"a\r\nSet-Cookie: x=1",
    "Nguyễn Thị Đào".encode(),
    "Nguyễn".encode(),
    "e\u0301\u0302\u0323".encode() * 50,
    "\u202egnal".encode(),
    "👩‍👩‍👧".encode(),
    b"x" * 20_000,
    "ư".encode() * 20_000,
    b"[" * 3_000,
    b"null",
    b"true",
    b"[]",
    b"\n" * 500,
    "027185001234|123456789|Nguyễn Văn A|01012000|Nam|Bắc Ninh|01012022".encode(),
    b"027185001234||A|99999999|X|Y|00000000||||",
    b"|||||||||||||||||||",
    b"*",
    b'"',
    b'" AND "',
    b"NEAR(",
    b"\\",
)


BROKEN_JSON = (b"{}", b"[]", b"null", b"{", b'{"a":' * 200, b'"\\ud800"', b'{"code":1e999}', b"[" * 5000)


@dataclass(frozen=True, slots=True)
class Wild:
    """One request, and everything needed to send it again."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = URLENCODED
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]} {self.content_type} {self.body[:400]!r} {self.headers}"


@cache
def field_names() -> tuple[str, ...]:
    """Every name the product reads from a request: fields of forms, inputs of templates, words of addresses."""
    names = {"page", "trang", "q", "next", "csrfmiddlewaretoken"}
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts:
            names |= set(
                re.findall(r"""(?:GET|POST)(?:\.get|\.getlist)?[\[(]\s*["']([\w-]+)["']""", path.read_text())
            )
    for path in PACKAGE.rglob("templates/**/*.html"):
        names |= set(re.findall(r"""\bname="([\w-]+)\"""", path.read_text()))
    for path in PACKAGE.glob("*/forms.py"):
        module = import_module(f"motcua.{path.parent.name}.forms")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, forms.Form):
                names |= set(found.base_fields)
    return tuple(sorted(names))


@cache
def api_names() -> tuple[str, ...]:
    """Every property a request to the API may have."""
    schemas = api.get_openapi_schema()["components"]["schemas"]
    return tuple(sorted({name for schema in schemas.values() for name in schema.get("properties", {})}))


@cache
def routes() -> tuple[str, ...]:
    """Every route of the product as it is written."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            else:
                found.append(route)

    walk(get_resolver().url_patterns, "/")
    return tuple(sorted(set(found)))


class Fuzzer:
    """Makes requests; `good` are values that exist, by the names of the places in routes and of fields."""

    def __init__(self, random: Random, good: dict[str, list[str]]) -> None:
        self.random = random
        self.good = good
        self.unreadable = False

    def request(self) -> Wild:
        """One more."""
        self.unreadable = self.random.random() < 0.05
        path = self._path() + self._query()
        method = self.random.choices(
            ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"], [45, 45, 3, 2, 2, 2, 1]
        )[0]
        headers = self._headers()
        if method in {"GET", "HEAD", "OPTIONS"}:
            return Wild(method, path, headers=headers)
        makers: list[Callable[[], tuple[bytes, str]]] = [
            self._form,
            self._multipart,
            self._broken_multipart,
            self._json,
        ]
        weights = [2, 6, 2, 90] if path.startswith("/api/") else [75, 15, 6, 4]
        body, content_type = self.random.choices(makers, weights)[0]()
        return Wild(method, path, body, content_type, headers)

    def _path(self) -> str:
        route = self.random.choice(routes())
        return re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: self._place(found[1] or "str", found[2]), route)

    def _place(self, kind: str, name: str) -> str:
        known = self.good.get(name, [])
        if known and self.random.random() < 0.7:
            return quote(self.random.choice(known), safe="")
        if kind == "int":
            return self.random.choice(["0", "1", "007", "9" * 19, "9" * 400, "٣"])
        return quote_from_bytes(self.random.choice(HOSTILE)[:300], safe="") or "x"

    def _value(self, name: str) -> bytes:
        known = self.good.get(name, [])
        if known and self.random.random() < 0.6:
            return self.random.choice(known).encode()
        if self.random.random() < 0.1:
            letters = [
                chr(self.random.choice([*range(1, 0x250), 0x300, 0x301, 0x1EA0, 0x200B, 0x1F600]))
                for _ in range(40)
            ]
            return "".join(letters[: self.random.randrange(1, 40)]).encode()
        if self.unreadable:
            return self.random.choice(UNREADABLE)
        return self.random.choice(HOSTILE)

    def _pairs(self, most: int) -> list[tuple[str, bytes]]:
        names = [self.random.choice(field_names()) for _ in range(self.random.randrange(most))]
        if names and self.random.random() < 0.2:
            names += [names[0]] * self.random.randrange(1, 40)
        return [(name, self._value(name)) for name in names]

    def _query(self) -> str:
        if self.random.random() < 0.4:
            return ""
        said = "&".join(f"{quote(name)}={quote_from_bytes(value[:3000])}" for name, value in self._pairs(5))
        return f"?{said}{self.random.choice(['', '&', '&&=', '&%', '&%zz=%'])}"

    def _form(self) -> tuple[bytes, str]:
        said = "&".join(f"{quote(name)}={quote_from_bytes(value)}" for name, value in self._pairs(12))
        return said.encode(), self.random.choice(
            [URLENCODED] * 8 + [f"{URLENCODED}; charset=utf-16", "text/plain"]
        )

    def _multipart(self) -> tuple[bytes, str]:
        parts = []
        for name, value in self._pairs(8):
            file = self.random.choice(
                ["", "", '; filename="don.pdf"', '; filename="../x\\y.exe"', '; filename=""']
            )
            parts.append(
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
                + value
                + b"\r\n"
            )
        return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"

    def _broken_multipart(self) -> tuple[bytes, str]:
        body, content_type = self._multipart()
        cut = body[: self.random.randrange(len(body))]
        return cut, self.random.choice(
            [
                content_type,
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=" + "b" * 300,
            ]
        )

    def _json(self) -> tuple[bytes, str]:
        if self.random.random() < 0.1:
            return self.random.choice(BROKEN_JSON), JSON
        said = {
            name: self._thing(name, 0)
            for name in self.random.sample(api_names(), self.random.randrange(1, 9))
        }
        return json.dumps(said, ensure_ascii=self.random.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        ), JSON

    def _thing(self, name: str, depth: int) -> object:
        kind = self.random.randrange(10)
        if kind == 0 and depth < 3:
            return {other: self._thing(other, depth + 1) for other in self.random.sample(api_names(), 3)}
        if kind == 1 and depth < 3:
            return [self._thing(name, depth + 1) for _ in range(self.random.randrange(4))]
        if kind == 2:
            return self.random.choice([None, True, 0, -1, 10**30, 1.5, 1e308])
        return self._value(name).decode("utf-8", "replace")

    def _headers(self) -> dict[str, str]:
        choices: list[dict[str, str]] = [
            {},
            {},
            {},
            {"hx-request": "true"},
            {"x-requested-with": "motcua-form"},
            {"accept-language": "x" * 500},
            {"accept": "application/json"},
            {"referer": "http://[::1"},
            {"x-forwarded-for": "not-an-address, \u00e9"},
            {"x-request-id": "<script>"},
            {"if-none-match": '"' + "x" * 3000},
            {"if-modified-since": "yesterday"},
            {"range": "bytes=99999-1"},
        ]
        return dict(self.random.choice(choices))
