"""What receiving a dossier refuses in ways a screen answers differently."""

from __future__ import annotations

from motcua.catalogue.rules.differences import Difference
from motcua.kernel.errors import Conflict
from motcua.kernel.messages import Message


class VersionChanged(Conflict):
    """The form was filled in under a version that does not stand when it is saved; `standing` is the one that does.

    Nothing was written. Sent again with that version the dossier is received; `changes` say what is different.
    `since` is when the rules changed, or with `early` when the chosen version will begin; `withdrawn`: the decision
    that brought the chosen one was undone.
    """

    code = "version_changed"

    def __init__(
        self,
        message: Message,
        *,
        standing: int,
        since: str,
        changes: tuple[Difference, ...],
        early: bool = False,
        withdrawn: bool = False,
    ) -> None:
        super().__init__(message, field="procedure_version_id")
        self.standing = standing
        self.since = since
        self.early = early
        self.withdrawn = withdrawn
        self.changes = changes
