"""When a unit works: sessions of the week, and the days that differ from it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from motcua.organisation.models.unit import Unit
from motcua.organisation.types import DayKind, DayReason


class WorkSession(models.Model):
    """A working session on a weekday (0 Monday … 6 Sunday), local time.

    A unit's rows for a weekday replace its parent's for that weekday. One row without times means the unit is
    closed on that weekday although its parent works.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="sessions")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="session_weekday_in_week"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                name="session_closes_after_opening",
            ),
            models.UniqueConstraint(fields=["unit", "weekday", "opens"], name="session_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.weekday} {self.opens}-{self.closes}"


class CalendarDay(models.Model):
    """A day taken out of the week or put into it, with the decision that says so.

    `proposed` rows await a person's confirmation and are never read when deadlines are counted.
    `sessions` ([["07:30", "11:30"], …]) are the day's own; null on a worked day means those of the paired
    day's weekday.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=DayKind.choices)
    reason = models.CharField(max_length=16, choices=DayReason.choices)
    name = models.CharField(max_length=160)
    decision = models.CharField(max_length=255, blank=True)
    paired_day = models.DateField(null=True, blank=True)
    sessions: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    proposed = models.BooleanField(default=False)
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day"], condition=Q(proposed=False), name="calendar_day_once_per_unit"
            ),
            models.UniqueConstraint(
                fields=["unit", "day"], condition=Q(proposed=True), name="calendar_day_proposed_once_per_unit"
            ),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="calendar_day_kind_known"),
            models.CheckConstraint(
                condition=Q(paired_day__isnull=True) | ~Q(paired_day=F("day")),
                name="calendar_day_not_its_own_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
