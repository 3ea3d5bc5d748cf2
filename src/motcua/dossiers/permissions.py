"""Who may do what to a dossier. Pure predicates over what is already loaded; no query is made here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from motcua.catalogue import queries as catalogue
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import lifecycle
from motcua.dossiers.types import PAUSED, Act, Status
from motcua.kernel.actor import Actor, Grant
from motcua.kernel.errors import Conflict, NotAllowed
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.permissions import is_provincial_controller
from motcua.organisation.types import Role, UnitKind
from motcua.workflow.queries import Task

WRITE_SCOPE = "dossiers:write"
READ_SCOPE = "dossiers:read"
API_ROLE = "api_client"
OVERSEERS = (Role.PROCEDURE_CONTROLLER.value, Role.INSPECTOR.value, Role.IT_ADMIN.value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, or no and why. `illegal` tells a state that forbids it from a person who may not."""

    allowed: bool
    why: Message | None = None
    illegal: bool = False

    def or_raise(self) -> None:
        """Raise `Conflict` (the state forbids it) or `NotAllowed` (the person may not)."""
        if self.allowed:
            return
        assert self.why is not None
        raise Conflict(self.why) if self.illegal else NotAllowed(self.why)


YES = Verdict(True)


def no(why: Message) -> Verdict:
    return Verdict(False, why)


def holds(actor: Actor, *roles: str, unit_id: int) -> bool:
    """Whether the actor has one of the roles in the unit; a partner system stands in for its agency's people."""
    if actor.has(*roles, unit_id=unit_id):
        return True
    return _client_of(actor, organisation.unit(unit_id).agency_id)


def holds_in_agency(actor: Actor, *roles: str, agency_id: int) -> bool:
    """Whether the actor has one of the roles anywhere in the agency."""
    return actor.has(*roles, agency_id=agency_id) or _client_of(actor, agency_id)


def _client_of(actor: Actor, agency_id: int) -> bool:
    if actor.client_id is None:
        return actor.user_id is None and actor.is_admin
    return WRITE_SCOPE in actor.scopes and (not actor.grants or actor.has(API_ROLE, agency_id=agency_id))


SIGNING = (Role.ONE_STOP_OFFICER, Role.CLERK, Role.LEADER, Role.DEPT_HEAD, Role.IT_ADMIN)


def can_have_signed(actor: Actor, unit_id: int) -> bool:
    """Ask for the signatures of a letter: people of the issuing agency who issue letters or look after them."""
    return holds_in_agency(actor, *SIGNING, agency_id=organisation.unit(unit_id).agency_id)


def require_have_signed(actor: Actor, unit_id: int) -> None:
    """Raise `NotAllowed` unless the actor may have the letter signed."""
    if not can_have_signed(actor, unit_id):
        raise NotAllowed(
            msg(
                "Chỉ cán bộ tiếp nhận, văn thư, lãnh đạo hoặc quản trị của cơ quan ra văn bản mới yêu cầu ký số."
            )
        )


def is_own_task(actor: Actor, task: Task) -> bool:
    """Whether the task is on this actor's desk: assigned to them, or open to a role they hold in its unit."""
    if task.assignee_id is not None and actor.user_id == task.assignee_id:
        return True
    if task.assignee_id is not None and not _stands_in_for(actor, task):
        return _client_of(actor, organisation.unit(task.unit_id).agency_id)
    return holds(actor, task.role, unit_id=task.unit_id)


def _stands_in_for(actor: Actor, task: Task) -> bool:
    return any(grant.on_behalf_of == task.assignee_id for grant in actor.grants)


def sees_everything(actor: Actor) -> bool:
    """Administrators, and those at the province who oversee all units."""
    if actor.is_admin or (actor.client_id is not None and READ_SCOPE in actor.scopes and not actor.grants):
        return True
    province = organisation.province()
    provincial = {province.id, organisation.centre_of(province.id).agency_id}
    return any(
        grant.role in OVERSEERS and (grant.agency_id in provincial or _is_provincial_inspector(grant))
        for grant in actor.grants
    )


