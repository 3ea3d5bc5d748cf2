"""Open dossiers follow their units: nothing without an owner, sums unchanged, everything still found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from motcua.documents import queries as documents
from motcua.dossiers import actions, queries, queries_history
from motcua.dossiers.models import Dossier, UnitMove
from motcua.dossiers.queries_page import dossier_page
from motcua.dossiers.tests import factories as f
from motcua.kernel.clock import VN
from motcua.kernel.errors import NotFound
from motcua.organisation import actions as organisation_actions
from motcua.organisation import queries as organisation
from motcua.organisation.errors import BadSuccession, SuccessionInUse
from motcua.organisation.models import Post
from motcua.organisation.rules.succession_file import SuccessionFile, from_json
from motcua.workflow.models import Run, Task

DAY = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # Tuesday 01/12/2026 08:00 in Viet Nam
EFFECTIVE = "2026-12-01"
NEW = "09500"
PARTS = (
    ("TT", "service_centre", "centre", "Trung tâm Phục vụ hành chính công"),
    ("VHXH", "division", "society", "Phòng Văn hóa - Xã hội"),
    ("KT", "division", "economy", "Phòng Kinh tế"),
    ("VP", "division", "office", "Văn phòng HĐND và UBND"),
)


@dataclass(frozen=True, slots=True)
class Wards:
    """Two wards with staff and dossiers, about to become one."""

    place: f.Province
    ours: f.Staff
    theirs: f.Staff
    procedure: Any


@pytest.fixture
def wards(db: None) -> Wards:
    place = f.make_province()
    return Wards(place, f.make_staff(place.commune), f.make_staff(place.other), f.make_procedure())


def new_ward(code: str = NEW, agency_code: str = "H05.90", **more: Any) -> list[dict[str, Any]]:
    """A new ward with its four parts, as a file lists them."""
    ward = {
        "code": code,
        "kind": "commune",
        "name": f"Phường Mới {code}",
        "full_name": f"Ủy ban nhân dân phường Mới {code}",
        "parent": "BN",
        "agency_code": agency_code,
        "place_name": "Mới",
        "letter_head": {"superior": "ỦY BAN NHÂN DÂN", "agency": f"PHƯỜNG MỚI {code}"},
        **more,
    }
    parts = [
        {
            "code": f"{code}.{short}",
            "kind": kind,
            "function": function,
            "name": name,
            "full_name": f"{name} phường Mới {code}",
            "parent": code,
            "is_reception_point": kind == "service_centre",
        }
        for short, kind, function, name in PARTS
    ]
    return [ward, *parts]


def file_of(**given: Any) -> SuccessionFile:
    data = {
        "decision": {"number": "12/NQ", "date": "2026-11-20"},
        "effective_on": EFFECTIVE,
        **given,
    }
    file, problems = from_json(data)
    assert file is not None, [problem.render() for problem in problems]
    return file


def merged(**more: Any) -> SuccessionFile:
    """Both wards become the new one."""
    lines = [{"kind": "merge", "predecessor": code, "successor": NEW} for code in ("09187", "09190")]
    return file_of(**{"new_units": new_ward(), "lines": lines, **more})


def carry_out(file: SuccessionFile) -> organisation_actions.SuccessionReport:
    return organisation_actions.succeed(actor=f.SYSTEM, file=file, now=DAY)


def unit_id(code: str) -> int:
    return organisation.unit_by_code(code).id


def dossiers_everywhere(wards: Wards) -> list[Dossier]:
    """Dossiers of both wards in every state that the desks can reach."""
    found = []
    for staff, until in (
        (wards.ours, ("xu-ly", "duyet", "ky", "dong-dau", "tra")),
        (wards.theirs, ("xu-ly", "tra")),
    ):
        for step in until:
            found.append(f.advance(f.receive(staff.counter, wards.procedure), staff, until=step))
    asked = f.receive(wards.ours.counter, wards.procedure)
    actions.request_supplement(
        actor=wards.ours.specialist,
        code=asked.code,
        items=[actions.SupplementItem("Giấy khai sinh bản chính")],
        reason="Thiếu giấy tờ",
        now=f.MONDAY,
    )
    return [*found, asked]


def sums() -> dict[str, int]:
    found: dict[str, int] = {}
    for status in Dossier.objects.values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


def test_every_open_dossier_and_task_passes_to_the_successor_and_the_sums_stay(wards: Wards) -> None:
    dossiers = dossiers_everywhere(wards)
    before, tasks = sums(), Task.objects.filter(status="open").count()
    report = carry_out(merged())
    assert report.state == "applied" and report.problems == []
    assert sums() == before
    assert report.before == report.after
    assert report.totals["dossiers"] == len(dossiers)
    assert report.totals["tasks"] == tasks
    for dossier in Dossier.objects.all():
        assert dossier.competent_agency_id == unit_id(NEW)
        assert dossier.receiving_unit_id == dossier.returning_unit_id == unit_id(f"{NEW}.TT")
    standing = {unit.id for unit in organisation.present_units()}
    open_tasks = Task.objects.filter(status="open")
    assert {task.unit_id for task in open_tasks} <= standing
    assert set(Run.objects.values_list("agency_id", flat=True)) == {unit_id(NEW)}
    held = set(Post.objects.filter(ends_on__isnull=True).values_list("unit_id", "role"))
    assert {(task.unit_id, task.role) for task in open_tasks} <= held


def test_the_officer_of_an_old_ward_goes_on_at_the_new_one_with_her_own_work(wards: Wards) -> None:
    dossier = f.receive(wards.ours.counter, wards.procedure)
    carry_out(merged())
    assert wards.ours.specialist.user_id is not None
    specialist = f.actor_of(wards.ours.specialist.user_id, DAY)
    assert specialist.agency_ids == {unit_id(NEW)}
    task = f.open_task(dossier)
    actions.complete_step(actor=specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=DAY)
    assert f.open_task(dossier).step_key == "duyet"


def test_promised_dates_and_codes_stay_and_new_codes_are_the_successors(wards: Wards) -> None:
    old = f.receive(wards.ours.counter, wards.procedure)
    due = Dossier.objects.get(pk=old.pk).due_at
    carry_out(merged())
    assert Dossier.objects.get(pk=old.pk).due_at == due
    assert queries.readable_dossier(f.SYSTEM, "H05.16-261116-0001").pk == old.pk
    assert wards.ours.counter.user_id is not None
    counter = f.actor_of(wards.ours.counter.user_id, DAY)
    assert f.receive(counter, wards.procedure, now=DAY).code == "H05.90-261201-0001"


def test_the_old_unit_receives_nothing_more_and_says_where(wards: Wards) -> None:
    carry_out(merged())
    from motcua.dossiers import permissions

    verdict = permissions.can_receive(f.SYSTEM, wards.place.commune.centre.id)
    assert not verdict.allowed and verdict.why is not None
    assert "Mới 09500" in verdict.why.source() and "30/11/2026" in verdict.why.source()


def test_the_timeline_names_the_decision_and_the_old_unit_once(wards: Wards) -> None:
    dossier = f.receive(wards.ours.counter, wards.procedure)
    carry_out(merged())
    page = dossier_page(f.SYSTEM, dossier.code, now=DAY)
    told = [entry for entry in page.timeline if str(entry.title) == "Chuyển sang đơn vị kế thừa"]
    assert len(told) == 1
    assert "Kinh Bắc" in str(told[0].text) and "12/NQ ngày 20/11/2026" in str(told[0].text)
    assert "Kinh Bắc" in page.timeline[0].who


def test_an_old_letter_printed_again_keeps_the_old_name_and_a_new_one_has_the_new(wards: Wards) -> None:
    dossier = f.receive(wards.ours.counter, wards.procedure)
    letter = documents.letter(documents.letters_of(dossier.code)[0].pk)
    before = documents.render_letter(letter).content
    carry_out(merged())
    letter = documents.letter(letter.pk)
    assert documents.render_letter(letter).content == before
    assert "Kinh Bắc" in str(letter.data) and "Mới" not in str(letter.data)
    assert wards.ours.specialist.user_id is not None
    actions.request_supplement(
        actor=f.actor_of(wards.ours.specialist.user_id, DAY),
        code=dossier.code,
        items=[actions.SupplementItem("Giấy khai sinh")],
        reason="Thiếu",
        now=DAY,
    )
    new = documents.letter(documents.letters_of(dossier.code)[-1].pk)
    assert new.data["head"]["name"] == "PHƯỜNG MỚI 09500"
    assert "tiếp nhận từ Ủy ban nhân dân phường Kinh Bắc" in str(new.data)


def test_a_task_nobody_could_do_at_the_successor_is_refused_by_name_and_nothing_moves(wards: Wards) -> None:
    dossier = f.advance(f.receive(wards.ours.counter, wards.procedure), wards.ours, until="duyet")
    heads = [
        {"username": _username(staff.head), "unit": f"{NEW}.KT", "role": "specialist"}
        for staff in (wards.ours, wards.theirs)
    ]
    with pytest.raises(BadSuccession) as refused:
        carry_out(merged(people=heads))
    assert dossier.code in refused.value.problems[0] and "Lãnh đạo phòng" in refused.value.problems[0]
    assert Dossier.objects.get(pk=dossier.pk).competent_agency_id == wards.place.commune.agency.id
    assert organisation.unit(wards.place.commune.agency.id).ends_on is None
    assert not UnitMove.objects.exists()


def _username(actor: Any) -> str:
    from motcua.kernel.accounts.models import User

    return str(User.objects.get(pk=actor.user_id).username)


def test_a_field_may_go_to_another_unit_than_the_rest(wards: Wards) -> None:
    """Partial: dossiers of one field to one new ward, everything else to the other."""
    dossier = f.receive(wards.ours.counter, wards.procedure)
    lines = [
        {"kind": "split", "predecessor": "09187", "successor": NEW},
        {"kind": "split", "predecessor": "09187", "successor": "09501", "fields": [f.FIELD]},
    ]
    people = [
        {"username": _username(staff), "unit": unit}
        for staff, unit in (
            (wards.ours.specialist, "09501.VHXH"),
            (wards.ours.counter, "09501.TT"),
        )
    ]
    people[0]["unit"] = "09501." + wards.place.commune.division.code.rsplit(".", 1)[1]
    units = [*new_ward(), *new_ward("09501", "H05.91")]
    carry_out(file_of(new_units=units, lines=lines, people=people))
    moved = Dossier.objects.get(pk=dossier.pk)
    assert moved.competent_agency_id == unit_id("09501")
    assert f.open_task(dossier).unit_id == unit_id(people[0]["unit"])


def test_carrying_it_out_again_changes_nothing(wards: Wards) -> None:
    f.receive(wards.ours.counter, wards.procedure)
    first = carry_out(merged())
    rows = list(Dossier.objects.values()), list(Post.objects.values()), list(Task.objects.values())
    again = carry_out(merged())
    assert (again.state, again.totals) == ("unchanged", first.totals)
    assert (list(Dossier.objects.values()), list(Post.objects.values()), list(Task.objects.values())) == rows
    assert UnitMove.objects.count() == 1


def test_a_rehearsal_tells_the_same_and_leaves_no_trace(wards: Wards) -> None:
    f.receive(wards.ours.counter, wards.procedure)
    told = organisation_actions.succeed(actor=f.SYSTEM, file=merged(), now=f.MONDAY, dry_run=True)
    assert told.state == "rehearsed" and not UnitMove.objects.exists()
    with pytest.raises(Exception, match=NEW):
        organisation.unit_by_code(NEW)
    assert carry_out(merged()).rows == told.rows


def test_an_undo_puts_everything_back_where_it_was(wards: Wards) -> None:
    dossiers_everywhere(wards)
    fields = ("pk", "receiving_unit_id", "competent_agency_id", "returning_unit_id", "status", "due_at")
    tasks = ("pk", "unit_id", "assignee_id", "status")

    def rows() -> tuple[list[Any], list[Any], list[Any], list[Any]]:
        return (
            list(Dossier.objects.order_by("pk").values(*fields)),
            list(Task.objects.order_by("pk").values(*tasks)),
            list(Post.objects.order_by("pk").values()),
            list(Run.objects.order_by("pk").values("pk", "agency_id")),
        )

    before = rows()
    report = carry_out(merged())
    assert report.succession_id is not None
    assert rows() != before
    organisation_actions.undo_succession(actor=f.SYSTEM, succession_id=report.succession_id, now=DAY)
    assert rows() == before
    assert organisation.unit_by_code("09187").ends_on is None
    assert organisation.unit_by_code(NEW).ends_on is not None
    assert carry_out(merged()).state == "applied"


def test_no_undo_once_a_moved_dossier_went_on(wards: Wards) -> None:
    dossier = f.receive(wards.ours.counter, wards.procedure)
    report = carry_out(merged())
    assert wards.ours.specialist.user_id is not None and report.succession_id is not None
    later = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    specialist = f.actor_of(wards.ours.specialist.user_id, later)
    task = f.open_task(dossier)
    actions.complete_step(actor=specialist, code=dossier.code, task_id=task.pk, outcome="trinh", now=later)
    with pytest.raises(SuccessionInUse, match=dossier.code):
        organisation_actions.undo_succession(actor=f.SYSTEM, succession_id=report.succession_id, now=later)


def test_june_counts_for_the_units_of_june_and_july_for_those_of_july(wards: Wards) -> None:
    """Received before by the old units, completed after by the new one; both sums are the whole."""
    first = f.receive(wards.ours.counter, wards.procedure)
    f.receive(wards.theirs.counter, wards.procedure)
    carry_out(merged())
    actor_id = wards.ours.counter.user_id
    assert actor_id is not None
    f.receive(f.actor_of(actor_id, DAY), wards.procedure, now=DAY)
    november = queries_history.received_by_unit(
        datetime(2026, 11, 1, tzinfo=VN), datetime(2026, 12, 1, tzinfo=VN)
    )
    december = queries_history.received_by_unit(
        datetime(2026, 12, 1, tzinfo=VN), datetime(2027, 1, 1, tzinfo=VN)
    )
    assert november == {wards.place.commune.centre.id: 1, wards.place.other.centre.id: 1}
    assert december == {unit_id(f"{NEW}.TT"): 1}
    assert sum(november.values()) + sum(december.values()) == Dossier.objects.count()
    assert queries_history.taken_over_from(Dossier.objects.get(pk=first.pk)).endswith("Kinh Bắc")


def test_what_an_old_ward_finished_is_kept_by_its_successor_and_closed_to_others(wards: Wards) -> None:
    dossier = f.receive(wards.ours.counter, wards.procedure)
    actions.stop_dossier(
        actor=wards.ours.leader, code=dossier.code, requested_by_applicant=True, reason="Rút", now=f.MONDAY
    )
    outsider = f.make_officer("specialist", wards.place.department_division)
    carry_out(merged())
    assert Dossier.objects.get(pk=dossier.pk).competent_agency_id == wards.place.commune.agency.id
    assert wards.theirs.specialist.user_id is not None
    heir = f.actor_of(wards.theirs.specialist.user_id, DAY)
    assert [found.code for found in queries.search(heir, dossier.code)] == [dossier.code]
    assert queries.readable_dossier(heir, dossier.code).pk == dossier.pk
    with pytest.raises(NotFound):
        queries.readable_dossier(f.actor_of(outsider.user_id or 0, DAY), dossier.code)


@pytest.mark.parametrize("words", ["phường Kinh Bắc", "phuong kinh bac", "H05.16", "09187"])
def test_the_old_name_and_the_old_codes_find_the_unit(wards: Wards, words: str) -> None:
    carry_out(merged())
    found = organisation.search_units(words, former=True)
    assert wards.place.commune.agency.id in {unit.id for unit in found}
    assert organisation.successors(wards.place.commune.agency.id)[0].unit.code == NEW
    assert wards.place.commune.agency.id not in {unit.id for unit in organisation.search_units()}
    assert wards.place.commune.agency not in organisation.communes()
    assert wards.place.commune.agency.id in {u.id for u in organisation.communes(on=date(2026, 11, 30))}


class Dies:
    """A follower after the dossiers whose machine loses power in the middle of the act."""

    def move(self, **given: Any) -> Any:
        assert UnitMove.objects.exists()
        raise MemoryError("power lost")


def test_a_death_in_the_middle_leaves_nothing_and_the_next_run_does_it_all(
    wards: Wards, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers_everywhere(wards)
    before = list(Dossier.objects.order_by("pk").values()), list(Post.objects.order_by("pk").values())
    from motcua.organisation import followers

    with monkeypatch.context() as patch:
        patch.setitem(followers._followers, "dies", Dies())
        with pytest.raises(MemoryError):
            carry_out(merged())
    after = list(Dossier.objects.order_by("pk").values()), list(Post.objects.order_by("pk").values())
    assert after == before and not UnitMove.objects.exists()
    assert organisation.unit(wards.place.commune.agency.id).ends_on is None
    assert carry_out(merged()).state == "applied"
