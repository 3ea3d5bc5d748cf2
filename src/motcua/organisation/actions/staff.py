"""Many posts at once: a staff list, the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.kernel import audit
from motcua.kernel.actor import Actor
from motcua.kernel.text import nfc
from motcua.organisation import snapshot
from motcua.organisation.models import Post
from motcua.organisation.permissions import require_manage_unit


@dataclass(frozen=True, slots=True)
class NewPost:
    user_id: int
    unit_id: int
    role: str
    title: str
    starts_on: date


@transaction.atomic
def open_posts(*, actor: Actor, posts: Sequence[NewPost], now: datetime) -> int:
    """Open all posts or none, with one entry in the audit log for the whole list. Returns how many."""
    units = snapshot.current().units
    for unit_id in {post.unit_id for post in posts}:
        require_manage_unit(actor, units[unit_id])
    made = Post.objects.bulk_create(
        Post(
            user_id=post.user_id,
            unit_id=post.unit_id,
            role=post.role,
            title=nfc(post.title),
            starts_on=post.starts_on,
        )
        for post in posts
    )
    snapshot.touch()
    said = {"posts": [[post.user_id, units[post.unit_id].code, post.role] for post in posts]}
    audit.record(
        actor,
        "organisation.posts_opened",
        subject_type="post",
        subject=f"{len(made)} posts",
        data=said,
        at=now,
    )
    return len(made)
