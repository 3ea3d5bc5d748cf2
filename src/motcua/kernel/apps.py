from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "motcua.kernel"
    label = "kernel"

    def ready(self) -> None:
        import_module("motcua.kernel.tasks")
