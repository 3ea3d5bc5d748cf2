"""A dossier that was given form 02 at the counter, when the person is back with the papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from motcua.counter.rules.paper_list import Ticks
from motcua.dossiers import queries as dossiers
from motcua.dossiers.types import Status
from motcua.kernel.actor import Actor
from motcua.kernel.errors import NotFound
from motcua.kernel.messages import msg


@dataclass(frozen=True, slots=True)
class IntakeView:
    """A dossier that waits at the counter for its missing papers."""

    code: str
    owner: str
    procedure: str
    version_id: int
    case_key: str
    channel: int
    unit_id: int
    place_id: int
    asked: tuple[str, ...]
    ticks: Ticks
    extra: tuple[str, ...]
    created_at: datetime


def intake(actor: Actor, code: str) -> IntakeView:
    """The waiting dossier, what was ticked and what was asked (3 statements); `NotFound` if not waiting."""
    dossier = (
        dossiers.visible_to(actor)
        .filter(code=code, status=Status.AWAITING_SUPPLEMENT.value, received_at__isnull=True)
        .prefetch_related("papers", "supplements")
        .first()
    )
    if dossier is None:
        raise NotFound(
            msg(
                "Không có hồ sơ %(code)s đang chờ bổ sung tại quầy. Có thể đã được tiếp nhận.", code=code[:48]
            )
        )
    papers = list(dossier.papers.all())
    here = [paper for paper in papers if paper.key and paper.state in ("received", "presented")]
    return IntakeView(
        code=dossier.code,
        owner=dossier.owner_name,
        procedure=dossier.procedure_name,
        version_id=dossier.procedure_version_id,
        case_key=dossier.case_key,
        channel=dossier.channel,
        unit_id=dossier.receiving_unit_id,
        place_id=dossier.competent_agency_id,
        asked=tuple(item["text"] for supplement in dossier.supplements.all() for item in supplement.items),
        ticks=Ticks(
            here=frozenset(paper.key for paper in here),
            lacking=frozenset(paper.key for paper in papers if paper.key and paper.state == "missing"),
            originals={paper.key: paper.originals for paper in here},
            copies={paper.key: paper.copies for paper in here},
        ),
        extra=tuple(paper.name for paper in papers if not paper.key),
        created_at=dossier.created_at,
    )
