"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path, register_converter

from motcua.portal.views import centres, home, paying, tracking


class TokenConverter:
    """The secret on a slip: 128 bits in hexadecimal, as printed in its QR."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "tracking_token")

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("robots.txt", home.robots, name="robots"),
    path("trung-tam/", centres.centres, name="centres"),
    path("tra-cuu/", tracking.tracking, name="tracking"),
    path("tra-cuu/<tracking_token:token>/", tracking.track, name="track"),
    path("tra-cuu/<tracking_token:token>/nop-tien/", paying.bills, name="bills"),
]
