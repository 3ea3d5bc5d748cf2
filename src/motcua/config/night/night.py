"""The night from the afternoon of 30 June to the morning of 1 July, step by step."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from motcua.catalogue import actions as catalogue
from motcua.catalogue.queries.facts import facts
from motcua.catalogue.rules.decisions import DecisionLine
from motcua.config.night import crowd, decision, evening, midnight, proof, staff, underway
from motcua.config.night.hours import (
    AFTERNOON,
    EVENING,
    LAST_SECOND,
    LATE,
    LONG_BEFORE,
    MIDNIGHT,
    SUCCESSION,
)
from motcua.config.night.june import SYSTEM, June, load_june
from motcua.config.night.size import Size
from motcua.config.night.steps import Steps
from motcua.dossiers.models import Dossier
from motcua.organisation import actions as organisation
from motcua.organisation import queries
from motcua.organisation.types import Role

TEMPLATES = 48
FORTNIGHT = timedelta(days=14)


def rehearse_night(size: Size, *, tell: Callable[[str], object]) -> Steps:
    """Live through the night in this process's own installation; what did not hold is in the answer."""
    steps = Steps(tell)
    with steps.step("migrate"):
        call_command("migrate", verbosity=0)
    june = _afternoon(steps, size)
    hands = _hands()
    lines = _lines(size)
    change_set_id = _evening(steps, hands, lines, june)
    before = _midnight(steps, change_set_id, june)
    _succession(steps, june)
    _first_hour(steps, hands, change_set_id, before)
    return steps


def _afternoon(steps: Steps, size: Size) -> June:
    with steps.step("province of June"):
        june = load_june(now=LONG_BEFORE, communes=size.communes, procedures=size.procedures)
    with steps.step("people at every desk"):
        posts = staff.fill_desks(now=AFTERNOON - FORTNIGHT) + staff.fill_desks(now=MIDNIGHT)
    with steps.step("open dossiers"):
        made = crowd.make_crowd(june, _codes(), dossiers=size.dossiers, real=TEMPLATES, now=AFTERNOON)
    steps.found |= {
        "database": connection.vendor,
        "procedures": june.procedures,
        "old_communes": len(june.communes),
        "posts": posts,
        "dossiers": {"real": made.real, "copied": made.copied},
    }
    total = Dossier.objects.count()
    steps.check(total == size.dossiers, f"{size.dossiers} dossiers were wanted, {total} were made")
    return june


def _codes() -> dict[str, list[str]]:
    """Codes of procedures on offer that one level alone decides."""
    found = facts(AFTERNOON)
    return {
        level: [one.code for one in found if one.levels == (level,) and one.code] for level in ("xa", "tinh")
    }


def _hands() -> evening.Hands:
    centre = queries.centre_of(queries.province().id).id
    controller = Role.PROCEDURE_CONTROLLER
    return evening.Hands(
        drafter=staff.person("dem.soan", "Ngô Thị Soạn", controller, centre, now=EVENING),
        approver=staff.person("dem.duyet", "Vũ Văn Duyệt", controller, centre, now=EVENING),
    )


def _lines(size: Size) -> list[DecisionLine]:
    used = list(Dossier.objects.order_by("pk").values_list("procedure_code", flat=True))
    known = list(decision.subjects(EVENING, used))
    return decision.make_lines(known, size.lines)


def _evening(steps: Steps, hands: evening.Hands, lines: list[DecisionLine], june: June) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="motcua-night-file-") as folder,
        steps.step("decision with broken rows"),
    ):
        evening.refuse_broken(steps, Path(folder), lines)
    with steps.step("decision drafted"):
        successor = sorted(
            line.successor for line in june.file.lines if line.predecessor == june.communes[0].unit.code
        )
        change_set_id = evening.draft(steps, hands, lines, successor[0])
    with steps.step("decision rehearsed"):
        evening.rehearse_until_green(steps, hands, change_set_id)
    with steps.step("decision approved"):
        catalogue.approve_change_set(actor=hands.approver, change_set_id=change_set_id, now=EVENING)
    with steps.step("decision published"):
        catalogue.publish_change_set(actor=hands.approver, change_set_id=change_set_id, now=EVENING)
    return change_set_id


def _midnight(steps: Steps, change_set_id: int, june: June) -> proof.Before:
    with steps.step("both sides of midnight"):
        lines = midnight.read_both_sides(steps, change_set_id)
        midnight.open_pages(steps, lines)
        desk = midnight.Desk.of(june.communes[0], LATE)
        midnight.try_slips(steps, desk, lines)
    with steps.step("counter over midnight"):
        midnight.save_after_midnight(steps, desk, lines)
    return proof.Before.taken()


def _succession(steps: Steps, june: June) -> None:
    with steps.step("succession dry run"):
        rehearsed = organisation.succeed(actor=SYSTEM, file=june.file, now=LAST_SECOND, dry_run=True)
        steps.none_of(list(rehearsed.problems), "problems of the succession")
    with steps.step("succession planned"):
        organisation.succeed(actor=SYSTEM, file=june.file, now=LAST_SECOND)
    with steps.step("succession carried out"):
        report = organisation.succeed(actor=SYSTEM, file=june.file, now=SUCCESSION)
    steps.none_of(list(report.problems), "problems of the succession")
    steps.check(report.before == report.after, "the succession changed the counts")
    steps.check(report.totals == rehearsed.totals, "the succession did something else than its dry run said")
    steps.found["succession"] = {"ended": report.units_ended, **report.totals}


def _first_hour(steps: Steps, hands: evening.Hands, change_set_id: int, before: proof.Before) -> None:
    with steps.step("dossiers dry run"):
        expected = underway.dry_run(steps, hands.approver, change_set_id)
    with steps.step("pictures before"):
        images = proof.pictures(underway.sample(change_set_id))
    with steps.step("dossiers carried over"):
        batch = underway.move_all(steps, hands.approver, change_set_id, expected)
    with steps.step("counts"):
        proof.counts(steps, before, batch)
        proof.owners(steps)
    with steps.step("old numbers"):
        proof.old_numbers(steps, hands.approver, before)
    with steps.step("competence"):
        proof.competence(steps)
    with steps.step("undo of a sample"):
        proof.undo_sample(steps, hands.approver, batch, images)
    with steps.step("log, files, books"):
        proof.clean(steps, "verify_audit", "check_integrity", "check_ledger")
