"""Who signs in the demo: the first wards' cashiers, heads and seals, with certificates made for this demo alone."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

from motcua.config.demo.certificates import make_authority, make_pkcs12
from motcua.config.demo.staff import Place, places
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.organisation import queries
from motcua.organisation.types import Role, UnitKind
from motcua.payments import queries as payments
from motcua.payments.actions import sign_day

SIGNING = (Role.ONE_STOP_OFFICER, Role.LEADER)
WARDS = 1
RECORDS = 3
PERSONAL = ["collection_record"]
OFFICIAL = ["collection_record", "apology", "stop_notice"]


def load_signing(*, now: datetime) -> dict[str, int]:
    """Certificates for those who are shown, in `<state>/signing`, and the last records of their days to be signed.

    The demo signs few kinds of letters, so that what visitors try is signed at once.
    """
    folder = Path(settings.DEMO_SIGNERS).parent
    names = dict(User.objects.filter(is_demo=True).values_list("username", "full_name"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = make_authority(now)
    passphrase = secrets.token_urlsafe(24)
    entries: list[dict[str, object]] = []

    def declare(file: str, name: str, organisation: str, **whose: object) -> None:
        content = make_pkcs12(authority, name=name, organisation=organisation, passphrase=passphrase, now=now)
        _write(folder / file, content)
        entries.append({"driver": "pkcs12", "file": file, "passphrase_file": "passphrase.txt", **whose})

    for place in _people():
        agency = queries.unit(place.unit.agency_id)
        declare(
            f"{place.username}.p12",
            names[place.username],
            agency.full_name,
            person=place.username,
            kinds=PERSONAL,
        )
        if place.role == Role.LEADER:
            declare(
                f"{place.username}-seal.p12",
                agency.full_name,
                "",
                unit=agency.code,
                role="seal",
                kinds=OFFICIAL,
            )
    _write(folder / "passphrase.txt", f"{passphrase}\n".encode())
    _write(folder / "demo-ca.pem", authority.pem())
    # Last: the file is what makes the rest count.
    _write(Path(settings.DEMO_SIGNERS), json.dumps(entries, ensure_ascii=False, indent=1).encode())
    return {"certificates": len(entries), "to_sign": _ask_for_records(now)}


def _ask_for_records(now: datetime) -> int:
    """The newest closed days of the signing wards, by the same act as an officer's."""
    loader = Actor.system("Nạp dữ liệu mẫu", via="command")
    asked = 0
    for agency_id in sorted({place.unit.agency_id for place in _people()}):
        for unit in queries.units().values():
            if unit.agency_id == agency_id:
                for day in payments.closed_days(unit.id, size=RECORDS).rows:
                    sign_day(actor=loader, day_id=day.pk, now=now)
                    asked += 1
    return asked


def _people() -> list[Place]:
    """Cashiers of the first ward's counter, and one leader for each signing agency."""
    wards = sorted({place.group for place in places() if _is_ward(place)}, key=_first_of)[:WARDS]
    return [
        place
        for place in places()
        if place.role in SIGNING and place.group in wards and not place.username.endswith("phochutich")
    ]


def _first_of(group: str) -> int:
    return next(number for number, place in enumerate(places()) if place.group == group)


def _is_ward(place: Place) -> bool:
    return queries.unit(place.unit.agency_id).kind == UnitKind.COMMUNE


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
