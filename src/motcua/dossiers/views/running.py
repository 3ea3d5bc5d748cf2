"""From a valid form to the one action it stands for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from motcua.dossiers import actions
from motcua.dossiers.form_parts import ActForm
from motcua.dossiers.queries_page_acts import ON_TASK, ActPage
from motcua.dossiers.types import Act
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Refused

_ACTIONS: dict[Act, Callable[..., Any]] = {
    Act.COMPLETE_STEP: actions.complete_step,
    Act.REQUEST_SUPPLEMENT: actions.request_supplement,
    Act.REGISTER_SUPPLEMENT: actions.register_supplement,
    Act.RECEIVE: actions.receive_after_intake,
    Act.CONSULT: actions.request_consultation,
    Act.ANSWER: actions.answer_consultation,
    Act.WITHDRAW_CONSULTATION: actions.withdraw_consultation,
    Act.REASSIGN: actions.reassign_task,
    Act.CLAIM: actions.claim_task,
    Act.TAKE_BACK: actions.take_back,
    Act.CHANGE_CASE: actions.change_case,
    Act.EXTEND: actions.extend_deadline,
    Act.RECORD_RESULT: actions.record_result,
    Act.ATTACH: actions.attach_file,
    Act.ASSESS_FEES: actions.assess_fees,
    Act.AWAIT_PAYMENT: actions.await_payment,
    Act.PAYMENT_DONE: actions.payment_done,
    Act.STOP: actions.stop_dossier,
}


def run(actor: Actor, page: ActPage, form: ActForm, now: datetime) -> int | None:
    """Do the act; the id of the letter it issued, if it did. Raises what the action refuses with.

    A result and its file are one thing to the officer: a file that is refused takes the result back with it.
    """
    given = form.arguments()
    if page.act in ON_TASK and page.task is not None:
        given["task_id"] = page.task.pk
    if page.act is Act.ATTACH:
        given |= _uploaded(form.cleaned_data["file"])
    with transaction.atomic():
        result_file = form.cleaned_data.get("result_file")
        if result_file is not None:  # first, while the step is still this person's
            _attach_result(actor, page, result_file, now)
        done = _ACTIONS[page.act](actor=actor, code=page.dossier.code, now=now, **given)
    letter = getattr(done, "letter", None)
    return letter.pk if letter is not None else None


def _attach_result(actor: Actor, page: ActPage, uploaded: UploadedFile[Any], now: datetime) -> None:
    try:
        actions.attach_file(
            actor=actor, code=page.dossier.code, kind="result", now=now, **_uploaded(uploaded)
        )
    except Refused as refusal:
        refusal.field = "result_file"
        raise


def _uploaded(uploaded: UploadedFile[Any]) -> dict[str, Any]:
    return {"content": uploaded.file, "name": uploaded.name or ""}
