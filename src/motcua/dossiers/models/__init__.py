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

__all__ = ["Attachment", "ClockEvent", "Dossier", "DossierPaper", "HandOver", "Party", "Result", "Supplement"]