def _is_provincial_inspector(grant: Grant) -> bool:
    """Only the province's own inspectorate is left at that level: departments have none (Inspection Law 2025)."""
    is_department = organisation.unit(grant.agency_id).kind == UnitKind.DEPARTMENT
    return grant.role == Role.INSPECTOR.value and is_department


def can_read(actor: Actor, dossier: Dossier, task_units: Iterable[int]) -> bool:
    """People of the receiving, deciding and returning agencies, of units with a task on it, and overseers; of an
    agency that has ended, people of the one that keeps what it finished.
    """
    if sees_everything(actor):
        return True
    involved = {
        dossier.receiving_unit_id,
        dossier.competent_agency_id,
        dossier.returning_unit_id,
        *task_units,
    }
    agencies = {organisation.keeper_of(organisation.unit(unit_id).agency_id) for unit_id in involved}
    return bool(agencies & actor.agency_ids)


def can_receive(actor: Actor, receiving_unit_id: int) -> Verdict:
    """Officers of a reception point receive there."""
    unit = organisation.unit(receiving_unit_id)
    if unit.ends_on is not None:
        after = ", ".join(origin.unit.full_name for origin in organisation.successors(unit.agency_id)[:3])
        return no(
            msg(
                "%(unit)s đã kết thúc từ %(day)s; nộp hồ sơ tại %(after)s.",
                unit=unit.full_name,
                day=f"{unit.ends_on:%d/%m/%Y}",
                after=after or organisation.province().full_name,
            )
        )
    if not unit.is_reception_point:
        return no(msg("%(unit)s không phải nơi tiếp nhận hồ sơ.", unit=unit.full_name))
    if holds(actor, Role.ONE_STOP_OFFICER.value, unit_id=receiving_unit_id):
        return YES
    return no(msg("Bạn không có vị trí tiếp nhận hồ sơ tại %(unit)s.", unit=unit.full_name))


def can(act: Act, actor: Actor, dossier: Dossier, tasks: Iterable[Task]) -> Verdict:
    """Whether the act is lawful in this state and this actor may do it."""
    legal = _lawful(act, dossier)
    return legal if not legal.allowed else _PERSON[act](actor, dossier, list(tasks))


def possible_acts(
    actor: Actor, dossier: Dossier, tasks: Iterable[Task], *, last_done_by: int | None = None
) -> Mapping[Act, Verdict]:
    """The verdict on every act, for the buttons of a page; `last_done_by` completed the latest step."""
    open_tasks = list(tasks)
    verdicts = {act: can(act, actor, dossier, open_tasks) for act in Act}
    if last_done_by is None or last_done_by != actor.user_id:
        verdicts[Act.TAKE_BACK] = no(msg("Bạn không phải người vừa chuyển hồ sơ này."))
    return verdicts


def _lawful(act: Act, dossier: Dossier) -> Verdict:
    if act is Act.RECEIVE and dossier.received_at is not None:
        return Verdict(False, msg("Hồ sơ này đã được tiếp nhận."), illegal=True)
    if act is Act.REGISTER_SUPPLEMENT and dossier.received_at is None:
        return Verdict(
            False, msg("Hồ sơ chưa được tiếp nhận: hãy tiếp nhận cùng giấy tờ bổ sung."), illegal=True
        )
    if act is Act.AWAIT_PAYMENT and not catalogue.definition(dossier.procedure_version_id).payment_pause:
        return Verdict(
            False,
            msg(
                "Quy định của thủ tục này không dừng thời hạn để chờ nộp tiền: thu song song với giải quyết."
            ),
            illegal=True,
        )
    if act is Act.ASSESS_FEES and not _costs(dossier):
        return Verdict(False, msg("Thủ tục này không có khoản phí, lệ phí nào để tính."), illegal=True)
    if lifecycle.allows(act.value, dossier.status):
        return YES
    return Verdict(False, lifecycle.why_not(dossier.status), illegal=True)


