from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "motcua.organisation"
    label = "organisation"

    def ready(self) -> None:
        import_module("motcua.organisation.handlers")
