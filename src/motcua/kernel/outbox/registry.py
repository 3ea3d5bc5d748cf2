"""Which jobs exist, who listens to which event, what runs by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

JobFunction = Callable[[dict[str, Any], datetime], object]


class Event(Protocol):
    """A past-tense fact: a frozen dataclass of ids and primitives with a dotted name."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    seconds: int


jobs: dict[str, JobFunction] = {}
listeners: dict[str, list[str]] = {}
schedule: list[Periodic] = []


def job(name: str) -> Callable[[JobFunction], JobFunction]:
    """Register `function(payload, now)` to run for jobs of this name. It must be idempotent."""

    def register(function: JobFunction) -> JobFunction:
        jobs[name] = function
        return function

    return register


def on(event: type[Any]) -> Callable[[JobFunction], JobFunction]:
    """Register a handler of an event; it gets the event's fields as payload, perhaps more than once."""

    def register(function: JobFunction) -> JobFunction:
        name = f"{function.__module__.removeprefix('motcua.')}.{function.__name__}"
        jobs[name] = function
        listeners.setdefault(event.name, []).append(name)
        return function

    return register


def every(*, minutes: float, name: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job that runs once per period, whichever worker gets there first."""

    def register(function: JobFunction) -> JobFunction:
        jobs[name] = function
        schedule.append(Periodic(name, int(minutes * 60)))
        return function

    return register
