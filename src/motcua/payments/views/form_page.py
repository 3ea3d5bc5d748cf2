"""A page that is one form and one act: what is said of collecting units, accounts and books of receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from motcua.kernel.errors import NotAllowed, NotFound, Refused
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.forms import refuse_at


def form_page(
    request: ActorRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    back: str,
    crumbs: list[dict[str, str]],
    title: str,
    submit: str,
    done: str,
    submit_kind: str = "primary",
    eyebrow: str = "",
    lead: str = "",
) -> HttpResponse:
    """Show the form; on a good POST act, say `done` and go `back`. Refusals land at their field."""
    if request.method == "POST" and form.is_valid():
        try:
            act(dict(form.cleaned_data))
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            refuse_at(form, refusal)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form,
        "title": title,
        "eyebrow": eyebrow,
        "lead": lead,
        "crumbs": crumbs,
        "submit": submit,
        "submit_kind": submit_kind,
        "cancel_url": back,
    }
    return render(request, "payments/form.html", context, status=422 if form.is_bound else 200)
