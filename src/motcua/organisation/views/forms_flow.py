"""The one way a form is shown, checked, acted on and shown again with everything typed still there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from motcua.kernel.errors import NotAllowed, NotFound, Refused

# Names of action arguments and the form fields people see for them.
FIELD_NAMES = {"user_id": "person", "delegate_id": "person"}


def form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    template: str,
    context: Mapping[str, Any],
    done: str,
    done_url: str,
) -> HttpResponse:
    """Show the form; on a good POST call `act` with its values, say `done` and go to `done_url`.

    Refusals come back at their field with status 422; refusals of the whole page (403, 404) are raised.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect(done_url)
    return render(
        request,
        template,
        {**context, "form": form, "cancel_url": done_url},
        status=422 if form.is_bound else 200,
    )


def add_refusal(form: forms.Form, refusal: Refused) -> None:
    """Put a refusal at the field it names, or above the form."""
    name = FIELD_NAMES.get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, refusal.message.render())
