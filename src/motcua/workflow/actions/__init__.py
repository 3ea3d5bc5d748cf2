"""The public door for writing.

Publishing is audited here. The acts on runs are parts of a dossier's act: they run inside its transaction, on
rows it has locked, after its permission check, and the dossier writes the audit entry.
"""

from motcua.workflow.actions.approval import discard_draft, publish_draft, return_draft, submit_draft
from motcua.workflow.actions.branch import change_version
from motcua.workflow.actions.consult import add_consultation, answer_consultation, withdraw_consultation
from motcua.workflow.actions.drafts import (
    draft_from_bpmn,
    draft_from_table,
    draft_from_template,
    draft_from_version,
    save_draft,
    undo_draft,
)
from motcua.workflow.actions.images import image_of, restore_run
from motcua.workflow.actions.perform import claim_task, reassign_task, send_back, shift_open_tasks, take_back
from motcua.workflow.actions.publish import ImportResult, import_processes, publish_process
from motcua.workflow.actions.run import cancel_run, complete_task, start_run
from motcua.workflow.actions.succession import hand_over_runs, hand_over_tasks, put_tasks_back

__all__ = [
    "ImportResult",
    "add_consultation",
    "answer_consultation",
    "cancel_run",
    "change_version",
    "claim_task",
    "complete_task",
    "discard_draft",
    "draft_from_bpmn",
    "draft_from_table",
    "draft_from_template",
    "draft_from_version",
    "hand_over_runs",
    "hand_over_tasks",
    "image_of",
    "import_processes",
    "publish_draft",
    "publish_process",
    "put_tasks_back",
    "reassign_task",
    "restore_run",
    "return_draft",
    "save_draft",
    "send_back",
    "shift_open_tasks",
    "start_run",
    "submit_draft",
    "take_back",
    "undo_draft",
    "withdraw_consultation",
]
