"""One second before and the first moment after: what is read, what a slip would say, and a counter caught between."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from motcua.catalogue import queries as catalogue
from motcua.catalogue.errors import UnknownProcedure
from motcua.catalogue.queries import changes
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeAction
from motcua.catalogue.types_drafts import LineInfo
from motcua.config.demo.history import History
from motcua.config.night import staff
from motcua.config.night.hours import JUST_AFTER, LAST_SECOND, LATE, MIDNIGHT, at
from motcua.config.night.june import OldCommune
from motcua.config.night.steps import Steps
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor

PLAIN_STATIC = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
"""Pages are opened without a browser: style sheets and their fingerprints are not set up for a single night."""
MOST_PAGES = 10
MOST_SLIPS = 5
URL = "/quay/tiep-nhan/"
BACKEND = "motcua.kernel.accounts.backend.PasswordBackend"


def read_both_sides(steps: Steps, change_set_id: int) -> list[LineInfo]:
    """Every changed procedure is the old one until the last second and the new one from the first moment on."""
    lines = changes.lines(change_set_id)
    wrong = [problem for line in lines if (problem := _wrong_side(line))]
    steps.none_of(wrong, "read on the wrong side of midnight")
    steps.found["read_at_midnight"] = len(lines)
    return lines


def _wrong_side(line: LineInfo) -> str:
    if line.action is ChangeAction.NEW:
        return _found(line.code, LAST_SECOND, None) or _found(line.code, MIDNIGHT, line.made_version_id)
    old = line.old_code if line.action is ChangeAction.REPLACED else line.code
    before = line.before_version_id if line.action is not ChangeAction.REPLACED else 0
    problem = _found(old, LAST_SECOND, before)
    if problem or line.action is ChangeAction.NOTED:
        return problem
    if line.action is ChangeAction.ABOLISHED:
        return _found(line.code, MIDNIGHT, None)
    return _found(line.code, MIDNIGHT, line.made_version_id)


def _found(code: str, moment: datetime, wanted: int | None) -> str:
    """What is wrong with what a code gives at a moment; None: nothing is to stand, 0: anything may."""
    try:
        version = catalogue.current_version(code, moment)
    except UnknownProcedure:
        return "" if wanted is None else f"{code} has no version at {moment:%H:%M:%S}"
    if wanted is None:
        return f"{code} stands at {moment:%H:%M:%S}" if version.code == code else ""
    return "" if wanted in (0, version.id) else f"{code} is version {version.number} at {moment:%H:%M:%S}"


@override_settings(STORAGES=PLAIN_STATIC)
def open_pages(steps: Steps, lines: Sequence[LineInfo]) -> None:
    """The page of a procedure says the limit that counts at the moment it is opened."""
    browser, opened = Client(SERVER_NAME="127.0.0.1"), 0
    for line in lines:
        if opened == MOST_PAGES:
            break
        if (
            line.before_version_id is None
            or line.content is None
            or "limit" not in {c.key for c in line.diff}
        ):
            continue
        opened += 1
        old = line.old_code if line.action is ChangeAction.REPLACED else line.code
        sides = (
            (LAST_SECOND, old, _limit(catalogue.definition(line.before_version_id))),
            (MIDNIGHT, line.code, _limit(line.content)),
        )
        for moment, code, words in sides:
            with at(moment):
                answer = browser.get(f"/thu-tuc/{code}/")
            page = html.unescape(answer.content.decode())
            steps.check(
                answer.status_code == 200 and words in page,
                f"the page of {code} at {moment:%H:%M:%S} does not say “{words}”",
            )
    steps.found["pages_opened"] = 2 * opened


def _limit(definition: ProcedureDefinition) -> str:
    return definition.limit.text().source() if definition.limit else ""


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at the counter of an old commune, still there at three past midnight."""

    commune: OldCommune
    officer: Actor
    history: History

    @classmethod
    def of(cls, commune: OldCommune, now: datetime) -> Desk:
        officers = staff.officers_of({commune.centre.id}, now=now)
        history = History(Random(1), {}, officers, until=now)  # noqa: S311 - invented people
        return cls(commune, officers[commune.centre.id][0], history)


