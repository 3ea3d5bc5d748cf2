"""A scan in the shape the page takes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.counter.queries import WaitingDossier
from motcua.counter.rules.card_scan import CardScan, ScannedPerson
from motcua.dossiers.types import Person


def person_values(person: Person | ScannedPerson, contact: tuple[str, str] = ("", "")) -> dict[str, str]:
    """The person by the names of the form's fields; days as they are typed."""
    phone, email = contact
    return {
        "id_number": person.id_number,
        "name": person.name,
        "born_on": _typed(person.born_on),
        "gender": person.gender,
        "address": person.address,
        "phone": getattr(person, "phone", "") or phone,
        "email": getattr(person, "email", "") or email,
        "is_organisation": "on" if getattr(person, "is_organisation", False) else "",
    }


def scan_answer(
    scanned: CardScan, contact: tuple[str, str], found: Iterable[WaitingDossier]
) -> dict[str, Any]:
    """The answer to the page's script."""
    return {
        "kind": scanned.kind.value,
        "person": person_values(scanned.person, contact) if scanned.person else None,
        "known_phone": contact[0],
        "remarks": [{"field": remark.field, "text": remark.message.render()} for remark in scanned.warnings],
        "problem": scanned.problem.render() if scanned.problem else "",
        "dossiers": [dossier_link(dossier) for dossier in found],
    }


def dossier_link(dossier: WaitingDossier) -> dict[str, str]:
    """A found dossier with what can be done about it and where."""
    urls = {
        "intake": reverse("counter:intake", args=[dossier.code]),
        "return": f"{reverse('counter:handover')}?q={dossier.code}",
    }
    words = {
        "intake": _("Hồ sơ chờ bổ sung: nhận giấy tờ"),
        "return": _("Có kết quả: trả cho người dân"),
        "other": _("Xem hồ sơ đang ở đâu"),
    }
    return {
        "code": dossier.code,
        "owner": dossier.owner,
        "procedure": dossier.procedure,
        "status": str(dossier.status.label),
        "kind": dossier.kind,
        "text": words[dossier.kind],
        "url": urls.get(dossier.kind, urls["return"]),
    }


def _typed(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
