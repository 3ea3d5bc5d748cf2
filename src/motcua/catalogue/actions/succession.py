"""Rules of competence, processes and settings follow the succession of the units they name.

Part of `organisation.carry_out_succession`, in its transaction and after its permission check. A row ends at the
instant of effect and one for the successor begins; what was before is kept for the undo.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from motcua.catalogue.actions.changes.configuring import TABLES
from motcua.catalogue.models import ConfigurationMove, ProcedureSetting, ProcedureVersion
from motcua.catalogue.snapshot import touch
from motcua.catalogue.types_changes import ChangeState, SettingKey
from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.messages import Message, msg
from motcua.organisation.actions import Followed, Moves
from motcua.organisation.rules.succession import Problem

UNIT: Mapping[str, str] = {"rule": "deciding_unit_id", "binding": "agency_id", "setting": "agency_id"}
"""The column of each table that names a unit."""
KEY: Mapping[str, tuple[str, ...]] = {
    "rule": ("procedure_id", "field_name", "ministry", "level"),
    "binding": ("procedure_id", "case_key", "level", "agency_id"),
    "setting": ("procedure_id", "agency_id", "case_key", "key"),
}
"""What two rows must differ in to stand together."""
SAYS: Mapping[str, str] = {"rule": "deciding_unit_id", "binding": "process_version_id", "setting": "value"}
WORDS: Mapping[str, Message] = {
    "rule": msg("quy tắc thẩm quyền"),
    "binding": msg("quy trình"),
    "setting": msg("cấu hình"),
}


class CatalogueFollower:
    """Registered with the organisation when the app is ready."""

    def move(self, *, actor: Actor, moves: Moves, now: datetime) -> Followed:
        """Let everything that names a succeeded unit name its successor. A unit nobody takes over is a problem; where
        two units that become one had different processes or settings, one is kept and the report names both.
        """
        done = _Moving(moves)
        for table in TABLES:
            done.table(table)
        if done.made or done.followed.problems:
            touch()
        if done.made:
            n = len(done.made)
            done.followed.notes.append(
                msg("Danh mục: %(n)s quy tắc, quy trình và cấu hình đổi theo đơn vị kế thừa.", n=n)
            )
            audit.record(
                actor,
                "catalogue.configuration_moved",
                subject_type="succession",
                subject=moves.decision[:120],
                data={"rows": n},
                at=now,
            )
        return done.followed

    def hindrances(self, *, reference: int, unit_ids: Collection[int], since: datetime) -> list[Message]:
        """Decisions published since then that configure the new units."""
        found: set[str] = set()
        for table, model in TABLES.items():
            rows: Any = model._default_manager.filter(
                **{f"{UNIT[table]}__in": unit_ids},
                change_line__change_set__state=ChangeState.PUBLISHED.value,
                change_line__change_set__published_at__gte=since,
            )
            moved = ConfigurationMove.objects.filter(succession_id=reference, table=table)
            rows = rows.exclude(pk__in=moved.values("made"))
            found.update(rows.values_list("change_line__change_set__number", flat=True)[:5])
        return [
            msg("Quyết định %(number)s đã cấu hình cho đơn vị mới.", number=number)
            for number in sorted(found)
        ]

    def undo(self, *, actor: Actor, reference: int, decision: str, now: datetime) -> int:
        """Put every row back as it was."""
        moved = list(
            ConfigurationMove.objects.filter(succession_id=reference, undone_at__isnull=True).order_by("-pk")
        )
        for one in moved:
            rows: Any = TABLES[one.table]._default_manager
            if one.made is not None:
                rows.filter(pk=one.made).delete()
            rows.filter(pk=one.row).update(**_from_json(one.before))
        ConfigurationMove.objects.filter(pk__in=[one.pk for one in moved]).update(undone_at=now)
        if moved:
            touch()
        return len(moved)


@dataclass(slots=True)
class _Moving:
    """One succession while its rows are moved."""

    moves: Moves
    followed: Followed = field(default_factory=Followed)
    made: list[ConfigurationMove] = field(default_factory=list)

    def table(self, table: str) -> None:
        standing = Q(valid_to__isnull=True) | Q(valid_to__gt=self.moves.at)
        model: Any = TABLES[table]
        wanted = Q(**{f"{UNIT[table]}__in": self.moves.concerned()})
        if table == "setting":
            wanted |= Q(key__in=[SettingKey.RECEIVING.value, SettingKey.RETURNING.value])
        rows = list(model._default_manager.filter(standing, wanted).select_for_update().order_by("pk"))
        fields = _fields({row.procedure_id for row in rows} - {None}) if rows else {}
        taken = {_key(table, row): row for row in self._of_successors(model, table, standing, rows, fields)}
        for row in rows:
            values = self._values(
                table, row, getattr(row, "field_name", "") or fields.get(row.procedure_id, "")
            )
            if values:
                self._pass(table, row, values, taken)

    def _of_successors(
        self, model: Any, table: str, standing: Q, rows: list[Any], fields: Mapping[int, str]
    ) -> Iterator[Any]:
        """Rows that the units taking over have already."""
        if table == "rule":
            return
        heirs = {
            self._heir(getattr(row, UNIT[table]), fields.get(row.procedure_id, ""))
            for row in rows
            if getattr(row, UNIT[table]) in self.moves.concerned()
        }
        yield from model._default_manager.filter(standing, **{f"{UNIT[table]}__in": heirs - {None}})

    def _heir(self, unit_id: int, field_name: str) -> int | None:
        return self.moves.agency_for(unit_id, field_name)

    def _values(self, table: str, row: Any, field_name: str) -> dict[str, Any]:
        """The columns that change; nothing where the row stays, or where nobody takes over (told)."""
        found: dict[str, Any] = {}
        unit_id = getattr(row, UNIT[table])
        if unit_id in self.moves.concerned():
            heir = self._heir(unit_id, field_name)
            if heir is None:
                self._nobody(table, row, unit_id)
                return {}
            if heir != unit_id:
                found[UNIT[table]] = heir
        if isinstance(row, ProcedureSetting) and row.value:
            value = self._renamed(row)
            if value != row.value:
                found["value"] = value
        return found

    def _renamed(self, row: ProcedureSetting) -> Any:
        """The value with the codes of those who take over."""
        if row.key == SettingKey.RECEIVING.value:
            units = dict.fromkeys(self._code(code) for code in row.value.get("units", ()))
            return {**row.value, "units": list(units)}
        if row.key == SettingKey.RETURNING.value and "at" in row.value:
            return {**row.value, "at": self._code(row.value["at"])}
        return row.value

    def _code(self, code: str) -> str:
        unit_id = self.moves.ids.get(code)
        if unit_id is None or unit_id not in self.moves.concerned():
            return code
        heir = self.moves.unit_for(unit_id)
        return code if heir is None else self.moves.codes[heir]

    def _pass(
        self, table: str, row: Any, values: Mapping[str, Any], taken: dict[tuple[Any, ...], Any]
    ) -> None:
        before = {name: getattr(row, name) for name in values} | {"valid_to": _iso(row.valid_to)}
        rows: Any = TABLES[table]._default_manager
        wanted = _key(table, row, values)
        rival = taken.get(wanted)
        made = None
        if row.valid_from >= self.moves.at and rival is None:
            rows.filter(pk=row.pk).update(**values)  # it has not begun: it begins for the successor
        else:
            rows.filter(pk=row.pk).update(valid_to=max(self.moves.at, row.valid_from))
            if rival is None or rival.pk == row.pk:
                made = _copy(row, self.moves.at, values)
                made.save(force_insert=True)
            elif getattr(rival, SAYS[table]) != values.get(SAYS[table], getattr(row, SAYS[table])):
                self._rival(table, row, wanted)
        taken[wanted] = made or rival or row
        self.made.append(
            ConfigurationMove.objects.create(
                succession_id=self.moves.reference,
                table=table,
                row=row.pk,
                made=made.pk if made is not None else None,
                before=before,
            )
        )

    def _nobody(self, table: str, row: Any, unit_id: int) -> None:
        self.followed.problems.append(
            Problem(
                "",
                msg(
                    "%(what)s của thủ tục %(code)s giao cho %(unit)s, không đơn vị nào kế thừa.",
                    what=WORDS[table],
                    code=str(row.procedure or "*"),
                    unit=self.moves.name(unit_id),
                ),
            )
        )

    def _rival(self, table: str, row: Any, wanted: tuple[Any, ...]) -> None:
        self.followed.notes.append(
            msg(
                "Thủ tục %(code)s: %(what)s của %(unit)s khác với của đơn vị kế thừa nên không chuyển sang.",
                code=str(row.procedure or "*"),
                what=WORDS[table],
                unit=self.moves.name(getattr(row, UNIT[table])),
            )
        )


def _fields(procedure_ids: Collection[int]) -> dict[int, str]:
    rows = ProcedureVersion.objects.filter(procedure_id__in=procedure_ids, withdrawn_at__isnull=True)
    return dict(rows.order_by("number").values_list("procedure_id", "field__name"))


def _key(table: str, row: Any, values: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    own = ("rule", row.pk) if table == "rule" else ()
    return (*own, *((values or {}).get(name, getattr(row, name)) for name in KEY[table]))


def _copy(row: Any, at: datetime, values: Mapping[str, Any]) -> Any:
    columns = {
        column.attname: getattr(row, column.attname)
        for column in type(row)._meta.concrete_fields
        if not column.primary_key
    }
    return type(row)(**{**columns, **values, "valid_from": at})


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None


def _from_json(before: Mapping[str, Any]) -> dict[str, Any]:
    ends = before.get("valid_to")
    return {**before, "valid_to": datetime.fromisoformat(ends) if ends else None}
