from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "motcua.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from motcua.catalogue.actions.succession import CatalogueFollower
        from motcua.catalogue.models import ChangeSet
        from motcua.documents.queries import register_reference
        from motcua.organisation.actions import register_follower

        register_reference("catalogue.change_set", rows=ChangeSet.objects.all, column="scan_id")
        register_follower("catalogue", follower=CatalogueFollower())
