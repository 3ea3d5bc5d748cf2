"""Taking hold of a change-set, and of the catalogue, before something is written."""

from __future__ import annotations

from collections.abc import Iterable

from motcua.catalogue.errors import EditedMeanwhile, UnknownChangeSet, WrongState
from motcua.catalogue.models import CatalogueState, ChangeSet
from motcua.catalogue.queries.changes import fields_of as stored_fields
from motcua.catalogue.types import ProcedureDefinition
from motcua.catalogue.types_changes import ChangeState
from motcua.kernel.messages import Message, msg

STATES: dict[ChangeState, Message] = {
    ChangeState.DRAFT: msg("đang soạn"),
    ChangeState.APPROVED: msg("đã duyệt"),
    ChangeState.PUBLISHED: msg("đã công bố"),
    ChangeState.UNDONE: msg("đã hoàn tác"),
    ChangeState.DISCARDED: msg("đã bỏ"),
}


def lock_catalogue() -> None:
    """Hold the one row that says the catalogue changes: publications and undoings wait for each other here."""
    if CatalogueState.objects.select_for_update().filter(pk=1).first() is None:
        CatalogueState.objects.get_or_create(pk=1)
        CatalogueState.objects.select_for_update().get(pk=1)


def lock_change_set(change_set_id: int) -> ChangeSet:
    """The change-set, locked until the end of the transaction. Raises `UnknownChangeSet` (404)."""
    row = ChangeSet.objects.select_for_update().filter(pk=change_set_id).first()
    if row is None:
        raise UnknownChangeSet(msg("Không có gói thay đổi này."))
    return row


def require_state(row: ChangeSet, *states: ChangeState) -> None:
    """Raise `WrongState` unless the change-set is in one of the states."""
    if ChangeState(row.state) not in states:
        raise WrongState(
            msg(
                "Gói %(number)s %(state)s nên không làm được việc này.",
                number=row.number,
                state=STATES[ChangeState(row.state)],
            )
        )


def require_revision(row: ChangeSet, revision: int) -> None:
    """Raise `EditedMeanwhile` if somebody changed the draft since revision `revision` was shown."""
    if row.revision != revision:
        raise EditedMeanwhile(
            msg(
                "Người khác đã sửa gói %(number)s trong lúc bạn soạn. Xem chỗ khác nhau rồi lưu lại.",
                number=row.number,
            ),
            field="revision",
        )


def fields_of(source: ChangeSet | Iterable[ProcedureDefinition]) -> frozenset[tuple[str, str]]:
    """The fields of administration, each with its ministry, that a change-set or contents touch."""
    if isinstance(source, ChangeSet):
        return stored_fields(source.pk)
    return frozenset((content.field, content.ministry) for content in source)
