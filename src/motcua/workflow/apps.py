from __future__ import annotations

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "motcua.workflow"
    label = "workflow"

    def ready(self) -> None:
        from motcua.organisation.actions import register_open_work
        from motcua.workflow.queries import open_work

        register_open_work("workflow.tasks", count=open_work)
