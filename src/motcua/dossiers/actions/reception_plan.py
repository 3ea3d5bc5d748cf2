"""What the catalogue and the place allow: a reception checked before a number is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from motcua.catalogue import queries as catalogue
from motcua.catalogue.rules.differences import joined, moment_words, plain_differences
from motcua.catalogue.rules.time_limits import TimeLimit
from motcua.catalogue.types import Competence, ProcedureDefinition, VersionInfo
from motcua.dossiers import permissions
from motcua.dossiers.actions.reception_hold import Held
from motcua.dossiers.errors import VersionChanged
from motcua.dossiers.rules.appointments import with_appointments
from motcua.dossiers.rules.identity import number_problem
from motcua.dossiers.types import PaperState, Reception
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.organisation import queries as organisation
from motcua.workflow import queries as workflow


@dataclass(frozen=True, slots=True)
class Plan:
    """A reception with everything the catalogue says about it."""

    reception: Reception
    version: VersionInfo
    definition: ProcedureDefinition
    competence: Competence
    process_id: int

    @property
    def limit(self) -> TimeLimit | None:
        """The limit of the case, cut into its appointment dates where it is announced in two."""
        return _limit_of_version(self.version.id, self.reception.case_key, self.process_id)


@lru_cache(maxsize=4096)
def _limit_of_version(version_id: int, case_key: str, process_id: int) -> TimeLimit | None:
    """Kept for ever, because the ids fix what procedure and process say."""
    return limit_of(catalogue.definition(version_id), case_key, process_id)


def limit_of(definition: ProcedureDefinition, case_key: str, process_id: int) -> TimeLimit | None:
    """The limit a dossier of this case runs under; one without a date where nobody knows a limit."""
    case = definition.case(case_key)
    announced = case.appointments if case else ()
    return with_appointments(definition.limit_for(case_key), announced, workflow.process(process_id))


def process_of(version: VersionInfo, case_key: str, competence: Competence, at: datetime) -> int:
    """The process version a dossier of this case runs through when it begins at an instant."""
    return catalogue.process_for(
        version.procedure_id,
        case_key=case_key,
        level=competence.level,
        agency_id=competence.deciding_agency_id,
        at=at,
    )


def plan_reception(actor: Actor, reception: Reception, held: Held | None, now: datetime) -> Plan:
    """Everything checked that the catalogue and the place say; `held` is the version's row under lock."""
    permissions.can_receive(actor, reception.receiving_unit_id).or_raise()
    version = catalogue.version(reception.procedure_version_id)
    definition = catalogue.definition(reception.procedure_version_id)
    begins = reception.submitted_at or now
    if held is not None and held.contradicts(version.valid_to):
        catalogue.forget()  # the picture is older than the row: everything below is decided by a new one
        version = catalogue.version(reception.procedure_version_id)
    _check_in_force(version, definition, begins, withdrawn=held is not None and held.withdrawn)
    if not nfc(reception.owner.name):
        raise Invalid(msg("Nhập họ tên chủ hồ sơ (hoặc tên tổ chức)."), field="owner_name")
    if reception.submitter is not None and not nfc(reception.submitter.name):
        raise Invalid(msg("Nhập họ tên người nộp thay."), field="submitter_name")
    _check_numbers(reception)
    if reception.case_key and definition.case(reception.case_key) is None:
        raise Invalid(msg("Trường hợp đã chọn không thuộc thủ tục này. Hãy chọn lại."), field="case_key")
    if definition.cases and any(case.changes_limit for case in definition.cases) and not reception.case_key:
        raise Invalid(
            msg("Chọn trường hợp: thời hạn của thủ tục này khác nhau theo trường hợp."), field="case_key"
        )
    if not 1 <= reception.set_count <= 99:
        raise Invalid(msg("Số bộ hồ sơ phải từ 1 đến 99."), field="set_count")
    competence = catalogue.competence(
        version,
        receiving_unit=organisation.unit(reception.receiving_unit_id),
        place_agency_id=reception.place_agency_id,
        case_key=reception.case_key,
        at=begins,
    )
    process_id = process_of(version, reception.case_key, competence, begins)
    return Plan(reception, version, definition, competence, process_id)


