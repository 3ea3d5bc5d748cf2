"""Two questions from outside: is it alive, can it work."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

DISK_WARNING = 0.85


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Database reachable and migrated, disk not full; 503 with the failing part named."""
    checks = {"database": _database(), "disk": _disk()}
    ready = all(value in {"ok", "warning"} for value in checks.values())
    response = JsonResponse({"ready": ready, **checks}, status=200 if ready else 503)
    if not ready:
        response["Retry-After"] = "5"
    return response


_migrated = False


def _database() -> str:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "not migrated"
            _migrated = True
    except DatabaseError:
        return "unreachable"
    return "ok"


def _disk() -> str:
    usage = shutil.disk_usage(settings.STATE)
    if usage.free < 20 * 1024 * 1024:
        return "full"
    return "warning" if usage.used / usage.total > DISK_WARNING and usage.free < 2**30 else "ok"
