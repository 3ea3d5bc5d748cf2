"""What a counter does: receive, ask for what is missing, refuse."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from motcua.catalogue import queries as catalogue
from motcua.catalogue.rules.fees.answers import NOTHING_TOLD
from motcua.dossiers import actions
from motcua.dossiers.api.inputs import IntakeSupplementIn, PapersIn, ReceptionIn, RefusalIn
from motcua.dossiers.api.outputs import ReceivedOut
from motcua.dossiers.api.routing import DossierCode, router
from motcua.dossiers.api.shapes import received_out
from motcua.dossiers.rules.case_choice import choose_case
from motcua.dossiers.types import Channel, Reception
from motcua.kernel import clock
from motcua.kernel.api.once import KEY_HEADER, idempotency_owner
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.http import ActorRequest
from motcua.kernel.messages import msg
from motcua.organisation import queries as organisation

Found = TypeVar("Found")


@router.post(
    "/dossiers", response={201: ReceivedOut}, operation_id="receive_dossier", summary="Receive a dossier"
)
def receive_dossier(request: ActorRequest, body: ReceptionIn) -> ReceivedOut:
    """Number, slip (form 01), clock and first desk, in one transaction."""
    now = clock.now()
    reception = reception_of(request, body, now)
    return received_out(actions.receive_dossier(actor=request.actor, reception=reception, now=now))


@router.post(
    "/dossiers/refusals",
    response={201: ReceivedOut},
    operation_id="refuse_reception",
    summary="Refuse to receive (form 03)",
)
def refuse_reception(request: ActorRequest, body: RefusalIn) -> ReceivedOut:
    """The refusal is numbered, kept and counted."""
    now = clock.now()
    reception = reception_of(request, body, now)
    done = actions.refuse_reception(actor=request.actor, reception=reception, reason=body.reason, now=now)
    return received_out(done)


@router.post(
    "/dossiers/intake-supplements",
    response={201: ReceivedOut},
    operation_id="request_intake_supplement",
    summary="Tell once what is missing (form 02) before receiving",
)
def request_intake_supplement(request: ActorRequest, body: IntakeSupplementIn) -> ReceivedOut:
    """The dossier is kept without a running clock; receive it with `/dossiers/{code}/receive`."""
    now = clock.now()
    done = actions.request_intake_supplement(
        actor=request.actor,
        reception=reception_of(request, body, now),
        items=[actions.SupplementItem(item.text, item.paper) for item in body.items],
        reason=body.reason,
        respond_by=body.respond_by,
        now=now,
    )
    return received_out(done)


@router.post(
    "/dossiers/{code}/receive",
    response={201: ReceivedOut},
    operation_id="receive_after_intake",
    summary="Receive a dossier that waited for missing papers",
)
def receive_after_intake(request: ActorRequest, code: DossierCode, body: PapersIn) -> ReceivedOut:
    """The person came back: the clock starts now."""
    papers = tuple(paper.given() for paper in body.papers)
    done = actions.receive_after_intake(actor=request.actor, code=code, papers=papers, now=clock.now())
    return received_out(done)


def reception_of(request: ActorRequest, body: ReceptionIn, now: datetime) -> Reception:
    """The reception that a request describes; unknown codes are named at their fields.

    The key is kept with the dossier too, so that a repeated request finds it even when the stored answer has
    long been forgotten.
    """
    version = _known("procedure", lambda: catalogue.current_version(body.procedure, now))
    receiving = _known("receiving_unit", lambda: organisation.unit_by_code(body.receiving_unit))
    deciding = body.deciding_unit
    place = _known("deciding_unit", lambda: organisation.unit_by_code(deciding)) if deciding else None
    key = request.headers.get(KEY_HEADER)
    return Reception(
        procedure_version_id=version.id,
        owner=body.owner.person(),
        receiving_unit_id=receiving.id,
        case_key=case_key(version.id, body.case) if body.case else "",
        submitter=body.submitter.person() if body.submitter else None,
        authorisation=body.authorisation,
        recipient=body.recipient.person() if body.recipient else None,
        payer=body.payer.person() if body.payer else None,
        papers=tuple(paper.given() for paper in body.papers),
        channel=Channel[body.channel.upper()],
        place_agency_id=place.id if place else None,
        return_method=body.return_method,
        return_address=body.return_address,
        request_summary=body.request_summary,
        set_count=body.set_count,
        idempotency_key=f"{idempotency_owner(request)}:{key}" if key else None,
        agency_initiated=body.agency_initiated,
        related_code=body.related,
        fees=body.fees.answers() if body.fees else NOTHING_TOLD,
    )


def case_key(version_id: int, wanted: str) -> str:
    """The key of the case meant; `Invalid` lists the cases there are."""
    cases = [(case.key, case.name) for case in catalogue.definition(version_id).cases]
    found = choose_case(wanted, cases)
    if found is not None:
        return found
    if not cases:
        raise Invalid(msg("Thủ tục này không chia trường hợp: bỏ trống trường này."), field="case")
    names = "; ".join(f"{key} ({name})" for key, name in cases)
    raise Invalid(
        msg("Không rõ trường hợp “%(case)s”. Các trường hợp: %(names)s.", case=wanted, names=names),
        field="case",
    )


def _known(field: str, find: Callable[[], Found]) -> Found:
    """What an unknown code in a body is: input to mend, not a missing page."""
    try:
        return find()
    except NotFound as missing:
        raise Invalid(missing.message, code=missing.code, field=field) from missing
