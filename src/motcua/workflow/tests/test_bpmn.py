from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from motcua.workflow.rules.bpmn import BPMN, DC, DI, export, iso_duration
from motcua.workflow.rules.definition import ProcessDefinition, Span, TimeUnit
from motcua.workflow.tests.tables import parallel, simple

ROOT = Path(__file__).resolve().parents[4]
CHECKER = ROOT / "tests" / "bpmn"
Processes = dict[str, ProcessDefinition]


@pytest.fixture(scope="session")
def parser() -> Path:
    """A folder under var/ where bpmn.io's parser is installed from the locked file, once."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("bpmn.io's parser needs node and npm, which are not installed here")
    folder = ROOT / "var" / "bpmn-check"
    lock = (CHECKER / "package-lock.json").read_bytes()
    kept = folder / "package-lock.json"
    if not (folder / "node_modules").is_dir() or kept.read_bytes() != lock:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(CHECKER / name, folder / name)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    return folder


def read_with_bpmn_io(parser: Path, documents: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(CHECKER / "check.mjs"), str(parser)],
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_bpmn_io_reads_every_carried_process_without_a_warning(parser: Path, processes: Processes) -> None:
    read = read_with_bpmn_io(parser, {key: export(d) for key, d in processes.items()})
    assert len(read) == 63
    for key, result in read.items():
        assert result["warnings"] == [], key
        assert result["undrawn"] == [] and result["laneless"] == [] and result["loose"] == [], key
        assert result["nodes"] >= len(processes[key].steps) + 2


def test_the_parser_would_notice_a_broken_reference(parser: Path) -> None:
    broken = export(simple()).replace('targetRef="Step_2"', 'targetRef="Step_99"')
    assert read_with_bpmn_io(parser, {"broken": broken})["broken"]["warnings"]


def test_parallel_work_has_gateways_and_choices_too(processes: Processes) -> None:
    tags = [e.tag.removeprefix(f"{{{BPMN}}}") for e in ElementTree.fromstring(export(parallel())).iter()]
    assert tags.count("parallelGateway") == 2
    assert tags.count("exclusiveGateway") == 1
    beside = export(processes["ty-gpxd"])
    assert 'cancelActivity="false"' in beside and "inclusiveGateway" in beside
    assert "<bpmn:timeDuration>P15D</bpmn:timeDuration>" in export(processes["dt-51-1"])


def test_every_shape_lies_inside_the_pool(processes: Processes) -> None:
    for definition in processes.values():
        shapes = {
            shape.get("bpmnElement"): {k: int(v) for k, v in shape[0].attrib.items()}
            for shape in ElementTree.fromstring(export(definition)).iter(f"{{{DI}}}BPMNShape")
            if shape[0].tag == f"{{{DC}}}Bounds"
        }
        pool = shapes["Participant_1"]
        for name, box in shapes.items():
            assert pool["x"] <= box["x"] and box["x"] + box["width"] <= pool["x"] + pool["width"], name
            assert pool["y"] <= box["y"] and box["y"] + box["height"] <= pool["y"] + pool["height"], name


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        ("15", TimeUnit.CALENDAR_DAY, "P15D"),
        ("1.5", TimeUnit.WORKING_DAY, "P1DT4H"),
        ("2.5", TimeUnit.WORKING_HOUR, "PT2H30M"),
        ("0", TimeUnit.WORKING_DAY, "PT0H"),
    ],
)
def test_durations_are_iso_8601(amount: str, unit: TimeUnit, text: str) -> None:
    assert iso_duration(Span(Fraction(amount), unit)) == text
