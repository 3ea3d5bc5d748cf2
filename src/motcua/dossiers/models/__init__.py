"""The dossier's tables."""

from motcua.dossiers.models.dossier import (
    Attachment,
    ClockEvent,
    Dossier,
    DossierPaper,
    HandOver,
    Party,
    Result,
    Supplement,
)
from motcua.dossiers.models.moves import DossierChange, MoveBatch, MoveState
from motcua.dossiers.models.succession import UnitMove

__all__ = [
    "Attachment",
    "ClockEvent",
    "Dossier",
    "DossierChange",
    "DossierPaper",
    "HandOver",
    "MoveBatch",
    "MoveState",
    "Party",
    "Result",
    "Supplement",
    "UnitMove",
]
