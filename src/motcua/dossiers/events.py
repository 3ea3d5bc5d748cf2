"""Facts about dossiers that others may act on. Ids and primitives only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """One dossier, at an instant, in its new status (national code)."""

    dossier_id: int
    code: str
    national_status: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DossierReceived(DossierEvent):
    name: ClassVar[str] = "dossiers.received"


@dataclass(frozen=True, slots=True)
class ReceptionRefused(DossierEvent):
    name: ClassVar[str] = "dossiers.refused"


@dataclass(frozen=True, slots=True)
class SupplementRequested(DossierEvent):
    name: ClassVar[str] = "dossiers.supplement_requested"


@dataclass(frozen=True, slots=True)
class SupplementRegistered(DossierEvent):
    name: ClassVar[str] = "dossiers.supplement_registered"


@dataclass(frozen=True, slots=True)
class StepCompleted(DossierEvent):
    step_key: str
    outcome: str
    name: ClassVar[str] = "dossiers.step_completed"


@dataclass(frozen=True, slots=True)
class StepTakenBack(DossierEvent):
    name: ClassVar[str] = "dossiers.step_taken_back"


@dataclass(frozen=True, slots=True)
class ConsultationRequested(DossierEvent):
    unit_ids: tuple[int, ...]
    name: ClassVar[str] = "dossiers.consultation_requested"


@dataclass(frozen=True, slots=True)
class ConsultationAnswered(DossierEvent):
    name: ClassVar[str] = "dossiers.consultation_answered"


@dataclass(frozen=True, slots=True)
class ConsultationWithdrawn(DossierEvent):
    name: ClassVar[str] = "dossiers.consultation_withdrawn"


@dataclass(frozen=True, slots=True)
class PaymentAwaited(DossierEvent):
    owed: int
    name: ClassVar[str] = "dossiers.payment_awaited"


@dataclass(frozen=True, slots=True)
class PaymentSettled(DossierEvent):
    """What processing waited for was paid; it goes on."""

    name: ClassVar[str] = "dossiers.payment_settled"


@dataclass(frozen=True, slots=True)
class CaseChanged(DossierEvent):
    name: ClassVar[str] = "dossiers.case_changed"


@dataclass(frozen=True, slots=True)
class DeadlineExtended(DossierEvent):
    name: ClassVar[str] = "dossiers.deadline_extended"


@dataclass(frozen=True, slots=True)
class DeadlineMoved(DossierEvent):
    name: ClassVar[str] = "dossiers.deadline_moved"


@dataclass(frozen=True, slots=True)
class DossierStopped(DossierEvent):
    name: ClassVar[str] = "dossiers.stopped"


@dataclass(frozen=True, slots=True)
class ResultRecorded(DossierEvent):
    name: ClassVar[str] = "dossiers.result_recorded"


@dataclass(frozen=True, slots=True)
class ResultHandedOver(DossierEvent):
    name: ClassVar[str] = "dossiers.result_handed_over"


@dataclass(frozen=True, slots=True)
class MovedByDecision(DossierEvent):
    """A decision changed the procedure and something about the dossier with it (not only its timeline)."""

    name: ClassVar[str] = "dossiers.moved_by_decision"


@dataclass(frozen=True, slots=True)
class MoveUndone(DossierEvent):
    name: ClassVar[str] = "dossiers.move_undone"
