"""Configurations a department keeps under a name, to give them to other procedures."""

from __future__ import annotations

from typing import Any

from django.db import models


class ConfigurationTemplate(models.Model):
    """A row of the grid kept by name. `cells` are texts by column (`rules.grid.columns.Column`)."""

    department = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12)
    cells: models.JSONField[Any, Any] = models.JSONField(default=dict)
    taken_from = models.CharField(
        max_length=255, blank=True, help_text="Code and name of the procedure it was saved from."
    )
    made_by_name = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="configuration_template_once"),
        ]

    def __str__(self) -> str:
        return self.name
