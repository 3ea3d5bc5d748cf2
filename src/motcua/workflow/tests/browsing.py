"""A browser without script on the pages of drafts: what it would post, and where."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.test import Client

from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.organisation import queries as organisation
from motcua.workflow.models import ProcessDraft
from motcua.workflow.tests.desks import of


def browser(name: str, agency: int, role: str) -> Client:
    user = apps.get_model("kernel", "User").objects.create(username=name, full_name=name.title())
    post = apps.get_model("organisation", "Post")
    post.objects.create(user_id=user.pk, unit_id=agency, role=role, title=role, starts_on="2025-01-01")
    client = Client()
    client.force_login(user)
    return client


def actor(client: Client) -> Actor:
    user = apps.get_model("kernel", "User").objects.get(pk=client.session["_auth_user_id"])
    return organisation.actor_for(user, clock.now())


def fields_of(page: str) -> dict[str, str]:
    """What a browser would post of the editor's form, as the page has it."""
    form = page[page.index('id="soan"') :]
    form = form[: form.index("</form>")]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = plain(value[1] if value else "")
    for name_, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name_] = plain(text)
    for name_, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name_] = plain(chosen[1] if chosen else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def plain(text: str) -> str:
    for entity, char in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def path(draft: ProcessDraft, rest: str = "") -> str:
    return f"/quy-trinh/soan/{draft.pk}/{rest}"


def open_editor(client: Client, draft: ProcessDraft) -> dict[str, str]:
    return fields_of(client.get(path(draft)).content.decode())


def post(client: Client, draft: ProcessDraft, act: str, fields: dict[str, str], **changed: str) -> Any:
    return client.post(
        path(draft), {**fields, **{k.replace("__", "-"): v for k, v in changed.items()}, "act": act}
    )


def order(draft: ProcessDraft) -> list[str]:
    return [step.key for step in of(draft).steps]
