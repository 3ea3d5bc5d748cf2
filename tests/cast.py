"""One cast for every test that crosses contexts: a small province, its people, and two dossiers.

`ours` lies on the specialist's desk in the first ward, `foreign` in the second; nobody of the first ward may learn
anything of the second. What names the foreign applicant is unmistakable, so that it can be looked for on any page.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.test import Client

from motcua.catalogue import actions as catalogue
from motcua.catalogue.models import ChangeLine, GoldenDossier, ProcedureVersion, Rehearsal
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction, Policy
from motcua.catalogue.types_drafts import ChangeHead, DraftLine
from motcua.documents import queries as documents
from motcua.dossiers import actions
from motcua.dossiers.actions.rehearse import rehearse
from motcua.dossiers.models import Attachment, Dossier, DossierChange, MoveBatch
from motcua.dossiers.tests import decisions
from motcua.dossiers.tests import factories as f
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.outbox.models import Job
from motcua.organisation import actions as organisation
from motcua.organisation import queries as organisation_queries
from motcua.organisation.models import Delegation, StaffImport, Succession
from motcua.organisation.rules.succession_file import from_json
from motcua.organisation.types import Role
from motcua.workflow import actions as workflow
from motcua.workflow.models import ProcessDraft, ProcessVersion
from motcua.workflow.rules.pasted import About
from tests.cast_money import Till, make_till

NOW = f.at(17, 10)
"""Tuesday 17/11/2026 10:00 in Viet Nam, a day after the dossiers were received."""

CANARY_NAME, CANARY_NUMBER, CANARY_PHONE = "Hoàng Thị Canary7731", "024099000777", "0987000777"
CANARIES = ("Canary7731", CANARY_NUMBER, CANARY_PHONE)
BACKEND = "motcua.kernel.accounts.backend.PasswordBackend"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
ALL_SCOPES = (
    "dossiers:read",
    "dossiers:write",
    "catalogue:read",
    "catalogue:write",
    "organisation:read",
    "officers:act",
    "payments:platform",
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and everything the crossing tests speak of. `people` are by the column names of the tables."""

    place: f.Province
    procedure: ProcedureVersion
    process: ProcessVersion
    people: dict[str, Actor]
    tokens: dict[str, str]
    ours: Dossier
    foreign: Dossier
    ours_attachment: Attachment
    foreign_attachment: Attachment
    delegation: Delegation
    foreign_delegation: Delegation
    dead_job: Job
    decision: ChangeLine
    """The only line of a decision that amends the procedure, drafted and not approved."""
    rehearsed: Rehearsal
    golden_id: int
    succession: Succession
    staff_import: StaffImport
    draft: ProcessDraft
    foreign_draft: ProcessDraft
    moves: MoveBatch
    ours_change: DossierChange
    foreign_change: DossierChange
    till: Till
    foreign_till: Till

    def letter_of(self, dossier: Dossier) -> int:
        """The reception slip of a dossier."""
        return documents.letters_of(dossier.code)[0].pk


def make_cast() -> Cast:
    """Build everything through the real acts. Call it inside a transaction that is rolled back at the end."""
    organisation_queries.forget()
    place = f.make_province()
    here, there = f.make_staff(place.commune), f.make_staff(place.other)
    procedure = f.make_procedure()
    ours = f.receive(here.counter, procedure)
    foreign = f.receive(there.counter, procedure, owner=f.person(CANARY_NAME, CANARY_NUMBER, CANARY_PHONE))
    deputy, other_deputy = (f.make_officer("leader", ward.agency) for ward in (place.commune, place.other))
    days = (date(2026, 11, 1), date(2026, 12, 31))
    f.delegate(here.leader, deputy, days=days)
    f.delegate(there.leader, other_deputy, days=days)
    newest = list(Delegation.objects.order_by("-pk")[:2])
    decision = _decision(procedure)
    moves = _moves(procedure, here.leader)
    return Cast(
        place=place,
        procedure=procedure,
        process=ProcessVersion.objects.latest("published_at"),
        people=_people(place, here, there),
        tokens=_tokens(place),
        ours=ours,
        foreign=foreign,
        ours_attachment=_attach(here.counter, ours),
        foreign_attachment=_attach(there.counter, foreign),
        delegation=newest[1],
        foreign_delegation=newest[0],
        dead_job=Job.objects.create(
            name="kernel.nothing", created_at=f.MONDAY, run_at=f.MONDAY, dead_at=f.MONDAY
        ),
        decision=decision,
        rehearsed=_rehearsed(decision),
        golden_id=GoldenDossier.objects.earliest("pk").pk,
        succession=_succession(),
        staff_import=StaffImport.objects.create(name="x.xlsx", digest="", rows=[], loaded_at=f.MONDAY),
        draft=_draft(place.commune.agency.id, "Quy trình của phường này"),
        foreign_draft=_draft(place.other.agency.id, "Quy trình của phường kia"),
        moves=moves,
        ours_change=decisions.ask(moves, ours),
        foreign_change=decisions.ask(moves, foreign),
        till=make_till(place.commune, here, ours),
        foreign_till=make_till(place.other, there, foreign),
    )


