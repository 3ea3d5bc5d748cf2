"""The database itself refuses to change a published procedure version; only its end may be set."""

from django.db import migrations

TABLE = "catalogue_procedureversion"
COLUMNS = (
    "id, procedure_id, number, code, name, short_name, field_id, levels, definition, digest, online_level, "
    "decision, ministry, territory, valid_from, codes, results, search_text, initials, detailed, created_at"
)

POSTGRES = f"""
CREATE OR REPLACE FUNCTION motcua_procedure_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published procedure version never changes';
END $$;
CREATE TRIGGER catalogue_version_frozen BEFORE UPDATE OF {COLUMNS} ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION motcua_procedure_version_frozen();
"""

SQLITE = f"""
CREATE TRIGGER catalogue_version_frozen BEFORE UPDATE OF {COLUMNS} ON {TABLE}
BEGIN SELECT RAISE(ABORT, 'a published procedure version never changes'); END
"""


def add(apps, schema_editor):
    schema_editor.execute(POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE, params=None)


def remove(apps, schema_editor):
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS catalogue_version_frozen{on}")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_procedures")]
    operations = [migrations.RunPython(add, remove)]
