"""String foreign keys are no imports, so import-linter cannot see them."""

from __future__ import annotations

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from tests.architecture.source import HEIGHT, none


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models(include_auto_created=True):
        here = model._meta.app_label
        if here not in HEIGHT:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                target = field.related_model._meta.app_label
                if target != here and HEIGHT.get(target, -1) >= HEIGHT[here]:
                    upward.append(f"{model._meta.label}.{field.name} -> {target}")
    none(upward, "the lower context keeps an opaque text and the upper one holds the key")


def test_every_context_has_its_own_app_label() -> None:
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("motcua.")}
    assert labels <= set(HEIGHT)
