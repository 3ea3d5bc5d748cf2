"""The counter's own tables: what is being typed, and what the citizen's display shows."""

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


class CustomerDisplay(models.Model):
    """The screen turned to the person at one officer's counter: what it shows, and which machine may show it.

    `device` is the digest of the secret in that machine's cookie; `code` pairs one and is used once.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=8, blank=True)
    code_until = models.DateTimeField(null=True)
    device = models.CharField(max_length=64, blank=True)
    bill = models.ForeignKey("payments.Bill", null=True, on_delete=models.SET_NULL, related_name="+")
    phase = models.CharField(max_length=10, default="idle")
    change = models.BigIntegerField(default=0)
    link = models.CharField(max_length=300, blank=True, help_text="Where the person pays online.")
    shown_at = models.DateTimeField()

    class Meta:
        app_label = "counter"
        constraints = [
            models.UniqueConstraint(fields=["user", "unit"], name="customer_display_once"),
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="customer_display_code_once"
            ),
            models.UniqueConstraint(
                fields=["device"], condition=~models.Q(device=""), name="customer_display_device_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.unit_id} {self.phase}"
