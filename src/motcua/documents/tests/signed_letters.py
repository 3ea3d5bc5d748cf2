"""Letters to be signed in tests: issuing one, and what came of it."""

from __future__ import annotations

from datetime import datetime

from motcua.documents import actions, queries
from motcua.documents.models import Letter, Signing
from motcua.documents.tests import samples

NOW = samples.ISSUED
UNIT = "KB.TTPVHCC"


def issue(
    unit_id: int,
    kind: str = "collection_record",
    people: dict[str, int | None] | None = None,
    number: int = 1,
    now: datetime = NOW,
) -> Letter:
    return actions.issue_letter(
        kind=kind,
        unit_id=unit_id,
        subject=samples.CODE,
        data=samples.all_samples()[kind],
        number=number,
        issued_by=None,
        people=people,
        now=now,
    )


def signed_by(letter: Letter) -> list[str]:
    view = queries.signing_of(letter.pk)
    assert view is not None
    return [one.name for one in view.signatures if one.signed_at]


def content_of(letter: Letter) -> bytes:
    return queries.official_letter(letter).content


def state_of(letter: Letter) -> tuple[str, str]:
    found = Signing.objects.get(letter=letter)
    return found.state, found.problem