def _moves(procedure: ProcedureVersion, leader: Actor) -> MoveBatch:
    """A decision about the process, and the first ward's run over its dossiers."""
    decision = decisions.make_decision(
        procedure, None, action=ChangeAction.PROCESS, policy=Policy.ASK, number="1514/QĐ-UBND"
    )
    return MoveBatch.objects.create(
        change_set=decision,
        agency_id=leader.grants[0].agency_id,
        state="done",
        looked_at=2,
        counts={"ask:by_decision": 2},
        by_name=leader.name,
        started_at=decisions.EFFECTIVE,
        ended_at=decisions.EFFECTIVE,
    )


def _draft(agency_id: int, title: str) -> ProcessDraft:
    """A draft of a process, submitted by the product so that it may be approved."""
    draft = workflow.draft_from_template(
        actor=f.SYSTEM, agency_id=agency_id, template="cap-xa", about=About(title=title), now=f.MONDAY
    )
    return workflow.submit_draft(
        actor=f.SYSTEM, draft_id=draft.pk, revision=1, accepted=["no_limit"], now=f.MONDAY
    )


def _decision(procedure: ProcedureVersion) -> ChangeLine:
    content = replace(ProcedureDefinition.from_dict(procedure.definition), conditions=("Điều kiện mới",))
    drafted = catalogue.draft_change_set(
        actor=f.SYSTEM,
        head=ChangeHead("1513/QĐ-UBND", title="Công bố danh mục", effective_at=f.at(1, month=12)),
        lines=[DraftLine(ChangeAction.AMENDED, code=procedure.code, content=content)],
        now=f.MONDAY,
    )
    return ChangeLine.objects.get(change_set_id=drafted.id)


def _rehearsed(decision: ChangeLine) -> Rehearsal:
    report = rehearse(actor=f.SYSTEM, change_set_id=decision.change_set_id, now=f.MONDAY)
    return Rehearsal.objects.get(pk=report.id)


def _succession() -> Succession:
    """A decision that renames the second ward, loaded by the province."""
    code = "09190"
    file, _problems = from_json(
        {
            "decision": {"number": "12/NQ", "date": "2026-11-01"},
            "effective_on": "2026-11-16",
            "renames": [{"code": code, "name": "Phường Tên Mới"}],
            "lines": [{"kind": "rename", "predecessor": code, "successor": code}],
        }
    )
    assert file is not None
    held = organisation.plan_succession(actor=f.SYSTEM, file=file, now=f.MONDAY)
    return Succession.objects.get(pk=held)


def _people(place: f.Province, here: f.Staff, there: f.Staff) -> dict[str, Actor]:
    nobody = User.objects.create_user("khong-vi-tri", "Người Không Vị Trí")
    admin = User.objects.create_user("quan-tri", "Quản Trị Hệ Thống", is_admin=True)
    ward = place.commune
    return {
        "nobody": f.actor_of(nobody.pk),
        "counter": here.counter,
        "other": there.counter,
        "spec": here.specialist,
        "head": here.head,
        "leader": here.leader,
        "clerk": here.clerk,
        "it": f.make_officer(Role.IT_ADMIN, ward.agency),
        "insp": f.make_officer(Role.INSPECTOR, place.committee),
        "ctrl": f.make_officer(Role.PROCEDURE_CONTROLLER, place.centre),
        "dept": f.make_officer(Role.SPECIALIST, place.department_division),
        "admin": f.actor_of(admin.pk),
    }


def _tokens(place: f.Province) -> dict[str, str]:
    """Partner systems by the column names of the API table."""
    given = {
        "province": (None, ALL_SCOPES),
        "ward": (place.commune.agency.id, ALL_SCOPES),
        "other": (place.other.agency.id, ALL_SCOPES),
        "reader": (place.commune.agency.id, ("dossiers:read",)),
        "units": (None, ("organisation:read",)),
    }
    for name, (agency_id, scopes) in given.items():
        organisation.create_api_client(
            actor=f.SYSTEM,
            name=f"Hệ thống {name}",
            agency_id=agency_id,
            scopes=list(scopes),
            token=f"token-of-{name}",
            now=f.MONDAY,
        )
    return {name: f"token-of-{name}" for name in given}


def _attach(actor: Actor, dossier: Dossier) -> Attachment:
    content = PDF + dossier.code.encode()
    return actions.attach_file(
        actor=actor, code=dossier.code, content=io.BytesIO(content), name="don.pdf", now=f.MONDAY
    )


def signed_in(actor: Actor | None, now: datetime = NOW) -> Client:
    """A browser, with the person signed in unless there is none. Problems come back as pages, never as exceptions."""
    client = Client(raise_request_exception=False)
    if actor is not None and actor.user_id is not None:
        client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
        session = client.session
        session["seen"] = session["since"] = now.timestamp()
        session.save()
    return client


def cookie_of(client: Client) -> str:
    """The session cookie as a header, to be sent again whatever earlier answers did to the jar."""
    found = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return f"{settings.SESSION_COOKIE_NAME}={found.value}" if found else ""
