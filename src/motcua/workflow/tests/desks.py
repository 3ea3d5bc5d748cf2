"""Who writes and approves processes in tests, and the acts they repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction

from django.apps import apps

from motcua.kernel.actor import Actor, Grant
from motcua.organisation.snapshot import touch
from motcua.workflow import actions
from motcua.workflow.models import ProcessDraft, ProcessVersion
from motcua.workflow.rules.definition import ProcessDefinition, Span, TimeUnit
from motcua.workflow.rules.pasted import About
from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class People:
    agency: int
    foreign: int
    it: Actor
    controller: Actor
    leader: Actor
    specialist: Actor
    stranger: Actor


def _unit(code: str, name: str) -> int:
    model = apps.get_model("organisation", "Unit")
    row = model.objects.create(code=code, kind="department", name=name, full_name=name, short_name=code)
    row.agency = row
    row.save()
    return int(row.pk)


def _officer(name: str, agency: int, role: str) -> Actor:
    user = apps.get_model("kernel", "User").objects.create(username=name, full_name=name.title())
    return Actor(user.pk, user.full_name, grants=(Grant(agency, agency, role),))


def make_people() -> People:
    agency, foreign = _unit("STC", "Sở Tài chính"), _unit("SXD", "Sở Xây dựng")
    touch()
    return People(
        agency,
        foreign,
        _officer("tin", agency, "it_admin"),
        _officer("kiem", agency, "procedure_controller"),
        _officer("lanh", agency, "leader"),
        _officer("vien", agency, "specialist"),
        _officer("la", foreign, "it_admin"),
    )


ABOUT = About(
    title="Chấp thuận chủ trương đầu tư", limit=Span(Fraction(17), TimeUnit.CALENDAR_DAY), field="Đầu tư"
)


def begin(people: People, about: About = ABOUT, text: str = BAC_NINH) -> ProcessDraft:
    return actions.draft_from_table(
        actor=people.it, agency_id=people.agency, table=table(text), about=about, now=NOW
    )


def of(draft: ProcessDraft) -> ProcessDefinition:
    draft.refresh_from_db()
    return ProcessDefinition.from_dict(draft.definition)


def save(
    people: People, draft: ProcessDraft, definition: ProcessDefinition, actor: Actor | None = None
) -> ProcessDraft:
    draft.refresh_from_db()
    return actions.save_draft(
        actor=actor or people.it, draft_id=draft.pk, revision=draft.revision, definition=definition, now=NOW
    )


def submit(people: People, draft: ProcessDraft, *accepted: str) -> ProcessDraft:
    draft.refresh_from_db()
    return actions.submit_draft(
        actor=people.it, draft_id=draft.pk, revision=draft.revision, accepted=accepted, now=NOW
    )


def publish(people: People, draft: ProcessDraft, actor: Actor | None = None) -> ProcessVersion:
    draft.refresh_from_db()
    return actions.publish_draft(
        actor=actor or people.leader, draft_id=draft.pk, revision=draft.revision, now=NOW
    )
