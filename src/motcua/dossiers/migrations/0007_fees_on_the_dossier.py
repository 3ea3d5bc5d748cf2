"""What is owed, as it was worked out last, moves onto the dossier: a reception that owes costs no statement more."""

from django.db import migrations, models

NAMES = ("number", "answers", "lines", "total", "complete", "reason", "at", "by_name")


def onto_the_dossier(apps, schema_editor):
    Dossier, FeeAssessment = (apps.get_model("dossiers", name) for name in ("Dossier", "FeeAssessment"))
    last = FeeAssessment.objects.filter(dossier_id=models.OuterRef("dossier_id")).order_by("-number").values("pk")[:1]
    for row in FeeAssessment.objects.filter(pk=models.Subquery(last)).iterator(chunk_size=500):
        fees = {name: getattr(row, name) for name in NAMES}
        Dossier.objects.filter(pk=row.dossier_id).update(fees={**fees, "at": row.at.isoformat()})
        row.delete()


def back_into_the_table(apps, schema_editor):
    Dossier, FeeAssessment = (apps.get_model("dossiers", name) for name in ("Dossier", "FeeAssessment"))
    for pk, fees in Dossier.objects.exclude(fees=None).values_list("pk", "fees").iterator(chunk_size=500):
        FeeAssessment.objects.create(dossier_id=pk, **fees)


class Migration(migrations.Migration):

    dependencies = [("dossiers", "0006_money_taken_back")]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="fees",
            field=models.JSONField(
                help_text="What is owed as it was worked out last (`rules.assessment.Assessment`).", null=True
            ),
        ),
        migrations.RunPython(onto_the_dossier, back_into_the_table),
    ]
