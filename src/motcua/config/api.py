"""The API for partner systems at /api/v1/, put together from the contexts' routers. Described in docs/api.md."""

from __future__ import annotations

from django.conf import settings

from motcua.catalogue.api import change_sets
from motcua.catalogue.api import router as procedures
from motcua.dossiers.api import FIELD_NAMES
from motcua.dossiers.api import router as dossiers
from motcua.kernel.actor import Actor
from motcua.kernel.api import BearerToken, ProductAPI
from motcua.organisation import queries as organisation
from motcua.organisation.api import router as units
from motcua.payments.api import SCOPE as PLATFORM
from motcua.payments.api import router as platform
from motcua.workflow.api import router as processes

VERSION = "1"
ABOUT = """Everything an officer can do with a dossier, for partner systems.

Send the token of your system as `Authorization: Bearer …`. Scopes: `dossiers:read`, `dossiers:write`,
`catalogue:read`, `catalogue:write`, `organisation:read`, `officers:act`, `payments:platform`. Refusals are RFC 9457
problem details with a sentence in Vietnamese. Times are ISO 8601 with an offset; amounts of money are whole đồng."""


def _client(token: str, ip: str) -> Actor | None:
    return organisation.actor_for_client(token, ip=ip)


def _token(read: str, write: str = "") -> BearerToken:
    return BearerToken(read=read, write=write or read, client=_client, officer=organisation.officer_of_client)


def build() -> ProductAPI:
    """The API with all its routers."""
    made = ProductAPI(
        field_names=FIELD_NAMES,
        title="Một Cửa",
        version=VERSION,
        description=ABOUT,
        urls_namespace="api",
        openapi_url="/openapi.json",
        servers=[{"url": settings.PUBLIC_URL}],
    )
    made.add_router("", dossiers, auth=_token("dossiers:read", "dossiers:write"))
    made.add_router("", procedures, auth=_token("catalogue:read"))
    made.add_router("", change_sets, auth=_token("catalogue:read", "catalogue:write"))
    made.add_router("", processes, auth=_token("catalogue:read"))
    made.add_router("", platform, auth=_token(PLATFORM))
    made.add_router("", units, auth=_token("organisation:read"))
    return made


api = build()
