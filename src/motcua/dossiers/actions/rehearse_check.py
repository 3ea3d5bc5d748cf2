"""What is checked of each configuration without writing a row: golden dossiers, desks, forms, letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from motcua.catalogue.queries.configured import Configured
from motcua.catalogue.queries.rehearsals import GoldenInfo, RehearsedLine
from motcua.catalogue.rules.competence import never_received
from motcua.catalogue.types_changes import ChangeAction, ChangeKind
from motcua.documents import queries as documents
from motcua.documents.errors import UnknownLetterKind
from motcua.dossiers.actions.rehearse_walk import People
from motcua.dossiers.adapters.golden_configuration import configuration_of, own_agencies
from motcua.dossiers.adapters.golden_world import ProvinceWorld, Shapes, classes_of
from motcua.dossiers.adapters.routing import Router
from motcua.dossiers.queries_rehearsal import route_lines
from motcua.dossiers.rules.golden import (
    Configuration,
    Difference,
    Ends,
    Expected,
    Given,
    compare,
    expect,
    process_of,
)
from motcua.dossiers.rules.golden_changes import Said, shown, silent_change, unexplained, wrong_result
from motcua.dossiers.rules.golden_making import Golden, UnitClass, case_keys, generate
from motcua.dossiers.rules.rehearsal import FailureKind, Findings, Where
from motcua.kernel.messages import Message, msg
from motcua.organisation import queries as organisation
from motcua.organisation.types import Role
from motcua.workflow.rules.definition import ProcessDefinition

Desk = tuple[int, str]
MOST_GOLDEN = 50
"""Golden dossiers remembered with one failure."""
LEGAL = frozenset({"limit", "papers", "cases", "levels", "name", "field", "authority"})
"""Fields of the law, which a department's own configuration cannot change whatever it says."""


NOTHING_TO_TRY: Mapping[ChangeAction, Message] = {
    ChangeAction.ABOLISHED: msg("Bãi bỏ: không còn hồ sơ nào để diễn tập."),
    ChangeAction.NOTED: msg("Chỉ được nêu tên, không thay đổi gì."),
}
NOT_STANDING = msg("không có phiên bản nào đứng vào ngày làm việc đầu tiên của gói.")


def code_of(configuration: Configuration) -> str:
    """How a rehearsal names a procedure."""
    return configuration.definition.display_code or configuration.definition.short_name[:60]


@dataclass(frozen=True, slots=True)
class Tried:
    """One configuration after the check: what the real walks need of it."""

    configured: Configured
    configuration: Configuration
    line: RehearsedLine | None
    classes: tuple[UnitClass, ...]
    golden: tuple[Golden, ...]
    receiving: Mapping[str, Ends]
    """Code of each unit that receives it, with where the dossier goes."""

    @property
    def code(self) -> str:
        return code_of(self.configuration)


