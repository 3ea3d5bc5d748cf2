"""What was believed about versions before beliefs were kept, from what their rows say.

A version that its successor ended was open until the successor was stored: two beliefs. Any other was known with its
end from the start.
"""

from django.db import migrations, models

PART = 1_000


def fill(apps, schema_editor):
    version_model = apps.get_model("catalogue", "ProcedureVersion")
    period_model = apps.get_model("catalogue", "VersionPeriod")
    held = set(period_model.objects.values_list("version_id", flat=True))
    rows = version_model.objects.order_by("procedure_id", "number").values_list(
        "pk", "procedure_id", "number", "valid_from", "valid_to", "created_at"
    )
    by_place = {(row[1], row[2]): row for row in rows}
    made = []
    for (procedure_id, number), (pk, _, _, starts, ends, created) in by_place.items():
        if pk in held:
            continue
        following = by_place.get((procedure_id, number + 1))
        period = {"version_id": pk, "procedure_id": procedure_id, "valid_from": starts}
        if ends is not None and following is not None and following[3] == ends and following[5] > created:
            closed = following[5]
            made.append(period_model(**period, valid_to=None, known_from=created, known_to=closed))
            made.append(period_model(**period, valid_to=ends, known_from=closed, known_to=None))
        else:
            made.append(period_model(**period, valid_to=ends, known_from=created, known_to=None))
    period_model.objects.bulk_create(made, batch_size=PART)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_change_sets")]
    operations = [
        migrations.AlterField(
            model_name="changeline",
            name="old_code",
            field=models.TextField(blank=True, help_text="Every code it replaces, separated by commas."),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
