"""What is decided about procedures here: who is competent, which process runs, what the sources got wrong."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from motcua.catalogue.models.procedure import Procedure


class CompetenceRule(models.Model):
    """Who receives and who decides, for a procedure, or for a ministry's procedures of a level, or for
    all.

    The most particular rule in force wins: procedure before field before ministry before level alone; then
    the higher priority. `reception` says which centres may receive.
    """

    ANY_CENTRE = "any_centre"
    DECIDING_ONLY = "deciding_only"
    PROVINCIAL_CENTRE = "provincial_centre"
    NOT_HERE = "not_here"
    RECEPTION = [
        (ANY_CENTRE, "any centre in the province"),
        (DECIDING_ONLY, "only the centre of the unit that decides"),
        (PROVINCIAL_CENTRE, "only the provincial centre and its points"),
        (NOT_HERE, "not received in the provincial system"),
    ]

    procedure = models.ForeignKey(
        Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="competence_rules"
    )
    field_name = models.CharField(max_length=255, blank=True)
    ministry = models.CharField(max_length=255, blank=True)
    level = models.CharField(max_length=12, blank=True)
    reception = models.CharField(max_length=20, choices=RECEPTION, default=ANY_CENTRE)
    deciding_unit = models.ForeignKey(
        "organisation.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    deciding_function = models.CharField(
        max_length=24,
        blank=True,
        help_text="Function of the vertical unit of the commune that decides (police).",
    )
    priority = models.IntegerField(default=0)
    change_line = models.ForeignKey(
        "catalogue.ChangeLine", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=255, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("procedure", 0),
                "field_name",
                "ministry",
                "level",
                "valid_from",
                name="competence_rule_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id or self.field_name or self.ministry or '*'} {self.level} {self.reception}"


class ProcessBinding(models.Model):
    """Which internal process runs for a procedure and case at a level; without a procedure, for all at a
    level.
    """

    procedure = models.ForeignKey(
        Procedure, null=True, blank=True, on_delete=models.PROTECT, related_name="process_bindings"
    )
    case_key = models.CharField(max_length=64, blank=True)
    level = models.CharField(max_length=12)
    agency = models.ForeignKey(
        "organisation.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    process_version = models.ForeignKey("workflow.ProcessVersion", on_delete=models.PROTECT, related_name="+")
    process_key = models.CharField(max_length=255, blank=True)
    is_real = models.BooleanField(default=True)
    change_line = models.ForeignKey(
        "catalogue.ChangeLine", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["procedure", "level", "case_key"], name="process_binding_find")]
        constraints = [
            models.UniqueConstraint(
                Coalesce("procedure", 0),
                "case_key",
                "level",
                Coalesce("agency", 0),
                condition=models.Q(valid_to__isnull=True),
                name="process_binding_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id or '*'} {self.case_key} {self.level} -> {self.process_version_id}"


class SourceImport(models.Model):
    """One import of a source, kept with what it did."""

    kind = models.CharField(max_length=12, choices=[("procedures", "procedures"), ("processes", "processes")])
    source = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    rows = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "digest"], name="source_import_again")]

    def __str__(self) -> str:
        return f"{self.source} {self.at:%Y-%m-%d}"


class SourceFindingRow(models.Model):
    """A stored finding; `text` and `params` are the message, so that it is shown in the reader's language."""

    source_import = models.ForeignKey(SourceImport, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=64, blank=True)
    name = models.TextField(blank=True)
    field = models.CharField(max_length=160)
    kind = models.CharField(max_length=32)
    text = models.TextField()
    params = models.JSONField(default=dict)
    raw = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="finding_by_kind"),
            models.Index(fields=["code"], name="finding_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"


class CatalogueState(models.Model):
    """One row whose stamp changes with every write here, so that processes know when their picture is old.

    The stamp is random: a number alone could come back after a rolled-back transaction.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.CharField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalogue_state_one_row")]

    def __str__(self) -> str:
        return self.stamp