def _costs(dossier: Dossier) -> bool:
    rules = catalogue.fees.fee_rules(
        dossier.procedure_version_id,
        at=dossier.received_at or dossier.created_at,
        agency_id=dossier.competent_agency_id,
    )
    return bool(rules)


NOT_YOURS = msg("Bước hiện tại không thuộc việc của bạn.")


def _own_task(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    own = [task for task in tasks if task.kind != "return" and task.asked_from_id is None]
    return YES if any(is_own_task(actor, task) for task in own) else no(NOT_YOURS)


def _own_consultation(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    asked = [task for task in tasks if task.asked_from_id is not None]
    return (
        YES
        if any(is_own_task(actor, task) for task in asked)
        else no(msg("Bạn không được hỏi ý kiến về hồ sơ này."))
    )


def can_withdraw_consultation(actor: Actor, task: Task, tasks: Iterable[Task]) -> Verdict:
    """Whoever holds the step that asked, or a head of that step's agency."""
    host = next((found for found in tasks if found.pk == task.asked_from_id), None)
    roles = (Role.LEADER.value, Role.DEPT_HEAD.value)
    if host is not None and (
        is_own_task(actor, host)
        or holds_in_agency(actor, *roles, agency_id=organisation.unit(host.unit_id).agency_id)
    ):
        return YES
    return no(msg("Chỉ người đã hỏi ý kiến hoặc lãnh đạo của họ được rút yêu cầu này."))


def _withdrawer(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    asked = [task for task in tasks if task.asked_from_id is not None]
    verdicts = [can_withdraw_consultation(actor, task, tasks) for task in asked]
    if not verdicts:
        return no(msg("Hồ sơ này không chờ ý kiến của đơn vị nào."))
    return next((verdict for verdict in verdicts if verdict.allowed), verdicts[0])


def _receiving_officer(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    return can_receive(actor, dossier.receiving_unit_id)


def _returning_officer(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    if holds(actor, Role.ONE_STOP_OFFICER.value, unit_id=dossier.returning_unit_id):
        return YES
    if holds(actor, Role.ONE_STOP_OFFICER.value, unit_id=dossier.receiving_unit_id):
        return YES
    unit = organisation.unit(dossier.returning_unit_id)
    return no(msg("Kết quả của hồ sơ này trả tại %(unit)s.", unit=unit.full_name))


def _counter_or_own_task(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    counter = _returning_officer(actor, dossier, tasks)
    return counter if counter.allowed else _own_task(actor, dossier, tasks)


def _head_of_agency(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    roles = (Role.LEADER.value, Role.DEPT_HEAD.value)
    if holds_in_agency(actor, *roles, agency_id=dossier.competent_agency_id):
        return YES
    return no(msg("Chỉ lãnh đạo phòng hoặc lãnh đạo cơ quan giải quyết được làm việc này."))


def _head_of_task(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    agencies = {organisation.unit(task.unit_id).agency_id for task in tasks} | {dossier.competent_agency_id}
    roles = (Role.LEADER.value, Role.DEPT_HEAD.value)
    if any(holds_in_agency(actor, *roles, agency_id=agency) for agency in agencies):
        return YES
    return no(msg("Chỉ lãnh đạo phòng hoặc lãnh đạo cơ quan đang giữ hồ sơ được phân công lại."))


def can_reassign(actor: Actor, dossier: Dossier, task: Task) -> Verdict:
    """This very task: being asked for an opinion gives no say over the desks of those who asked."""
    return _head_of_task(actor, dossier, [task])


def _deciding_side(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    roles = (Role.SPECIALIST.value, Role.DEPT_HEAD.value, Role.LEADER.value, Role.CLERK.value)
    if holds_in_agency(actor, *roles, agency_id=dossier.competent_agency_id):
        return YES
    own = _own_task(actor, dossier, tasks)
    if own.allowed:
        return own
    return no(msg("Chỉ cơ quan giải quyết hồ sơ được làm việc này."))


def _stopper(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    counter = _returning_officer(actor, dossier, tasks)
    return counter if counter.allowed else _head_of_agency(actor, dossier, tasks)


def _counter_or_deciding_side(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    counter = _returning_officer(actor, dossier, tasks)
    return counter if counter.allowed else _deciding_side(actor, dossier, tasks)


def _claimer(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    free = [task for task in tasks if task.assignee_id is None]
    return YES if any(is_own_task(actor, task) for task in free) else no(NOT_YOURS)


def _take_back(actor: Actor, dossier: Dossier, tasks: list[Task]) -> Verdict:
    """Whose step it was, and whether the next desk has begun, is checked on the step itself."""
    return _deciding_side(actor, dossier, tasks) if actor.client_id is not None else YES


_PERSON = {
    Act.RECEIVE: _receiving_officer,
    Act.REFUSE: _receiving_officer,
    Act.REQUEST_SUPPLEMENT: _counter_or_own_task,
    Act.REGISTER_SUPPLEMENT: _counter_or_deciding_side,
    Act.COMPLETE_STEP: _own_task,
    Act.TAKE_BACK: _take_back,
    Act.CLAIM: _claimer,
    Act.REASSIGN: _head_of_task,
    Act.CONSULT: _own_task,
    Act.ANSWER: _own_consultation,
    Act.WITHDRAW_CONSULTATION: _withdrawer,
    Act.CHANGE_CASE: _deciding_side,
    Act.EXTEND: _head_of_agency,
    Act.STOP: _stopper,
    Act.RECORD_RESULT: _deciding_side,
    Act.HAND_OVER: _returning_officer,
    Act.ATTACH: _counter_or_deciding_side,
    Act.ASSESS_FEES: _counter_or_deciding_side,
    Act.AWAIT_PAYMENT: _counter_or_deciding_side,
    Act.PAYMENT_DONE: _counter_or_deciding_side,
}


def moving_scope(actor: Actor) -> frozenset[int] | None:
    """The agencies whose dossiers under way the actor may carry over to a decision; None for the whole province.

    The province's procedure controllers for all; controllers and leaders for their own agency.
    """
    if (actor.is_admin and actor.client_id is None) or is_provincial_controller(actor):
        return None
    roles = {Role.PROCEDURE_CONTROLLER.value, Role.LEADER.value}
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in roles)


def can_move_for(actor: Actor, agency_id: int | None) -> Verdict:
    """Whether the actor may carry over the dossiers of this agency (None: of all)."""
    scope = moving_scope(actor)
    if scope is None or (agency_id is not None and agency_id in scope):
        return YES
    return no(
        msg(
            "Chỉ người kiểm soát thủ tục hoặc lãnh đạo của cơ quan giải quyết được chuyển tiếp hồ sơ của cơ quan đó; "
            "cả tỉnh do Trung tâm Phục vụ hành chính công tỉnh thực hiện."
        )
    )


def can_record_choice(actor: Actor, dossier: Dossier) -> Verdict:
    """The counter the applicant speaks to, and the side that decides."""
    return _counter_or_deciding_side(actor, dossier, [])


def can_see_audit(actor: Actor, dossier: Dossier) -> bool:
    """Those who oversee, and the leaders of the deciding agency."""
    if sees_everything(actor):
        return True
    roles = (*OVERSEERS, Role.LEADER.value)
    return actor.has(*roles, agency_id=dossier.competent_agency_id) or actor.has(
        *roles, agency_id=organisation.unit(dossier.receiving_unit_id).agency_id
    )


def is_under_way(dossier: Dossier) -> bool:
    return Status(dossier.status) in PAUSED or dossier.status in lifecycle.UNDER_WAY
