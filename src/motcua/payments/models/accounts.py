"""Who collects, and into which account."""

from __future__ import annotations

from django.db import models


class Collector(models.Model):
    """A unit that collects fees: what must stand on its receipts and what it may offer people to pay by."""

    unit = models.OneToOneField("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255, help_text="As it stands on receipts.")
    tax_code = models.CharField(max_length=14, blank=True)
    address = models.CharField(max_length=255, blank=True)
    takes_card = models.BooleanField(default=False)
    platform_partner = models.CharField(max_length=64, blank=True, help_text="Partner code at the platform.")
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class BankAccount(models.Model):
    """An account of a unit; `registered` says that it is registered at the National Portal for online payment."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    bank_bin = models.CharField(max_length=6)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=160)
    registered = models.BooleanField(default=False)
    registered_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_bin", "number"],
                condition=models.Q(ends_on__isnull=True),
                name="bank_account_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bank_bin} {self.number}"
