from __future__ import annotations

import json
from typing import Any

import pytest

from motcua.workflow.queries import CARRIED
from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.source_tables import SourceReport, read_file


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(CARRIED.read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="session")
def report(source: dict[str, Any]) -> SourceReport:
    return read_file(source)


@pytest.fixture(scope="session")
def processes(report: SourceReport) -> dict[str, ProcessDefinition]:
    return {definition.key: definition for definition in report.definitions}
