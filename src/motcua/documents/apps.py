from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from motcua.documents.rules.tables import Table


class DocumentsConfig(AppConfig):
    name = "motcua.documents"
    label = "documents"

    def ready(self) -> None:
        import_module("motcua.documents.handlers")
        from motcua.documents.models import Signature, Signing
        from motcua.documents.references import register_reference
        from motcua.organisation.actions import register_table_reader

        for column in ("unsigned_id", "signed_id"):
            register_reference(f"documents.signing.{column}", rows=Signing.objects.all, column=column)
        register_reference("documents.signature", rows=Signature.objects.all, column="file_id")

        def read(data: bytes, name: str) -> tuple[Table, ...]:
            from motcua.documents.rules.tables import read_tables

            return read_tables(data, name=name, keep_formulas=True)

        register_table_reader("documents.tables", read=read)
