"""Reports of the province by day: both sides of the join are read from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_advances")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["day", "kind", "id"], name="entry_by_day"),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["day", "account", "unit", "amount", "entry"], name="posting_by_day"),
        ),
    ]
