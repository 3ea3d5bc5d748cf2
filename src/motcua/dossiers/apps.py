from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "motcua.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        import_module("motcua.dossiers.handlers")
        from motcua.catalogue.queries import register_pins
        from motcua.documents.queries import register_reference
        from motcua.dossiers.models import Attachment
        from motcua.dossiers.queries_pins import dossiers_on

        register_reference("dossiers.attachment", rows=Attachment.objects.all, column="file_id")
        register_pins("dossiers", dossiers_on)

        from motcua.dossiers.actions.succession import DossierFollower
        from motcua.organisation.actions import register_follower

        register_follower("dossiers", follower=DossierFollower())
