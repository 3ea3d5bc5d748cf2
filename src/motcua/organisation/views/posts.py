"""Posts and delegations: opening, closing, giving, ending."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.kernel import clock
from motcua.kernel.http import ActorRequest
from motcua.kernel.web.access import signed_in
from motcua.organisation import actions, queries
from motcua.organisation.forms import ClosePostForm, DelegationForm, PersonForm, PostForm, RevokeForm
from motcua.organisation.types import Role
from motcua.organisation.views.forms_flow import form_page
from motcua.organisation.views.units import crumbs


@signed_in
@require_http_methods(["GET", "POST"])
def open_post(request: ActorRequest, code: str) -> HttpResponse:
    """Give a person a role in a unit."""
    shown = queries.unit_to_manage(actor=request.actor, code=code)
    now = clock.now()
    form = PostForm(request.POST or None, initial={"starts_on": clock.today(now)})
    _look_up(form, request)

    def act(values: dict[str, Any]) -> object:
        person = form.found
        assert person is not None
        values.pop("person")
        return actions.open_post(actor=request.actor, now=now, user_id=person.id, unit_id=shown.id, **values)

    return form_page(
        request,
        form,
        act,
        template="organisation/form.html",
        context={
            "title": _("Thêm vị trí"),
            "eyebrow": shown.full_name,
            "crumbs": crumbs(shown, _("Thêm vị trí")),
            "submit": _("Thêm vị trí"),
            "people": queries.people(),
        },
        done=_("Đã thêm vị trí tại %(unit)s.") % {"unit": shown.name},
        done_url=reverse("organisation:unit", args=[code]),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def close_post(request: ActorRequest, post_id: int) -> HttpResponse:
    """End a post."""
    now = clock.now()
    post = queries.post_to_manage(actor=request.actor, post_id=post_id, today=clock.today(now))
    return form_page(
        request,
        ClosePostForm(request.POST or None, initial={"ends_on": clock.today(now)}),
        lambda values: actions.close_post(actor=request.actor, now=now, post_id=post_id, **values),
        template="organisation/form.html",
        context={
            "title": _("Kết thúc vị trí của %(person)s") % {"person": post.person},
            "eyebrow": f"{post.title}, {post.unit.full_name}",
            "crumbs": crumbs(post.unit, _("Kết thúc vị trí")),
            "submit": _("Kết thúc vị trí"),
            "submit_kind": "danger",
            "note": _("Các ủy quyền từ vị trí này cũng hết hiệu lực theo."),
        },
        done=_("Đã kết thúc vị trí của %(person)s.") % {"person": post.person},
        done_url=reverse("organisation:unit", args=[post.unit.code]),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def delegate(request: ActorRequest, post_id: int) -> HttpResponse:
    """Let somebody else act in a post for some days."""
    now = clock.now()
    post = queries.post_to_manage(actor=request.actor, post_id=post_id, today=clock.today(now))
    form = DelegationForm(
        request.POST or None,
        initial={"starts_on": clock.today(now)},
        roles=[(role.value, str(role.label)) for role in actions.delegable_roles(post.role)],
    )
    _look_up(form, request)

    def act(values: dict[str, Any]) -> object:
        person = form.found
        assert person is not None
        values.pop("person")
        return actions.delegate(
            actor=request.actor, now=now, post_id=post_id, delegate_id=person.id, **values
        )

    return form_page(
        request,
        form,
        act,
        template="organisation/form.html",
        context={
            "title": _("Ủy quyền của %(person)s") % {"person": post.person},
            "eyebrow": f"{post.title}, {post.unit.full_name}",
            "crumbs": crumbs(post.unit, _("Ủy quyền")),
            "submit": _("Lưu ủy quyền"),
            "people": queries.people(),
        },
        done=_("Đã lưu ủy quyền của %(person)s.") % {"person": post.person},
        done_url=reverse("organisation:unit", args=[post.unit.code]),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def revoke_delegation(request: ActorRequest, delegation_id: int) -> HttpResponse:
    """End a delegation before its last day."""
    now = clock.now()
    row, home = queries.delegation_to_manage(
        actor=request.actor, delegation_id=delegation_id, today=clock.today(now)
    )
    return form_page(
        request,
        RevokeForm(request.POST or None),
        lambda values: actions.revoke_delegation(
            actor=request.actor, now=now, delegation_id=delegation_id, **values
        ),
        template="organisation/form.html",
        context={
            "title": _("Chấm dứt ủy quyền cho %(person)s") % {"person": row.to_person},
            "eyebrow": f"{Role(row.role).label}, {home.full_name}",
            "crumbs": crumbs(home, _("Chấm dứt ủy quyền")),
            "submit": _("Chấm dứt ngay"),
            "submit_kind": "danger",
        },
        done=_("Đã chấm dứt ủy quyền cho %(person)s.") % {"person": row.to_person},
        done_url=reverse("organisation:unit", args=[home.code]),
    )


def _look_up(form: PersonForm, request: ActorRequest) -> None:
    if form.is_bound:
        form.found = queries.person_by_username(request.POST.get("person", "")[:64])
