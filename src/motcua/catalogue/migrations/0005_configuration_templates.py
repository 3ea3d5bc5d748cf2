import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_beliefs_about_versions'),
        ('documents', '0001_numbers_letters_files'),
        ('kernel', '0002_audit_append_only'),
        ('organisation', '0001_units_posts_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfigurationTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('level', models.CharField(max_length=12)),
                ('cells', models.JSONField(default=dict)),
                ('taken_from', models.CharField(blank=True, help_text='Code and name of the procedure it was saved from.', max_length=255)),
                ('made_by_name', models.CharField(max_length=160)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddConstraint(
            model_name='changeset',
            constraint=models.UniqueConstraint(condition=models.Q(('effective_at__isnull', True), ('kind', 'configuration'), ('state', 'draft')), fields=('department',), name='configuration_draft_once'),
        ),
        migrations.AddField(
            model_name='configurationtemplate',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit'),
        ),
        migrations.AddConstraint(
            model_name='configurationtemplate',
            constraint=models.UniqueConstraint(fields=('department', 'name'), name='configuration_template_once'),
        ),
    ]
