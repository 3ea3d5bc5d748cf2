"""The public door for writing: everything people do with a dossier."""

from motcua.dossiers.actions.awaiting import await_payment, payment_done
from motcua.dossiers.actions.billing import assess_fees, bill_dossier
from motcua.dossiers.actions.bulk import BULK_ACTS, Target, bulk
from motcua.dossiers.actions.change import change_case, extend_deadline, stop_dossier
from motcua.dossiers.actions.consult import answer_consultation, request_consultation, withdraw_consultation
from motcua.dossiers.actions.papers import (
    attach_file,
    open_attachment,
    print_letter,
    print_with_receipts,
    sign_letter,
)
from motcua.dossiers.actions.process import StepDone, claim_task, complete_step, reassign_task, take_back
from motcua.dossiers.actions.receive import (
    Received,
    SupplementItem,
    receive_after_intake,
    receive_dossier,
    refuse_reception,
    request_intake_supplement,
)
from motcua.dossiers.actions.recompute import recompute_deadlines
from motcua.dossiers.actions.refund_proposals import ask_for_refund, dismiss_refund
from motcua.dossiers.actions.results import hand_over_result, record_result
from motcua.dossiers.actions.supplement import SupplementDone, register_supplement, request_supplement
from motcua.dossiers.actions.taken_back import payment_taken_back

__all__ = [
    "BULK_ACTS",
    "Received",
    "StepDone",
    "SupplementDone",
    "SupplementItem",
    "Target",
    "answer_consultation",
    "ask_for_refund",
    "assess_fees",
    "attach_file",
    "await_payment",
    "bill_dossier",
    "bulk",
    "change_case",
    "claim_task",
    "complete_step",
    "dismiss_refund",
    "extend_deadline",
    "hand_over_result",
    "open_attachment",
    "payment_done",
    "payment_taken_back",
    "print_letter",
    "print_with_receipts",
    "reassign_task",
    "receive_after_intake",
    "receive_dossier",
    "recompute_deadlines",
    "record_result",
    "refuse_reception",
    "register_supplement",
    "request_consultation",
    "request_intake_supplement",
    "request_supplement",
    "sign_letter",
    "stop_dossier",
    "take_back",
    "withdraw_consultation",
]
