"""One row per series of numbers: its last number."""

from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    """`key` names the series ("letter:12:supplement_request:2026"); `value` is the number given out last."""

    key = models.CharField(max_length=120, primary_key=True)
    value = models.BigIntegerField()

    class Meta:
        app_label = "documents"

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
