"""The form of each act. Choices come from the page; nothing here asks the database."""

from __future__ import annotations

from motcua.dossiers.form_parts import ActForm
from motcua.dossiers.forms_course import AttachForm, ChangeCaseForm, ExtendForm, ResultForm, StopForm
from motcua.dossiers.forms_money import AssessFeesForm, AwaitPaymentForm, PaymentDoneForm
from motcua.dossiers.forms_papers import IntakeForm, RegisterSupplementForm, SupplementForm
from motcua.dossiers.forms_step import (
    AnswerForm,
    ClaimForm,
    CompleteForm,
    ConsultForm,
    ReassignForm,
    TakeBackForm,
    WithdrawConsultationForm,
)
from motcua.dossiers.types import Act

FORMS: dict[Act, type[ActForm]] = {
    form.act: form
    for form in (
        CompleteForm,
        SupplementForm,
        RegisterSupplementForm,
        IntakeForm,
        ConsultForm,
        AnswerForm,
        WithdrawConsultationForm,
        ReassignForm,
        ClaimForm,
        TakeBackForm,
        ChangeCaseForm,
        ExtendForm,
        StopForm,
        ResultForm,
        AttachForm,
        AssessFeesForm,
        AwaitPaymentForm,
        PaymentDoneForm,
    )
}
