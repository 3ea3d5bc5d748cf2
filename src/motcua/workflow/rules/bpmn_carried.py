"""What our own BPMN files carry beside the standard, so that a process comes back as it left.

The diagram stays the authority: what somebody changed in a BPMN tool wins over what is carried.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from motcua.workflow.rules.bpmn_xml import Element
from motcua.workflow.rules.definition import ProcessDefinition, Step
from motcua.workflow.rules.serial import definition_to_dict, step_from_dict, step_to_dict

T = TypeVar("T")

CARRIED = "https://motcua.example/bpmn/carried"
_NOT_IN_XML = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def text_of(data: Mapping[str, Any]) -> str:
    """JSON of characters that XML can hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def carried_step(step: Step) -> str:
    return text_of(step_to_dict(step))


def carried_process(definition: ProcessDefinition) -> str:
    return text_of({**definition_to_dict(definition), "steps": []})


def _value(element: Element, tag: str) -> str:
    extensions = element.first("extensionElements")
    found = extensions.first(tag) if extensions else None
    return found.get("value") if found is not None and found.namespace == CARRIED else ""


def lane_carried(element: Element) -> str | None:
    """The name of the lane as we wrote it; None for a node of another product."""
    extensions = element.first("extensionElements")
    found = extensions.first("step") if extensions else None
    return found.get("lane") if found is not None and found.namespace == CARRIED else None


def step_of(element: Element) -> Step | None:
    """The step a node carries; None when it carries none that can be read."""
    return _read(_value(element, "step"), step_from_dict)


def process_of(element: Element) -> ProcessDefinition | None:
    """The process a diagram carries, without its steps."""
    return _read(_value(element, "process"), ProcessDefinition.from_dict)


def carries(element: Element) -> bool:
    return bool(_value(element, "step") or _value(element, "process"))


def _read(text: str, build: Callable[[dict[str, Any]], T]) -> T | None:
    try:
        data = json.loads(text) if text else None
        return build(data) if isinstance(data, dict) else None
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError):
        return None
