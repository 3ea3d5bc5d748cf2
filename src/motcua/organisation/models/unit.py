"""Units: the province, its agencies, the communes and what they are divided into."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from motcua.organisation.types import CommuneType, UnitFunction, UnitKind


class Unit(models.Model):
    """An agency or a part of one. Rows are never deleted: a unit that ceases gets `ends_on`."""

    code = models.CharField(max_length=40, unique=True)
    agency_code = models.CharField(
        max_length=20, blank=True, help_text="Prefix of dossier codes, e.g. H05.16; empty for divisions."
    )
    agency_code_source = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=16, choices=UnitKind.choices)
    function = models.CharField(max_length=24, choices=UnitFunction.choices, blank=True)
    name = models.CharField(max_length=200)
    full_name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    agency = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="members",
        help_text="The agency this belongs to, itself for an agency; null only while being written.",
    )
    area = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="served_by",
        help_text="The commune a vertical unit serves; null for the whole province.",
    )
    commune_type = models.CharField(max_length=8, choices=CommuneType.choices, blank=True)
    former_province = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    place_name = models.CharField(max_length=80, blank=True, help_text="Địa danh on letters.")
    letter_head: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    is_reception_point = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    predecessors: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    former_names: models.JSONField[Any, Any] = models.JSONField(
        default=list, blank=True, help_text="Names, codes and heads of earlier times, each with its days."
    )
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_code"], condition=~Q(agency_code=""), name="unit_agency_code_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="unit_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
            models.CheckConstraint(
                condition=~Q(kind=UnitKind.DIVISION) | Q(agency_code=""),
                name="unit_division_has_no_agency_code",
            ),
        ]
        indexes = [models.Index(fields=["agency", "function"], name="unit_by_agency_function")]

    def __str__(self) -> str:
        return self.name


class OrganisationVersion(models.Model):
    """One row that changes with every write here, so that processes know when their picture is old.

    `stamp` is random: a number alone could come back after a rolled-back transaction.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    stamp = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="organisation_version_one_row")]
