"""The database itself refuses to change what was booked, and what stands on a receipt."""

from django.db import migrations

BOOKED = ("payments_entry", "payments_posting", "payments_payment")
RECEIPT = (
    "id, book_id, number, unit_id, bill_id, payment_id, payer_name, payer_id_number, payer_address, lines, amount, "
    "content, replaces_id, adjusts_id, issued_at, issued_by_name"
)
SAYING = "what was booked never changes; correct it by a counter-entry"
ON_RECEIPT = "what stands on a receipt never changes; void or replace it"

POSTGRES = f"""
CREATE OR REPLACE FUNCTION motcua_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SAYING}'; END $$;
CREATE OR REPLACE FUNCTION motcua_receipt_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{ON_RECEIPT}'; END $$;
"""


def guards(vendor):
    for table in BOOKED:
        for verb in ("UPDATE", "DELETE"):
            yield table, f"{table}_no_{verb.lower()}", verb, "motcua_booked", SAYING
    yield "payments_receipt", "payments_receipt_frozen", f"UPDATE OF {RECEIPT}", "motcua_receipt_frozen", ON_RECEIPT
    yield "payments_receipt", "payments_receipt_no_delete", "DELETE", "motcua_receipt_frozen", ON_RECEIPT


def add(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRES, params=None)
    for table, name, when, function, saying in guards(vendor):
        body = (
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            if vendor == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{saying}'); END"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} {body}", params=None)


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table, name, _when, _function, _saying in guards(vendor):
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_money")]
    operations = [migrations.RunPython(add, remove)]
