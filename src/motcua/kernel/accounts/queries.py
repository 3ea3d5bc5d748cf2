"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from motcua.kernel.accounts.models import User
from motcua.kernel.text import nfc

DEMO_PASSWORD = "motcua-demo"  # noqa: S105 - printed on the sign-in page; a production start refuses demo accounts


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    full_name: str
    about: str
    group: str
    password: str


def demo_accounts() -> list[DemoAccount]:
    """The accounts shown on the sign-in page, those of a group together; none outside demo mode."""
    if not settings.DEMO:
        return []
    asked = User.objects.filter(is_demo=True, is_active=True).exclude(demo_about="")
    rows = list(asked.order_by("demo_order", "id")[:60])
    groups = list(dict.fromkeys(row.demo_group for row in rows))
    return [
        DemoAccount(
            username=row.username,
            full_name=row.full_name,
            about=": ".join(gettext(part) for part in row.demo_about.split(": ")),
            group=gettext(row.demo_group) if row.demo_group else "",
            password=DEMO_PASSWORD,
        )
        for row in sorted(rows, key=lambda row: groups.index(row.demo_group))
    ]


def has_demo_accounts() -> bool:
    """Whether demo accounts exist at all; a production start refuses them."""
    return User.objects.filter(is_demo=True).exists()


def names(user_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id (one statement; none for no ids)."""
    wanted = sorted(set(user_ids))
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "full_name")) if wanted else {}


def usernames(user_ids: Iterable[int]) -> dict[int, str]:
    """User names by id (one statement; none for no ids)."""
    wanted = sorted(set(user_ids))
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "username")) if wanted else {}


def full_names(usernames: Iterable[str]) -> dict[str, str]:
    """Full names by user name (one statement; none for no names)."""
    wanted = sorted(set(usernames))
    found = User.objects.filter(username__in=wanted).values_list("username", "full_name") if wanted else ()
    return dict(found)


def ids_named(text: str, *, limit: int = 200) -> list[int]:
    """Accounts whose user name is this or whose full name contains it, accents and case as typed (one statement)."""
    wanted = nfc(text)
    if not wanted:
        return []
    rows = User.objects.filter(Q(username=wanted.lower()) | Q(full_name__icontains=wanted))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
