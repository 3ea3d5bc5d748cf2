"""The API for partner systems, put together from the contexts' routers."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Một Cửa", version="1", urls_namespace="api", openapi_url="/openapi.json", docs_url=None)
