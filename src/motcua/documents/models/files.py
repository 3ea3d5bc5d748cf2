"""Stored files: one row per content, whoever attached it and under whatever name."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileState(models.TextChoices):
    """Whether the content may be given to anybody."""

    CLEAN = "clean", _("Đã quét, an toàn")
    UNSCANNED = "unscanned", _("Chưa quét (không có bộ quét vi-rút)")
    HELD = "held", _("Đang chờ quét vi-rút")
    INFECTED = "infected", _("Có mã độc, đã cách ly")


class StoredFile(models.Model):
    """The content itself lies in the blob store under its SHA-256. `size` is bytes; pixels and pages where
    known."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=100)
    kind = models.CharField(max_length=8)
    pages = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=FileState.choices)
    created_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "documents"
        indexes = [
            models.Index(
                fields=["state", "id"],
                name="file_waiting",
                condition=models.Q(state__in=["held", "unscanned"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"
