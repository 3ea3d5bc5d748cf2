from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_fee_resolutions"),
    ]

    operations = [
        migrations.AddField(
            model_name="rehearsal",
            name="ground",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
