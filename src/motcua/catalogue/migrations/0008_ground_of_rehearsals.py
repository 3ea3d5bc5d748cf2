import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0007_fee_resolution_drafts"),
        ("organisation", "0002_succession"),
    ]

    operations = [
        migrations.AddField(
            model_name="rehearsal",
            name="ground",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="ConfigurationMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=8)),
                ("row", models.BigIntegerField()),
                ("made", models.BigIntegerField(null=True)),
                ("before", models.JSONField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "succession",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.succession",
                    ),
                ),
            ],
        ),
    ]
