"""Change-sets for partner systems: reading them, and publishing one through the same gate as on the screen."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from motcua.catalogue import actions, queries
from motcua.catalogue.api.schemas import ProblemOut
from motcua.catalogue.types_drafts import ChangeSetInfo, LineInfo
from motcua.kernel import clock
from motcua.kernel.http import ActorRequest

WRITE_SCOPE = "catalogue:write"
router = Router(tags=["change-sets"])


class ChangeSetOut(Schema):
    """A decision and what became of it."""

    id: int
    number: str
    kind: str
    state: str = Field(description="draft, approved, published, undone or discarded")
    title: str
    issuer: str
    signed_on: date | None = None
    effective_at: datetime | None = None
    effective_to: datetime | None = None
    published_at: datetime | None = None
    retroactive: bool = Field(description="Published after it took effect")


class ChangeSetPageOut(Schema):
    """One page, newest first; ask again with `cursor=next` until it is null."""

    items: list[ChangeSetOut]
    next: str | None = None


class ChangeLineOut(Schema):
    """What a decision does to one procedure."""

    position: int
    action: str
    code: str
    old_code: str
    name: str
    policy: str = Field(
        description="What becomes of dossiers received before: finish, convert, ask, transfer, stop"
    )
    warnings: list[str]
    problems: list[str]
    version_id: int | None = Field(default=None, description="The version it made, once published")


class ChangeSetDetailOut(ChangeSetOut):
    """A change-set with a page of its lines."""

    lines: list[ChangeLineOut]
    next: str | None = Field(default=None, description="`cursor` of the next lines")


@router.get(
    "/change-sets",
    response={200: ChangeSetPageOut},
    operation_id="list_change_sets",
    summary="Decisions that change the catalogue",
)
def list_change_sets(
    request: HttpRequest,
    state: Annotated[str, Query(pattern="^(draft|approved|published|undone|discarded)?$")] = "",
    cursor: Annotated[
        str, Query(max_length=12, pattern="^[0-9]*$", description="`next` of the page before")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ChangeSetPageOut:
    """Newest first."""
    offset = int(cursor or 0)
    found = queries.changes.change_sets(state=state, offset=offset, limit=limit)
    more = offset + len(found.rows) < found.total
    return ChangeSetPageOut(
        items=[ChangeSetOut(**_head(row.info)) for row in found.rows],
        next=str(offset + len(found.rows)) if more else None,
    )


@router.post(
    "/change-sets/{path:number}/publish",
    response={200: ChangeSetOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut},
    operation_id="publish_change_set",
    summary="Publish an approved change-set",
)
def publish_change_set(request: ActorRequest, number: str) -> ChangeSetOut:
    """All of it or nothing, for a named officer (`Motcua-Officer`) who may publish. 409 says everything that is in
    the way: no green rehearsal of this content, a hole in the matrix of competence, a line that no longer fits.
    """
    info = _named(number)
    done = actions.publish_change_set(actor=request.actor, change_set_id=info.id, now=clock.now())
    return ChangeSetOut(**_head(done))


@router.get(
    "/change-sets/{path:number}",
    response={200: ChangeSetDetailOut, 404: ProblemOut},
    operation_id="get_change_set",
    summary="One change-set with its lines",
)
def get_change_set(
    request: HttpRequest,
    number: str,
    cursor: Annotated[str, Query(max_length=12, pattern="^[0-9]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ChangeSetDetailOut:
    """By the number of the decision, `1513/QĐ-UBND`, or by id."""
    info = _named(number)
    offset = int(cursor or 0)
    lines = queries.changes.lines(info.id, offset=offset, limit=limit + 1, content=False)
    return ChangeSetDetailOut(
        **_head(info),
        lines=[_line(line) for line in lines[:limit]],
        next=str(offset + limit) if len(lines) > limit else None,
    )


def _named(number: str) -> ChangeSetInfo:
    plain = number.isascii() and number.isdigit()
    return queries.changes.change_set(int(number[:12]) if plain else number)


def _head(info: ChangeSetInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "number": info.number,
        "kind": info.kind.value,
        "state": info.state.value,
        "title": info.title,
        "issuer": info.issuer,
        "signed_on": info.signed_on,
        "effective_at": info.effective_at,
        "effective_to": info.effective_to,
        "published_at": info.published_at,
        "retroactive": info.retroactive,
    }


def _line(line: LineInfo) -> ChangeLineOut:
    return ChangeLineOut(
        position=line.position,
        action=line.action.value,
        code=line.code,
        old_code=line.old_code,
        name=line.name,
        policy=line.policy.value,
        warnings=[remark.message.source() for remark in line.warnings],
        problems=[remark.message.source() for remark in line.problems],
        version_id=line.made_version_id,
    )
