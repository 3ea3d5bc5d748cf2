"""The counter's own table: what is being typed. Everything received belongs to the dossiers context."""

from __future__ import annotations

from django.db import models


class ReceptionDraft(models.Model):
    """A reception form as it stands, kept so that nothing typed is lost.

    `key` is the form's idempotency key: a draft restored in a second tab saves the same dossier, not another.
    `data` is the form as posted, `{"owner-name": ["…"], …}`.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    data = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "counter"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="reception_draft_once")]
        indexes = [models.Index(fields=["user", "unit", "-updated_at"], name="reception_draft_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.unit_id} {self.key}"