def _check_numbers(reception: Reception) -> None:
    """The same for every door: what cannot be a number of a person or a firm is refused."""
    for part, person in (("owner", reception.owner), ("submitter", reception.submitter)):
        if person is None:
            continue
        if problem := number_problem(person.id_number, is_organisation=person.is_organisation):
            raise Invalid(problem, field=f"{part}_id_number")


def _check_in_force(
    version: VersionInfo, definition: ProcedureDefinition, at: datetime, *, withdrawn: bool
) -> None:
    """Only the version that stands when the dossier begins; a form opened under another one is told what changed."""
    standing = catalogue.standing_instead(version, at)
    if standing is not None and standing.id == version.id:
        return
    if standing is not None:
        raise _changed(version, definition, standing, at, withdrawn=withdrawn)
    if withdrawn:
        raise Invalid(
            msg(
                "Quyết định đưa ra thủ tục này vừa được hoàn tác nên không tiếp nhận được. Hồ sơ chưa được lưu; những "
                "gì đã nhập vẫn còn."
            ),
            field="procedure_version_id",
        )
    if at < version.valid_from:
        raise Invalid(
            msg(
                "Thủ tục này chưa có hiệu lực (từ %(since)s). Hãy chọn thủ tục đang có hiệu lực.",
                since=moment_words(version.valid_from),
            ),
            field="procedure_version_id",
        )
    raise Invalid(
        msg("Thủ tục này đã hết hiệu lực. Hãy chọn thủ tục thay thế trong danh mục."),
        field="procedure_version_id",
    )


def _changed(
    version: VersionInfo,
    definition: ProcedureDefinition,
    standing: VersionInfo,
    at: datetime,
    *,
    withdrawn: bool,
) -> VersionChanged:
    """What is different under the version that stands, and why it does."""
    changes = plain_differences(definition, catalogue.definition(standing.id))
    early = at < version.valid_from and not withdrawn
    since = moment_words(version.valid_from if early else standing.valid_from)
    if withdrawn:
        sentence = msg(
            "Quyết định đưa ra quy định đã chọn vừa được hoàn tác. Hồ sơ chưa được lưu; những gì đã nhập vẫn còn. "
            "Khác biệt: %(changes)s. Xem lại rồi lưu lần nữa để tiếp nhận theo quy định đang có hiệu lực.",
            changes=joined(changes),
        )
    elif early:
        sentence = msg(
            "Quy định đã chọn đến %(since)s mới có hiệu lực. Hồ sơ chưa được lưu; những gì đã nhập vẫn còn. "
            "Khác biệt: %(changes)s. Xem lại rồi lưu lần nữa để tiếp nhận theo quy định đang có hiệu lực.",
            since=since,
            changes=joined(changes),
        )
    else:
        sentence = msg(
            "Từ %(since)s thủ tục này có quy định mới. Hồ sơ chưa được lưu; những gì đã nhập vẫn còn. "
            "Khác biệt: %(changes)s. Xem lại rồi lưu lần nữa để tiếp nhận theo quy định mới.",
            since=since,
            changes=joined(changes),
        )
    return VersionChanged(
        sentence, standing=standing.id, since=since, changes=changes, early=early, withdrawn=withdrawn
    )


def check_papers(reception: Reception, definition: ProcedureDefinition) -> None:
    """A paper that is always required and stated as missing means form 02, not a reception."""
    required = {paper.key: paper.name for paper in definition.papers if paper.required == "always"}
    missing = [
        required[given.key]
        for given in reception.papers
        if given.state is PaperState.MISSING and given.key in required
    ]
    if missing:
        raise Invalid(
            msg(
                "Còn thiếu giấy tờ bắt buộc: %(papers)s. Hãy lập phiếu yêu cầu bổ sung (mẫu 02).",
                papers="; ".join(missing),
            ),
            field="papers",
        )
