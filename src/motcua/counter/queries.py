"""What the counter's screens show. Dossiers are read through `visible_to`, never around it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.fee_asking import Typed
from motcua.catalogue.types import (
    Competence,
    Level,
    ProcedureCase,
    ProcedureDefinition,
    SearchHit,
    VersionInfo,
)
from motcua.counter.queries_fees import FeePanel, fee_panel
from motcua.counter.rules.card_scan import CardScan, ScanKind
from motcua.counter.rules.paper_list import PaperRow, Ticks, missing, paper_rows
from motcua.dossiers import queries as dossiers
from motcua.dossiers.actions import timing
from motcua.dossiers.rules import deadline
from motcua.dossiers.types import Channel, PartyRole, Person, Status
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Refused
from motcua.kernel.messages import Message, msg
from motcua.kernel.text import fold
from motcua.organisation import queries as organisation
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments

POPULAR_DAYS, POPULAR_SECONDS = 90, 900
WAITING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ProcedurePanel:
    """A chosen procedure as the counter needs it: who decides, by when, which papers.

    `problem`: why it cannot be received here; with `problem_field` "place_agency_id" choosing a place helps.
    """

    version: VersionInfo
    definition: ProcedureDefinition
    case_key: str
    rows: tuple[PaperRow, ...]
    competence: Competence | None
    deciding: UnitInfo | None
    places: tuple[UnitInfo, ...]
    place_id: int | None
    due_preview: datetime | None = None
    problem: Message | None = None
    problem_field: str = ""
    coming: tuple[catalogue.ComingChange, ...] = ()
    money: FeePanel | None = None

    @property
    def cases(self) -> tuple[ProcedureCase, ...]:
        return self.definition.cases

    @property
    def case_required(self) -> bool:
        return any(case.changes_limit for case in self.definition.cases)

    @property
    def limit_text(self) -> str:
        limit = self.definition.limit_for(self.case_key)
        return limit.text().render() if limit is not None else ""

    @property
    def missing(self) -> list[PaperRow]:
        return missing(self.rows)

    @property
    def papers_known(self) -> bool:
        """Whether an empty list means that nothing is asked: not where the source does not vouch for its papers."""
        return self.definition.papers_known and not self.definition.doubtful("documents")


def procedure_panel(
    *,
    version_id: int,
    unit: UnitInfo,
    case_key: str,
    place_id: int | None,
    channel: int,
    ticks: Ticks,
    now: datetime,
    typed: Typed | None = None,
) -> ProcedurePanel:
    """Everything the page shows about a chosen procedure; raises `UnknownProcedure`."""
    version = catalogue.version(version_id)
    definition = catalogue.definition(version_id)
    chosen = case_key if definition.case(case_key) else ""
    competence, problem, field = None, None, ""
    try:
        competence = catalogue.competence(
            version, receiving_unit=unit, place_agency_id=place_id, case_key=chosen, at=now
        )
    except Refused as refused:
        problem, field = refused.message, refused.field or ""
    by_post = channel == int(Channel.POST)
    papers = definition.papers_for(chosen, "post" if by_post else "in_person")
    form = catalogue.form_for(
        version.procedure_id,
        agency_id=competence.deciding_agency_id if competence else None,
        case_key=chosen,
        at=now,
    )
    return ProcedurePanel(
        version=version,
        definition=definition,
        case_key=chosen,
        rows=paper_rows(papers, ticks, case_key=chosen, form=form),
        competence=competence,
        deciding=organisation.unit(competence.deciding_agency_id) if competence else None,
        places=tuple(organisation.communes()) if Level.COMMUNE in version.levels else (),
        place_id=place_id,
        due_preview=_due_preview(definition, chosen, competence, now),
        problem=problem,
        problem_field=field,
        coming=catalogue.coming_changes(version.procedure_id, now),
        money=fee_panel(
            catalogue.fees.sheet_of(
                version.id, at=now, agency_id=competence.deciding_agency_id if competence else None
            ),
            case_key=chosen,
            channel=Channel(channel).key if channel in list(Channel) else "in_person",
            receiving_unit_id=unit.id,
            competence=competence,
            typed=typed or (lambda _name: ()),
        ),
    )


def _due_preview(
    definition: ProcedureDefinition, case_key: str, competence: Competence | None, now: datetime
) -> datetime | None:
    """The date that would be promised now; nothing where it cannot be said."""
    limit = definition.limit_for(case_key)
    if limit is None or competence is None:
        return None
    calendar = organisation.calendar_for(competence.deciding_agency_id)
    try:
        return deadline.compute(limit, now, calendar, policy=timing.policy()).due_at
    except (Refused, ValueError):
        return None


def find_procedures(
    actor: Actor, text: str, unit: UnitInfo, now: datetime, *, limit: int = 9
) -> list[SearchHit]:
    """Procedures this counter may receive, what it often receives first."""
    counts = popularity(actor, unit.id, now)
    return catalogue.search(text, receiving_unit_id=unit.id, limit=limit, at=now, popularity=counts)


_popular: dict[int, tuple[float, dict[int, int]]] = {}
_popular_lock = threading.Lock()


def popularity(actor: Actor, unit_id: int, now: datetime) -> dict[int, int]:
    """Receptions here in 90 days by procedure id; counted again every quarter of an hour (1 statement)."""
    with _popular_lock:
        held = _popular.get(unit_id)
    if held is not None and time.monotonic() - held[0] < POPULAR_SECONDS:
        return held[1]
    rows = (
        dossiers.visible_to(actor)
        .filter(receiving_unit_id=unit_id, created_at__gte=now - timedelta(days=POPULAR_DAYS))
        .order_by()
        .values_list("procedure_version__procedure_id")
        .annotate(n=Count("id"))
    )
    counts: dict[int, int] = dict(rows)
    with _popular_lock:
        _popular[unit_id] = (time.monotonic(), counts)
    return counts


def forget_popularity() -> None:
    """Count again at the next search: for tests and after loading other data."""
    with _popular_lock:
        _popular.clear()


def known_contact(scan: CardScan) -> tuple[str, str]:
    """Telephone and e-mail from the person's latest dossier: (phone, email), empty when unknown.

    Only for a scanned card whose name is the one on that dossier: a typed number opens nobody's contact.
    """
    person = scan.person
    if scan.kind is not ScanKind.CARD or person is None or not person.name:
        return "", ""
    for number in filter(None, (person.id_number, person.old_id_number)):
        found = dossiers.latest_person(number)
        if found is None:
            continue
        for party in found.parties.all():
            if party.id_number == number and fold(party.name) == fold(person.name):
                return party.phone, party.email
    return "", ""


@dataclass(frozen=True, slots=True)
class WaitingDossier:
    """A dossier somebody may have come for. `kind`: "intake" (form 02 is answered), "return", "other"."""

    kind: str
    code: str
    owner: str
    procedure: str
    status: Status


def dossiers_for_scan(actor: Actor, unit: UnitInfo, scan: CardScan) -> list[WaitingDossier]:
    """Dossiers here that wait for this person or carry this slip: to complete, to hand over (1 statement)."""
    visible = dossiers.visible_to(actor)
    if scan.kind is ScanKind.SLIP:
        visible = visible.filter(tracking_token=scan.reference)
    elif scan.kind is ScanKind.CODE:
        visible = visible.filter(code__iexact=scan.reference)
    elif scan.person is not None:
        numbers = [n for n in (scan.person.id_number, scan.person.old_id_number) if n]
        visible = visible.filter(
            parties__id_number__in=numbers,
            status__in=[Status.AWAITING_SUPPLEMENT.value, Status.COMPLETED.value],
        ).distinct()
    else:
        return []
    rows = visible.order_by("-pk").values_list(
        "code",
        "owner_name",
        "procedure_name",
        "status",
        "received_at",
        "returning_unit_id",
        "receiving_unit_id",
    )[:WAITING_SHOWN]
    found = []
    for code, owner, procedure, status, received_at, returning_id, receiving_id in rows:
        kind = "other"
        if status == Status.AWAITING_SUPPLEMENT.value and received_at is None and receiving_id == unit.id:
            kind = "intake"
        elif status == Status.COMPLETED.value and unit.id in (returning_id, receiving_id):
            kind = "return"
        if kind != "other" or scan.person is None:
            found.append(WaitingDossier(kind, code, owner, procedure, Status(status)))
    return found


@dataclass(frozen=True, slots=True)
class LastPeople:
    """The people of the last dossier received here by this officer, for "người cuối"."""

    owner: Person
    submitter: Person | None
    authorisation: str


def last_people(actor: Actor, unit_id: int, now: datetime) -> LastPeople | None:
    """The people of one's latest dossier of today (2 statements)."""
    start = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    dossier = (
        dossiers.visible_to(actor)
        .filter(receiving_unit_id=unit_id, created_by_id=actor.user_id, created_at__gte=start)
        .order_by("-created_at")
        .prefetch_related("parties")
        .first()
    )
    if dossier is None:
        return None
    parties = {party.role: party for party in dossier.parties.all()}
    owner, submitter = parties.get(PartyRole.OWNER.value), parties.get(PartyRole.SUBMITTER.value)
    if owner is None:
        return None
    return LastPeople(
        as_person(owner),
        as_person(submitter) if submitter else None,
        submitter.authorisation if submitter else "",
    )


