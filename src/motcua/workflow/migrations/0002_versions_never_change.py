"""The database itself refuses to change a published process version."""

from django.db import migrations

TABLE = "workflow_processversion"

POSTGRES = """
CREATE OR REPLACE FUNCTION motcua_process_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published process version never changes';
END $$;
CREATE TRIGGER workflow_version_frozen BEFORE UPDATE ON workflow_processversion
FOR EACH ROW EXECUTE FUNCTION motcua_process_version_frozen();
"""

SQLITE = """
CREATE TRIGGER workflow_version_frozen BEFORE UPDATE ON workflow_processversion
BEGIN SELECT RAISE(ABORT, 'a published process version never changes'); END
"""


def add(apps, schema_editor):
    schema_editor.execute(POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE, params=None)


def remove(apps, schema_editor):
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS workflow_version_frozen{on}")


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_processes_runs_tasks")]
    operations = [migrations.RunPython(add, remove)]
