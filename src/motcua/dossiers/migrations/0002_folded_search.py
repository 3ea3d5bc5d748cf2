"""An index over the folded text: trigrams on PostgreSQL (where the extension may be made), FTS5 on SQLite."""

from django.db import migrations, transaction
from django.db.utils import DatabaseError

SQLITE = [
    "CREATE VIRTUAL TABLE dossiers_search USING fts5(search_text, content='dossiers_dossier', "
    "content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER dossiers_search_added AFTER INSERT ON dossiers_dossier BEGIN "
    "INSERT INTO dossiers_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER dossiers_search_removed AFTER DELETE ON dossiers_dossier BEGIN "
    "INSERT INTO dossiers_search(dossiers_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER dossiers_search_changed AFTER UPDATE OF search_text ON dossiers_dossier BEGIN "
    "INSERT INTO dossiers_search(dossiers_search, rowid, search_text) "
    "VALUES ('delete', old.id, old.search_text); "
    "INSERT INTO dossiers_search(rowid, search_text) VALUES (new.id, new.search_text); END",
]


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        # Not every installation lets the application make extensions: search then scans, and /readyz is silent.
        return
    schema_editor.execute(
        "CREATE INDEX dossier_search_trgm ON dossiers_dossier USING gin (search_text gin_trgm_ops)"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS dossiers_search_{name}")
        schema_editor.execute("DROP TABLE IF EXISTS dossiers_search")
    else:
        schema_editor.execute("DROP INDEX IF EXISTS dossier_search_trgm")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_dossiers")]
    operations = [migrations.RunPython(add, remove)]
