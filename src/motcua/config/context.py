"""What every page shows around its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from motcua.config import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation for the person, the demo flag, the product's version."""
    actor = getattr(request, "actor", None)
    return {
        "nav": navigation.items(actor, request.path) if actor is not None else [],
        "actor": actor,
        "is_demo": settings.DEMO,
        "public_url": settings.PUBLIC_URL,
    }
