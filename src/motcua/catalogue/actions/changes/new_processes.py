"""Processes that lines carry: published with the change-set, and chosen by the line they came with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from motcua.catalogue.models import ChangeLine
from motcua.catalogue.types_changes import LineSettings, ProcessChoice
from motcua.kernel.actor import Actor
from motcua.workflow import actions as workflow
from motcua.workflow.rules.definition import ProcessDefinition

Settings = Sequence[tuple[ChangeLine, LineSettings]]


def publish_new_processes(
    settings: Settings, *, actor: Actor, now: datetime
) -> list[tuple[ChangeLine, LineSettings]]:
    """The settings with every carried process published and chosen. Inside the transaction of the publication.

    Who may publish the change-set publishes what is in it, whatever their rights in the workflow. The findings of a
    process taken over from a decision's table were looked at when the line was written: a new error was refused there.
    """
    publisher = replace(actor, is_admin=True)
    return [(line, _published(chosen, publisher, now)) for line, chosen in settings]


def _published(chosen: LineSettings, publisher: Actor, now: datetime) -> LineSettings:
    made = []
    for new in chosen.new_processes:
        definition = ProcessDefinition.from_dict(new.definition)
        version = workflow.publish_process(
            actor=publisher, definition=definition, now=now, accept_findings=True
        )
        made.append(ProcessChoice(version.pk, new.level, new.case_key))
    return replace(chosen, processes=(*chosen.processes, *made), new_processes=())
