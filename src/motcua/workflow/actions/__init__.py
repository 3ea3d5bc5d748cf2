"""The public door for writing.

Publishing is audited here. The acts on runs are parts of a dossier's act: they run inside its transaction, on
rows it has locked, after its permission check, and the dossier writes the audit entry.
"""

from motcua.workflow.actions.branch import change_version
from motcua.workflow.actions.consult import add_consultation, answer_consultation, withdraw_consultation
from motcua.workflow.actions.images import image_of, restore_run
from motcua.workflow.actions.perform import claim_task, reassign_task, send_back, shift_open_tasks, take_back
from motcua.workflow.actions.publish import ImportResult, import_processes, publish_process
from motcua.workflow.actions.run import cancel_run, complete_task, start_run

__all__ = [
    "ImportResult",
    "add_consultation",
    "answer_consultation",
    "cancel_run",
    "change_version",
    "claim_task",
    "complete_task",
    "image_of",
    "import_processes",
    "publish_process",
    "reassign_task",
    "restore_run",
    "send_back",
    "shift_open_tasks",
    "start_run",
    "take_back",
    "withdraw_consultation",
]
