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
from motcua.dossiers.models.money import FeeAssessment, RefundProposal, TakenBack
from motcua.dossiers.models.moves import DossierChange, MoveBatch, MoveState
from motcua.dossiers.models.succession import UnitMove

__all__ = [
    "Attachment",
    "ClockEvent",
    "Dossier",
    "DossierChange",
    "DossierPaper",
    "FeeAssessment",
    "HandOver",
    "MoveBatch",
    "MoveState",
    "Party",
    "RefundProposal",
    "Result",
    "Supplement",
    "TakenBack",
    "UnitMove",
]