@dataclass(slots=True)
class Check:
    """Checks configurations one by one; keeps what it learned of desks and units."""

    world: ProvinceWorld
    shapes: Shapes
    people: People
    first_day: date
    findings: Findings
    kind: ChangeKind | None = None
    narrowed: bool = False
    trials: int = 0
    of_line: dict[int, int] = field(default_factory=dict)
    """Trials of each line."""
    passed: dict[str, list[str]] = field(default_factory=dict)
    """Codes of what passed without a trial, by the reason."""
    needed: set[Desk] = field(default_factory=set)
    """Every desk that some dossier comes to."""
    units: set[str] = field(default_factory=set)
    empty: dict[tuple[str, str, Ends], tuple[tuple[Desk, ...], int]] = field(default_factory=dict)

    def __call__(
        self,
        configured: Configured,
        *,
        line: RehearsedLine | None = None,
        before: Sequence[GoldenInfo] = (),
        own: Sequence[GoldenInfo] = (),
        keep: bool = True,
    ) -> Tried | None:
        """Try one configuration by class of units. None where nobody here receives it, for a named reason. `keep`:
        its golden dossiers are wanted afterwards. `before` are those of the version before, `own` those already stored
        of this one.
        """
        configuration = configuration_of(configured)
        never = never_received(configuration.rules, configuration.subject)
        if never is not None:
            self._pass(never, code_of(configuration), line)
            return None
        trials = self.trials
        classes = classes_of(self.shapes, own=own_agencies(configured))
        where = Where(
            configured.procedure_id if line is None or line.procedure_id else None, line.id if line else None
        )
        golden = tuple(generate(configuration, classes, self.first_day, self.world))
        self.trials += len(golden)
        tried = Tried(
            configured,
            configuration,
            line,
            classes,
            golden if keep else (),
            self._receiving(configuration, classes),
        )
        self._look_at(golden, tried, where)
        self._desks(tried)
        self._settings(tried, where)
        self._replay(own, tried, where, confirmed=True)
        if line is not None:
            self._replay(before, tried, where, confirmed=False)
            self.of_line[line.id] = self.trials - trials
        return tried

    def _pass(self, why: Message, code: str, line: RehearsedLine | None) -> None:
        self.passed.setdefault(why.source(), []).append(code)
        if line is not None:
            self.of_line[line.id] = 1

    def account_for(self, lines: Sequence[RehearsedLine]) -> None:
        """Every line was tried, or has a reason to pass; otherwise it is red: nothing tried is not green."""
        tried = {line.procedure_id for line in lines if self.of_line.get(line.id)} - {None}
        for line in lines:
            if self.of_line.get(line.id) or line.procedure_id in tried:
                continue
            code = line.code or line.name[:60]
            if line.action in NOTHING_TO_TRY:
                self._pass(NOTHING_TO_TRY[line.action], code, line)
            else:
                self.findings.add(
                    FailureKind.UNTRIED,
                    msg("%(code)s: chưa diễn tập được: %(why)s", code=code, why=NOT_STANDING),
                    Where(line.procedure_id, line.id),
                    code=code,
                )

    def _receiving(self, configuration: Configuration, classes: Sequence[UnitClass]) -> dict[str, Ends]:
        found = {}
        for unit in classes:
            if unit.place:
                continue
            for code in unit.units:
                ends = self.world.ends(configuration, Given(code))
                if not isinstance(ends, Message):
                    found[code] = ends
        self.units.update(found)
        return found

    def _look_at(self, golden: Sequence[Golden], tried: Tried, where: Where) -> None:
        """Red: nobody can receive it; no process; a branch without an end."""
        if self.narrowed and not tried.receiving:
            return
        if all(one.expected.refused for one in golden):
            refused = golden[0].expected.refused if golden else ""
            kind = FailureKind.NOWHERE if not tried.receiving else FailureKind.NO_PROCESS
            sentence = msg("%(code)s: không nơi nào tiếp nhận được: %(why)s", code=tried.code, why=refused)
            self.findings.add(kind, sentence, where, code=tried.code)
            return
        for one in golden:
            place = Where(where.procedure_id, where.line_id, case_key=one.given.case_key)
            if one.expected.refused and not one.given.place and one.given.unit in tried.receiving:
                self.findings.add(
                    FailureKind.NO_PROCESS,
                    msg("%(code)s: %(why)s", code=tried.code, why=one.expected.refused),
                    place,
                    code=tried.code,
                )
            if one.expected.stuck:
                self.findings.add(
                    FailureKind.STUCK,
                    msg(
                        "%(code)s: nhánh %(branch)s dừng lại: %(why)s",
                        code=tried.code,
                        branch=one.given.branch or msg("đi thẳng"),
                        why=one.expected.stuck,
                    ),
                    place,
                    code=tried.code,
                )

    def _desks(self, tried: Tried) -> None:
        """Every desk of every branch in every unit that receives it: somebody must sit there. Each is a trial."""
        cases = case_keys(tried.configuration.definition)
        for code, ends in tried.receiving.items():
            missing: set[Desk] = set(self._missing_at_counter(ends))
            self.trials += 1
            for case_key in cases:
                process = process_of(tried.configuration, case_key, ends)
                if process is not None:
                    empty, desks = self._missing(process, tried.configuration.definition.field, ends)
                    missing.update(empty)
                    self.trials += desks
            for unit_id, role in missing:
                self._nobody(unit_id, role, tried.code, code)

    def _missing_at_counter(self, ends: Ends) -> Iterator[Desk]:
        desk = (ends.receiving_id, Role.ONE_STOP_OFFICER.value)
        self.needed.add(desk)
        if desk not in self.people.held:
            yield desk

    def _missing(
        self, process: ProcessDefinition, field_name: str, ends: Ends
    ) -> tuple[tuple[Desk, ...], int]:
        """Desks of the process where nobody sits, and how many desks it has."""
        key = (process.digest, field_name, ends)
        found = self.empty.get(key)
        if found is None:
            router = Router(
                receiving_unit_id=ends.receiving_id,
                returning_unit_id=ends.returning_id,
                competent_agency_id=ends.deciding_id,
                field_name=field_name,
            )
            performers = (router(step) for step in process.steps)
            desks = {(performer.unit_id, performer.role) for performer in performers}
            self.needed |= desks
            found = self.empty[key] = tuple(sorted(desks - self.people.held.keys())), len(desks)
        return found

    def _nobody(self, unit_id: int, role: str, code: str, _at: str) -> None:
        unit = organisation.unit(unit_id)
        self.findings.add(
            FailureKind.NOBODY,
            msg(
                "%(unit)s: chưa có ai giữ vai trò %(role)s.",
                unit=unit.full_name or unit.name,
                role=msg(str(dict(Role.choices).get(role, role))),
            ),
            Where(unit_id=unit_id, role=role),
            code=code,
        )

    def _settings(self, tried: Tried, where: Where) -> None:
        """Configured letters exist, and so do forms where the procedure's own papers name theirs.

        A procedure whose papers are not known in detail takes the number its decision gives: nothing here knows better.
        """
        configuration = tried.configuration
        asked = {paper.form_code for paper in configuration.definition.papers} - {""}
        for form in configuration.forms:
            if form.value and asked and form.value not in asked and not self.world.has_form(form.value):
                self.findings.add(
                    FailureKind.FORM,
                    msg("%(code)s: không có mẫu đơn “%(form)s”.", code=tried.code, form=form.value),
                    Where(where.procedure_id, where.line_id, form.agency_id, form.case_key),
                    code=tried.code,
                )
        for letters in configuration.letters:
            for purpose, kind in letters.value.items():
                if not _letter_exists(kind):
                    self.findings.add(
                        FailureKind.LETTER,
                        msg(
                            "Không có loại văn bản “%(kind)s” (dùng cho %(purpose)s).",
                            kind=kind,
                            purpose=purpose,
                        ),
                        Where(unit_id=letters.agency_id),
                        code=tried.code,
                    )

    def _replay(self, stored: Sequence[GoldenInfo], tried: Tried, where: Where, *, confirmed: bool) -> None:
        """Stored golden dossiers against what is configured now. Generated ones of this very version are only
        compared where a person has confirmed them: the others were made of it.
        """
        said = self._said(tried.line)
        for one in stored:
            if confirmed and tried.line is not None and not one.confirmed:
                continue
            given, expected = Given.from_dict(one.given), Expected.from_dict(one.expected)
            self.trials += 1
            differences = compare(expected, expect(tried.configuration, given, self.world))
            kind, sentence = FailureKind.GOLDEN, wrong_result
            if not confirmed:
                differences = unexplained(differences, said)
                kind, sentence = FailureKind.SILENT, silent_change
            for difference in differences:
                failure = self.findings.add(
                    kind,
                    msg("%(code)s: %(what)s", code=tried.code, what=sentence(_in_words(difference))),
                    Where(where.procedure_id, where.line_id),
                    code=tried.code,
                )
                if confirmed and len(failure.golden) < MOST_GOLDEN:
                    said_now = shown(difference.part, difference.found)
                    failure.golden.append((one.id, difference.part, said_now))

    def _said(self, line: RehearsedLine | None) -> Said:
        if line is None:
            return Said(frozenset())
        whole = line.action in (ChangeAction.NEW, ChangeAction.REPLACED)
        said = line.said
        if line.action is ChangeAction.LEVEL_MOVED:
            said |= {"levels", "settings.rules", "settings.processes"}
        if line.action is ChangeAction.REDELEGATED:
            said |= {"settings.rules"}
        if line.action is ChangeAction.PROCESS or self.kind is ChangeKind.INTERNAL_PROCESS:
            said |= {"settings.processes"}
        if self.kind is ChangeKind.NON_TERRITORIAL:
            said |= {"boundary_free", "settings.rules"}
        return Said(said - LEGAL if self.kind is ChangeKind.CONFIGURATION else said, everything=whole)


def _letter_exists(kind: str) -> bool:
    try:
        documents.letter_kind(kind)
    except UnknownLetterKind:
        return False
    return True


def _in_words(difference: Difference) -> Difference:
    """The way of a dossier step by step as people call them; other parts have their words already."""
    if difference.part != "route":
        return difference
    return replace(difference, expected=route_lines(difference.expected), found=route_lines(difference.found))
