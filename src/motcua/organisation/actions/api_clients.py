"""Partner systems that use the API."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation.errors import CodeTaken, UnknownUnit
from motcua.organisation.events import ApiClientClosed, ApiClientCreated
from motcua.organisation.models import ApiClient
from motcua.organisation.permissions import require_manage_province, require_manage_unit
from motcua.organisation.snapshot import current, touch


@dataclass(frozen=True, slots=True)
class NewApiClient:
    """A partner system just made. `token` is shown this once and kept nowhere."""

    client_id: int
    token: str


@transaction.atomic
def create_api_client(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    scopes: Iterable[str],
    agency_id: int | None = None,
    token: str | None = None,
    is_demo: bool = False,
) -> NewApiClient:
    """Let a partner system in with the named scopes, for one agency or (None) the whole province.

    A token is made unless the caller brings one (the demo prints a fixed one). Only its SHA-256 is stored.
    Raises `NotYourUnit`, `UnknownUnit`, `CodeTaken`, `Invalid`.
    """
    if agency_id is None:
        require_manage_province(actor)
    else:
        agency = current().units.get(agency_id)
        if agency is None:
            raise UnknownUnit(msg("Không có đơn vị này."), field="agency_id")
        require_manage_unit(actor, agency)
    name, wanted = nfc(name), sorted(set(scopes))
    if not name:
        raise Invalid(msg("Nhập tên hệ thống được cấp quyền."), field="name")
    if not wanted:
        raise Invalid(msg("Chọn ít nhất một phạm vi quyền."), field="scopes")
    if ApiClient.objects.filter(name=name).exists():
        raise CodeTaken(msg("Đã có hệ thống mang tên %(name)s.", name=name), field="name")
    secret = token or secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name,
        token_hash=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=wanted,
        agency_id=agency_id,
        is_demo=is_demo,
        created_at=now,
    )
    touch()
    audit.record(
        actor,
        "organisation.api_client_created",
        subject_type="api_client",
        subject=str(client.pk),
        data={"name": name, "scopes": wanted, "agency": agency_id},
        at=now,
    )
    outbox.publish(ApiClientCreated(client_id=client.pk, agency_id=agency_id), now=now)
    return NewApiClient(client_id=client.pk, token=secret)


@transaction.atomic
def close_api_client(*, actor: Actor, now: datetime, client_id: int) -> None:
    """Shut a partner system out, from its next call on. Raises `NotFound`, `NotYourUnit`."""
    client = ApiClient.objects.select_for_update().filter(pk=client_id).first()
    if client is None:
        raise NotFound(msg("Không có hệ thống này."))
    if client.agency_id is None:
        require_manage_province(actor)
    else:
        require_manage_unit(actor, current().units[client.agency_id])
    client.active = False
    client.save(update_fields=["active"])
    touch()
    audit.record(
        actor,
        "organisation.api_client_closed",
        subject_type="api_client",
        subject=str(client_id),
        data={"name": client.name},
        at=now,
    )
    outbox.publish(ApiClientClosed(client_id=client_id), now=now)
