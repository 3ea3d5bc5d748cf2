"""Dossiers under way when a decision changes their procedure: applied, taken back, chosen by the applicant."""

from motcua.dossiers.actions.moving.batches import (
    MOVE,
    TELL,
    move_some,
    run_batch,
    start_moving,
    tell_those_who_finish,
)
from motcua.dossiers.actions.moving.choices import record_choice
from motcua.dossiers.actions.moving.exporting import export_dry_run
from motcua.dossiers.actions.moving.undoing import UNDO, run_undo, undo_change, undo_moving, undo_some

__all__ = [
    "MOVE",
    "TELL",
    "UNDO",
    "export_dry_run",
    "move_some",
    "record_choice",
    "run_batch",
    "run_undo",
    "start_moving",
    "tell_those_who_finish",
    "undo_change",
    "undo_moving",
    "undo_some",
]
