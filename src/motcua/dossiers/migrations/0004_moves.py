

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_change_sets'),
        ('dossiers', '0003_unit_succession'),
        ('kernel', '0002_audit_append_only'),
        ('organisation', '0001_units_posts_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='MoveBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('undoing', 'Undoing'), ('undone', 'Undone')], default='running', max_length=8)),
                ('after', models.BigIntegerField(default=0)),
                ('looked_at', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('by_name', models.CharField(max_length=160)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('undone_by_name', models.CharField(blank=True, max_length=160)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_reason', models.CharField(blank=True, max_length=500)),
                ('undone', models.PositiveIntegerField(default=0)),
                ('not_undone', models.PositiveIntegerField(default=0)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.user')),
                ('change_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.changeset')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.user')),
            ],
        ),
        migrations.CreateModel(
            name='DossierChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(max_length=64)),
                ('effective_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('finish', 'finish'), ('convert', 'convert'), ('ask', 'ask'), ('transfer', 'transfer'), ('stop', 'stop'), ('left', 'left')], max_length=8)),
                ('reason', models.CharField(choices=[('by_decision', 'by_decision'), ('has_result', 'has_result'), ('awaits_return', 'awaits_return'), ('ended', 'ended'), ('not_changed', 'not_changed'), ('nothing_new', 'nothing_new'), ('other_level', 'other_level'), ('no_case', 'no_case'), ('no_process', 'no_process'), ('no_step', 'no_step'), ('no_unit', 'no_unit'), ('same_unit', 'same_unit'), ('later_there', 'later_there'), ('refused', 'refused')], max_length=16)),
                ('kept', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('before', models.JSONField(default=dict)),
                ('made', models.JSONField(default=dict)),
                ('after', models.CharField(blank=True, max_length=64)),
                ('refund', models.CharField(blank=True, choices=[('unknown', 'unknown')], max_length=8)),
                ('refund_amount', models.BigIntegerField(help_text='Đồng owed back; None while unknown.', null=True)),
                ('choice', models.CharField(blank=True, choices=[('convert', 'convert'), ('finish', 'finish')], max_length=8)),
                ('chosen_on', models.DateField(null=True)),
                ('chosen_at', models.DateTimeField(null=True)),
                ('choice_note', models.CharField(blank=True, max_length=500)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by_name', models.CharField(blank=True, max_length=160)),
                ('undone_reason', models.CharField(blank=True, max_length=500)),
                ('change_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.changeline')),
                ('chosen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.user')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='dossiers.dossier')),
                ('fee_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.procedureversion')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='dossiers.movebatch')),
            ],
        ),
        migrations.AddIndex(
            model_name='movebatch',
            index=models.Index(fields=['change_set', '-id'], name='move_batch_of_set'),
        ),
        migrations.AddConstraint(
            model_name='movebatch',
            constraint=models.UniqueConstraint(condition=models.Q(('agency__isnull', True), ('state__in', ['running', 'undoing'])), fields=('change_set',), name='move_batch_of_all_once'),
        ),
        migrations.AddConstraint(
            model_name='movebatch',
            constraint=models.UniqueConstraint(condition=models.Q(('agency__isnull', False), ('state__in', ['running', 'undoing'])), fields=('change_set', 'agency'), name='move_batch_of_agency_once'),
        ),
        migrations.AddIndex(
            model_name='dossierchange',
            index=models.Index(fields=['batch', 'id'], name='dossier_change_of_batch'),
        ),
        migrations.AddIndex(
            model_name='dossierchange',
            index=models.Index(condition=models.Q(('refund', 'unknown'), ('undone_at__isnull', True)), fields=['id'], name='dossier_change_refund_owed'),
        ),
        migrations.AddConstraint(
            model_name='dossierchange',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('dossier', 'change_line'), name='dossier_change_once'),
        ),
        migrations.AddConstraint(
            model_name='dossierchange',
            constraint=models.CheckConstraint(condition=models.Q(('refund_amount__isnull', True), ('refund_amount__gte', 0), _connector='OR'), name='dossier_change_refund_not_negative'),
        ),
    ]
