"""Dossiers under way when a decision changes their procedure: applied, taken back, chosen by the applicant."""

from motcua.dossiers.actions.moving.batches import MOVE, move_some, run_batch, start_moving
from motcua.dossiers.actions.moving.choices import record_choice
from motcua.dossiers.actions.moving.exporting import export_dry_run
from motcua.dossiers.actions.moving.undoing import UNDO, run_undo, undo_change, undo_moving, undo_some

__all__ = [
    "MOVE",
    "UNDO",
    "export_dry_run",
    "move_some",
    "record_choice",
    "run_batch",
    "run_undo",
    "start_moving",
    "undo_change",
    "undo_moving",
    "undo_some",
]