def try_slips(steps: Steps, desk: Desk, lines: Sequence[LineInfo]) -> None:
    """Received in the last second and in the first moment, and taken back: limit, fees and competent unit differ."""
    tried = 0
    for line in _at_communes(lines):
        if tried == MOST_SLIPS:
            break
        tried += 1
        for moment, version_id in ((LAST_SECOND, line.before_version_id), (MIDNIGHT, line.made_version_id)):
            assert version_id is not None
            content = catalogue.definition(version_id)
            said = _received(desk, line.code, moment)
            wanted = {
                "version": version_id,
                "limit": content.limit.to_dict() if content.limit else None,
                "competent": desk.commune.unit.id,
                "fees": content.fees,
                "slip": _limit(content),
            }
            steps.check(said == wanted, f"{line.code} received at {moment:%H:%M:%S}: {said}, not {wanted}")
    steps.found["slips_tried"] = 2 * tried


def _received(desk: Desk, code: str, moment: datetime) -> dict[str, Any]:
    with transaction.atomic():
        done = actions.receive_dossier(
            actor=desk.officer,
            reception=desk.history.reception(desk.commune.centre, code, moment),
            now=moment,
        )
        said = {
            "version": done.dossier.procedure_version_id,
            "limit": done.dossier.limit,
            "competent": done.dossier.competent_agency_id,
            "fees": catalogue.definition(done.dossier.procedure_version_id).fees,
            "slip": done.letter.data["time_limit"],
        }
        transaction.set_rollback(True)
    return said


def _at_communes(lines: Sequence[LineInfo]) -> list[LineInfo]:
    """Amended procedures of the communes without cases whose limit became shorter."""
    return [
        line
        for line in lines
        if line.action is ChangeAction.AMENDED
        and line.content is not None
        and not line.content.cases
        and tuple(level.value for level in line.content.levels) == ("xa",)
        and "limit" in {change.key for change in line.diff}
    ]


@override_settings(STORAGES=PLAIN_STATIC)
def save_after_midnight(steps: Steps, desk: Desk, lines: Sequence[LineInfo]) -> None:
    """Opened at 23:58 and saved at 00:03 it stops once, says why, keeps what was typed, and is then received."""
    able = _at_communes(lines)
    if not able:
        steps.check(False, "no amended procedure of the communes to try the counter with")
        return
    line = able[0]
    assert (
        line.before_version_id is not None and line.made_version_id is not None and line.content is not None
    )
    assert desk.officer.user_id is not None
    user = User.objects.get(pk=desk.officer.user_id)
    browser = Client(SERVER_NAME="127.0.0.1")
    with at(LATE):
        browser.force_login(user, backend=BACKEND)
        opened = browser.get(
            f"{URL}giay-to/", {"procedure": line.before_version_id, "unit": desk.commune.centre.id}
        )
        steps.check(opened.status_code == 200, f"the counter's panel answered {opened.status_code} at 23:58")
    before = Dossier.objects.count()
    form = _form(desk, line.before_version_id, line.content)
    with at(JUST_AFTER):
        stopped = browser.post(URL, form)
        page = html.unescape(stopped.content.decode())
        steps.check(
            stopped.status_code == 409, f"the counter answered {stopped.status_code}, not 409, at 00:03"
        )
        steps.check("Quy định thay đổi từ" in page, "the counter does not say what changed at midnight")
        steps.check(str(form["owner-name"]) in page, "what was typed at the counter is lost")
        steps.check(
            Dossier.objects.count() == before, "the counter received under the old version after midnight"
        )
        again = browser.post(URL, {**form, "procedure": str(line.made_version_id)})
        steps.check(again.status_code == 302, f"the second try at the counter answered {again.status_code}")
    made = Dossier.objects.filter(procedure_version_id=line.made_version_id, created_at=JUST_AFTER)
    steps.check(made.count() == 1, "the dossier of 00:03 is not there under the new version")
    steps.found["counter_over_midnight"] = {
        "procedure": line.code,
        "first": stopped.status_code,
        "then": again.status_code,
    }


def _form(desk: Desk, version_id: int, content: ProcedureDefinition) -> Mapping[str, Any]:
    return {
        "key": "dem-30-6",
        "unit": str(desk.commune.centre.id),
        "do": "save",
        "procedure": str(version_id),
        "case_key": "",
        "owner-id_number": "027090001234",
        "owner-name": "Nguyễn Văn An",
        "owner-born_on": "15081990",
        "owner-gender": "Nam",
        "owner-phone": "0912 345 678",
        "owner-address": "Thôn Đông, xã Yên Phong, tỉnh Bắc Ninh",
        "paper": [paper.key for paper in content.papers_for("", "in_person")],
        "channel": "1",
        "return_method": "counter",
    }
