"""Which part of an agency works on a field (lĩnh vực), and which provincial agency handles it.

Names of fields are compared without accents and case: sources spell the same field in several ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motcua.kernel.text import fold

OFFICE, SPECIALIST = "office", "specialist"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """Who handles a field: a provincial agency's code (None: an agency outside the province's own), the
    function of its division, the function of the commune's division."""

    department: str | None
    division: str
    commune: str


@dataclass(frozen=True, slots=True)
class FieldTable:
    """`data/field_divisions.json`: rows by field, by field and ministry code, and by ministry."""

    rows: Mapping[tuple[str, str], FieldRow]
    ministry_codes: Mapping[str, FieldRow]
    ministries: Mapping[str, FieldRow]
    commune_default: str
    fallback_department: str

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FieldTable:
        rows = {
            (fold(row["field"]), row.get("ministry_code", "")): FieldRow(
                row["department"], row["division"], row["commune"]
            )
            for row in data["fields"]
        }
        ministries = [
            (row["code"], fold(row["name"]), FieldRow(row["department"], "", row["commune"]))
            for row in data["ministries"]
        ]
        return cls(
            rows=rows,
            ministry_codes={code: row for code, _name, row in ministries if code},
            ministries={name: row for _code, name, row in ministries},
            commune_default=data["commune_default"],
            fallback_department=data["fallback_department"],
        )

    def find(
        self, field_name: str, *, ministry_code: str = "", ministry: str = ""
    ) -> tuple[FieldRow | None, str]:
        """The row, and "field" or "ministry" by which it was found; (None, "fallback") if by neither."""
        name = fold(field_name)
        row = self.rows.get((name, ministry_code)) or self.rows.get((name, ""))
        if row is not None:
            return row, "field"
        row = self.ministry_codes.get(ministry_code) or self.ministries.get(fold(ministry))
        return (row, "ministry") if row is not None else (None, "fallback")

    def department(self, field_name: str, *, ministry_code: str = "", ministry: str = "") -> tuple[str, str]:
        """The code of the provincial agency and "field", "ministry" or "fallback"."""
        row, matched_by = self.find(field_name, ministry_code=ministry_code, ministry=ministry)
        if row is None or row.department is None:
            return self.fallback_department, "fallback"
        return row.department, matched_by

    def division_functions(self, field_name: str, *, commune: bool) -> tuple[str, ...]:
        """Functions of divisions to try, in order."""
        row, _matched_by = self.find(field_name)
        if commune:
            first = row.commune if row else ""
            return tuple(dict.fromkeys(f for f in (first, self.commune_default) if f))
        first = row.division if row else ""
        return tuple(dict.fromkeys(f for f in (first, SPECIALIST, OFFICE) if f))
