"""Seals: without them a chain cut at its end, or removed whole, would leave no trace."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from motcua.kernel.audit.chain import START, keyed
from motcua.kernel.audit.models import AuditEntry, AuditSeal


@transaction.atomic
def seal(*, now: datetime) -> AuditSeal | None:
    """Seal the heads of all chains that grew since the last seal; None when none did.

    The seal's digest is also appended to a file, which belongs on another machine.
    """
    last = AuditSeal.objects.select_for_update().order_by("-number").first()
    sealed_heads = sealed(last)
    tops = AuditEntry.objects.values("chain").annotate(top=Max("seq"))
    grown = {
        row["chain"]: row["top"] for row in tops if sealed_heads.get(row["chain"], (0, ""))[0] < row["top"]
    }
    if not grown:
        return None
    heads = [
        [chain, top, AuditEntry.objects.values_list("digest", flat=True).get(chain=chain, seq=top)]
        for chain, top in sorted(grown.items())
    ]
    number, previous = (last.number + 1, last.digest) if last else (1, START)
    made = AuditSeal(number=number, at=now, heads=json.dumps(heads), previous=previous)
    made.digest = seal_digest(made)
    made.save(force_insert=True)
    transaction.on_commit(lambda: _write_outside(made))
    return made


def seal_digest(made: AuditSeal) -> str:
    at = made.at.astimezone(UTC).isoformat(timespec="microseconds")
    return keyed(json.dumps(["seal", made.number, at, made.heads, made.previous]))


def sealed(last: AuditSeal | None) -> dict[str, tuple[int, str]]:
    """The latest sealed head of each chain, up to and including `last`."""
    heads: dict[str, tuple[int, str]] = {}
    if last is not None:
        rows = (
            AuditSeal.objects.filter(number__lte=last.number)
            .order_by("number")
            .values_list("heads", flat=True)
        )
        for text in rows.iterator():
            heads.update({chain: (seq, digest) for chain, seq, digest in json.loads(text)})
    return heads


def seal_file() -> Path:
    return Path(settings.AUDIT_SEAL_FILE)


def _write_outside(made: AuditSeal) -> None:
    path = seal_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{made.number}\t{made.at.isoformat()}\t{made.digest}\n")
