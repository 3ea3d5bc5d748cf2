from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "motcua.documents"
    label = "documents"

    def ready(self) -> None:
        import_module("motcua.documents.handlers")
