import unicodedata

import django.db.models.deletion
from django.db import migrations, models


BATCH = 1_000


def fold(text):
    """Lower case without accents, as it was when this migration was written."""
    parts = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return " ".join("".join(part for part in parts if not unicodedata.combining(part)).split())


def find_words(apps, schema_editor):
    """Payer, subject and reference of the bills there are, folded as new ones are."""
    bills = apps.get_model("payments", "Bill").objects
    last = 0
    while batch := list(bills.filter(pk__gt=last).order_by("pk").only("payer_name", "subject", "reference")[:BATCH]):
        for bill in batch:
            bill.words = fold(f"{bill.payer_name} {bill.subject} {bill.reference}")[:400]
        bills.bulk_update(batch, ["words"])
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_numbers_letters_files'),
        ('kernel', '0002_audit_append_only'),
        ('organisation', '0002_succession'),
        ("payments", "0005_receipt_books"),
    ]

    operations = [
        migrations.CreateModel(
            name='CashCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('expected', models.BigIntegerField()),
                ('counted', models.BigIntegerField()),
                ('pieces', models.JSONField(default=dict)),
                ('explanation', models.TextField()),
                ('asked_by_name', models.CharField(max_length=160)),
                ('asked_at', models.DateTimeField()),
                ('decided_by_name', models.CharField(blank=True, max_length=160)),
                ('decided_at', models.DateTimeField(null=True)),
                ('refused_reason', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.AddField(
            model_name='bill',
            name='words',
            field=models.CharField(blank=True, help_text='Payer, subject and reference, folded, for finding.', max_length=400),
        ),
        migrations.AddField(
            model_name='cashierday',
            name='confirmed_by_name',
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name='cashierday',
            name='pieces',
            field=models.JSONField(default=dict, help_text='Notes counted: {"500000": 3, …}; empty where only a sum was given.'),
        ),
        migrations.AddField(
            model_name='refund',
            name='letter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.letter'),
        ),
        migrations.AddField(
            model_name='refund',
            name='paid_out_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='refund',
            name='paid_out_by_name',
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name='refund',
            name='payout_reference',
            field=models.CharField(blank=True, help_text='Of the bank or the card terminal that paid it out.', max_length=64),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('paid_out_at__isnull', True), ('refused_reason', '')), fields=['unit', '-id'], name='refund_under_way'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.user'),
        ),
        migrations.AddField(
            model_name='cashcount',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit'),
        ),
        migrations.AddConstraint(
            model_name='cashcount',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('unit', 'day'), name='cash_count_open_once'),
        ),
        migrations.RunPython(find_words, migrations.RunPython.noop),
    ]