def as_person(party: object) -> Person:
    names = ("name", "id_number", "is_organisation", "born_on", "gender", "address", "phone", "email")
    return Person(**{name: getattr(party, name) for name in names})


@dataclass(frozen=True, slots=True)
class SavedView:
    """What the page says about what was just saved."""

    code: str
    status: Status
    owner: str
    procedure: str
    due_at: datetime | None
    reasons: tuple[str, ...]
    letter_id: int
    letter_title: str
    items: tuple[str, ...] = ()
    owed: tuple[tuple[str, int], ...] = ()
    """References and amounts of what is to be paid now."""
    receipts: int = 0

    @property
    def print_view(self) -> str:
        """The address that prints what the person takes along: the slip, with receipts when money was taken."""
        return "counter:slip_with_receipts" if self.receipts else "counter:slip"


def saved_view(actor: Actor, code: str, letter_id: int) -> SavedView | None:
    """The dossier just saved with the reasons of its date; None when it is not the actor's to see."""
    dossier = dossiers.visible_to(actor).filter(code=code).prefetch_related("supplements").first()
    if dossier is None:
        return None
    status = Status(dossier.status)
    reasons: tuple[str, ...] = ()
    if dossier.received_at is not None and dossier.due_at is not None:
        reasons = tuple(line.text for line in timing.deadline_of(dossier).explanation)
    items = tuple(item["text"] for supplement in dossier.supplements.all() for item in supplement.items)
    return SavedView(
        code=dossier.code,
        status=status,
        owner=dossier.owner_name,
        procedure=dossier.procedure_name,
        due_at=dossier.due_at,
        reasons=reasons,
        letter_id=letter_id,
        letter_title=_letter_title(status),
        items=items,
        owed=tuple(payments.owed_bills(actor, dossier.code)),
        receipts=len(payments.printable_receipts(actor, dossier.code)),
    )


def _letter_title(status: Status) -> str:
    titles = {
        Status.AWAITING_SUPPLEMENT: msg("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        Status.REFUSED: msg("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    }
    return titles.get(status, msg("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")).render()
