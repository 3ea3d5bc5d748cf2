"""What of the configuration passed to other units by a succession."""

from __future__ import annotations

from typing import Any

from django.db import models


class ConfigurationMove(models.Model):
    """One rule, process or setting (`row` of `table`) that names a unit which was succeeded.

    From the instant of the succession `made` stands in its place; without one nothing does, because the successor has
    its own. `before` are the values of the row that undoing puts back.
    """

    succession = models.ForeignKey("organisation.Succession", on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=8)
    row = models.BigIntegerField()
    made = models.BigIntegerField(null=True)
    before: models.JSONField[Any, Any] = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
