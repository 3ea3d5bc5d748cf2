"""BPMN files: our own come back as they left; those of other products as far as they can be read, told in a report."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.workflow.rules.bpmn import export
from motcua.workflow.rules.bpmn_reader import BpmnRead, read_bpmn
from motcua.workflow.rules.bpmn_xml import XmlRefused
from motcua.workflow.rules.checks import check
from motcua.workflow.rules.definition import Effect, ProcessDefinition, Span, StepKind, TimeUnit
from motcua.workflow.tests.tables import parallel, simple

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
NAMESPACES = (
    f'xmlns="{MODEL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn" '
    'xmlns:activiti="http://activiti.org/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)


def document(body: str, *, name: str = "Cấp giấy phép", around: str = "") -> bytes:
    process = f'<process id="P" name="{name}" isExecutable="true">{body}</process>'
    return f"<?xml version='1.0'?><definitions {NAMESPACES}>{around}{process}</definitions>".encode()


def flows(*pairs: str) -> str:
    """ "a>b" or "a>b:label"."""
    found = []
    for number, pair in enumerate(pairs):
        way, _colon, name = pair.partition(":")
        source, target = way.split(">")
        label = f' name="{name}"' if name else ""
        found.append(f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"{label}/>')
    return "".join(found)


def task(ident: str, name: str, group: str = "chuyen_vien", inside: str = "", more: str = "") -> str:
    return (
        f'<userTask id="{ident}" name="{name}" camunda:candidateGroups="{group}" {more}>{inside}</userTask>'
    )


def definition_of(found: BpmnRead) -> ProcessDefinition:
    assert found.definition is not None
    return found.definition


def codes(found: BpmnRead) -> set[str]:
    return {finding.code for finding in found.findings}


def names_to(found: BpmnRead, name: str) -> dict[str, tuple[str, ...]]:
    """The ways on from a step: label -> names of the steps it opens."""
    definition = definition_of(found)
    step = next(s for s in definition.steps if s.name == name)
    return {o.label: tuple(definition.by_key[t].name for t in o.to) for o in step.outcomes}


def test_every_real_process_comes_back_equal_from_its_own_bpmn(
    processes: dict[str, ProcessDefinition],
) -> None:
    assert len(processes) == 63
    for definition in processes.values():
        found = read_bpmn(export(definition).encode())
        assert found.definition == definition, definition.key
        assert found.findings == (), definition.key


@pytest.mark.parametrize("definition", [simple(), parallel()], ids=["simple", "parallel"])
def test_constructed_processes_come_back_equal(definition: ProcessDefinition) -> None:
    assert read_bpmn(export(definition).encode()).definition == definition


def test_what_was_changed_in_a_bpmn_tool_wins_over_what_the_file_carries() -> None:
    text = export(simple()).replace('name="Bước work"', 'name="Thẩm định kỹ"')
    found = read_bpmn(text.encode())
    assert definition_of(found).by_key["work"].name == "Thẩm định kỹ"
    assert codes(found) == {"renamed"}


def test_a_flow_drawn_elsewhere_changes_the_ways_and_says_so() -> None:
    text = export(simple())
    loop = next(
        line
        for line in text.splitlines()
        if "sequenceFlow" in line and 'targetRef="Step_2"' in line and "Choice" in line
    )
    found = read_bpmn(text.replace(loop, loop.replace("Step_2", "Step_1")).encode())
    back = [o for o in definition_of(found).by_key["sign"].outcomes if o.back]
    assert [o.to for o in back] == [("receive",)]
    assert codes(found) == {"ways_changed"}


CAMUNDA = document(
    '<startEvent id="s"/>'
    + task(
        "a", "Tiếp nhận hồ sơ", "mot_cua", more='camunda:formKey="embedded:don.html" camunda:dueDate="PT4H"'
    )
    + task("b", "Thẩm định", "chuyenVien", "<documentation>Thời gian: 1,5 ngày làm việc</documentation>")
    + '<exclusiveGateway id="x" name="Đủ điều kiện?"/>'
    + task("c", "Ký duyệt", "lanh_dao_so")
    + task("d", "Trả kết quả", "mot-cua")
    + '<endEvent id="e"/>'
    + flows("s>a", "a>b", "b>x", "x>c:Đủ", "x>a:Thiếu", "c>d", "d>e")
)


def test_a_camunda_diagram_gives_roles_forms_times_and_loops() -> None:
    found = read_bpmn(CAMUNDA)
    definition = definition_of(found)
    assert definition.title == "Cấp giấy phép"
    assert [(s.name, s.role) for s in definition.steps] == [
        ("Tiếp nhận hồ sơ", "one_stop_officer"),
        ("Thẩm định", "specialist"),
        ("Ký duyệt", "leader"),
        ("Trả kết quả", "one_stop_officer"),
    ]
    assert definition.steps[0].form == "embedded:don.html"
    assert definition.steps[0].time == Span(Fraction(4), TimeUnit.WORKING_HOUR)
    assert definition.steps[1].time == Span(Fraction(3, 2), TimeUnit.WORKING_DAY)
    assert names_to(found, "Thẩm định") == {"Đủ": ("Ký duyệt",), "Thiếu": ("Tiếp nhận hồ sơ",)}
    assert [o.back for o in definition.steps[1].outcomes] == [False, True]
    assert not [f for f in check(definition) if f.severity == "error"]


@pytest.mark.parametrize(
    "written",
    [
        '<userTask id="a" name="Việc" flowable:assignee="van_thu"/>',
        '<userTask id="a" name="Việc" activiti:candidateGroups="vanThu,khac"/>',
        '<userTask id="a" name="Việc"><extensionElements><zeebe:assignmentDefinition candidateGroups="Văn thư"/>'
        "</extensionElements></userTask>",
        '<userTask id="a" name="Việc"><potentialOwner><resourceAssignmentExpression><formalExpression>clerk'
        "</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>",
        '<laneSet><lane id="l" name="Văn thư Sở"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        '<userTask id="a" name="Việc"/>',
    ],
    ids=["flowable", "activiti", "zeebe", "standard", "lane"],
)
def test_who_performs_is_found_wherever_a_product_keeps_it(written: str) -> None:
    assert definition_of(read_bpmn(document(written))).steps[0].role == "clerk"


def test_a_performer_nobody_understands_is_an_error_that_names_the_step() -> None:
    found = read_bpmn(document('<userTask id="a" name="Việc" camunda:assignee="${initiator}"/>'))
    error = next(finding for finding in found.findings if finding.code == "role_unclear")
    assert (error.severity, error.step_key) == ("error", "b1")
    assert "${initiator}" in error.message.source()


def test_parallel_gateways_open_together_and_meet_again() -> None:
    body = (
        '<startEvent id="s"/>'
        + task("a", "Tiếp nhận", "mot_cua")
        + '<parallelGateway id="fork"/>'
        + task("b", "Hỏi thuế")
        + task("c", "Hỏi công an")
        + '<parallelGateway id="join"/>'
        + task("d", "Tổng hợp")
        + '<endEvent id="e"/>'
        + flows("s>a", "a>fork", "fork>b", "fork>c", "b>join", "c>join", "join>d", "d>e")
    )
    found = read_bpmn(document(body))
    assert names_to(found, "Tiếp nhận") == {"Chuyển xử lý": ("Hỏi thuế", "Hỏi công an")}
    assert names_to(found, "Hỏi thuế") == {"Chuyển bước sau": ("Tổng hợp",)}
    assert "return_added" in codes(found)


def test_an_inclusive_gateway_offers_each_branch_and_all_of_them() -> None:
    body = (
        task("a", "Xem xét")
        + '<inclusiveGateway id="x"/>'
        + task("b", "Hỏi thuế")
        + task("c", "Hỏi sở")
        + flows("a>x", "x>b:Có thuế", "x>c:Có đất")
    )
    found = read_bpmn(document(body))
    assert set(names_to(found, "Xem xét").values()) == {("Hỏi thuế",), ("Hỏi sở",), ("Hỏi thuế", "Hỏi sở")}
    assert "inclusive" in codes(found)


def test_services_and_scripts_are_passed_over_and_never_run(tmp_path: object) -> None:
    body = (
        task(
            "a",
            "Tiếp nhận",
            "mot_cua",
            '<extensionElements><camunda:taskListener class="evil.Run" event="create"/></extensionElements>',
        )
        + '<serviceTask id="v" name="Gửi SMS" camunda:class="evil.Sms"/>'
        + '<scriptTask id="w" name="Tính phí" scriptFormat="python"><script>open("x","w")</script></scriptTask>'
        + task("b", "Ký", "lanh_dao")
        + '<sequenceFlow id="q" sourceRef="a" targetRef="v"><conditionExpression>${1/0}</conditionExpression>'
        "</sequenceFlow>" + flows("v>w", "w>b")
    )
    found = read_bpmn(document(body))
    assert names_to(found, "Tiếp nhận") == {"${1/0}": ("Ký",)}
    assert {"machine", "never_run", "condition"} <= codes(found)
    assert sum(f.code == "machine" for f in found.findings) == 2


def test_timers_messages_and_boundary_events() -> None:
    body = (
        task("a", "Xử lý")
        + '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false" name="Nhắc"><timerEventDefinition>'
        "<timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>"
        + '<boundaryEvent id="m" attachedToRef="a" name="Dân xin rút"><messageEventDefinition/></boundaryEvent>'
        + '<intermediateCatchEvent id="w" name="Chờ nộp thuế"><messageEventDefinition/></intermediateCatchEvent>'
        + task("b", "Ký", "lanh_dao")
        + task("n", "Nhắc việc", "lanh_dao_phong")
        + task("r", "Trả hồ sơ", "mot_cua")
        + flows("a>w", "w>b", "t>n", "m>r")
    )
    found = read_bpmn(document(body))
    step = next(s for s in definition_of(found).steps if s.name == "Xử lý")
    assert step.time == Span(Fraction(3), TimeUnit.WORKING_DAY)
    assert {(o.label, o.stay) for o in step.outcomes} == {
        ("Chuyển xử lý", False),
        ("Nhắc", True),
        ("Dân xin rút", False),
    }
    wait = next(s for s in definition_of(found).steps if s.name == "Chờ nộp thuế")
    assert wait.kind is StepKind.WAIT
    assert not wait.counted


def test_sub_processes_are_flattened_and_give_their_name_as_a_part() -> None:
    body = (
        '<startEvent id="s"/>'
        + task("a", "Tiếp nhận", "mot_cua")
        + '<subProcess id="sub" name="Thẩm định">'
        + '<startEvent id="s2"/>'
        + task("b", "Đọc hồ sơ")
        + task("c", "Viết tờ trình")
        + '<endEvent id="e2"/>'
        + flows("s2>b", "b>c", "c>e2").replace('id="f', 'id="g')
        + "</subProcess>"
        + task("d", "Ký", "lanh_dao")
        + flows("s>a", "a>sub", "sub>d")
    )
    found = read_bpmn(document(body))
    assert [s.name for s in definition_of(found).steps][:4] == [
        "Tiếp nhận",
        "Đọc hồ sơ",
        "Viết tờ trình",
        "Ký",
    ]
    assert names_to(found, "Tiếp nhận") == {"Chuyển xử lý": ("Đọc hồ sơ",)}
    assert names_to(found, "Viết tờ trình") == {"Chuyển bước sau": ("Ký",)}
    assert definition_of(found).steps[1].phase == "Thẩm định"


def test_a_task_for_several_at_once_is_a_consultation() -> None:
    many = '<multiInstanceLoopCharacteristics isSequential="false"/>'
    body = task("a", "Tiếp nhận", "mot_cua") + task("b", "Góp ý", "cac_so", many) + flows("a>b")
    assert definition_of(read_bpmn(document(body))).steps[1].kind is StepKind.CONSULT


def test_pools_of_several_organisations_hand_the_work_over_by_message() -> None:
    around = (
        '<collaboration id="C"><participant id="p1" name="Sở Xây dựng" processRef="P"/>'
        '<participant id="p2" name="UBND tỉnh" processRef="Q"/>'
        '<messageFlow id="m" sourceRef="b" targetRef="s2"/></collaboration>'
    )
    first = (
        '<startEvent id="s"/>'
        + task("a", "Tiếp nhận", "mot_cua")
        + task("b", "Trình", "van_thu")
        + flows("s>a", "a>b")
    )
    second = (
        '<process id="Q"><startEvent id="s2"/><userTask id="c" name="Quyết định"/><endEvent id="e2"/>'
        '<sequenceFlow id="z1" sourceRef="s2" targetRef="c"/><sequenceFlow id="z2" sourceRef="c" targetRef="e2"/>'
        "</process>"
    )
    found = read_bpmn(
        document(first, around=around).replace(b"</definitions>", second.encode() + b"</definitions>")
    )
    assert names_to(found, "Trình") == {"Chuyển bước sau": ("Quyết định",)}
    assert definition_of(found).steps[2].performer == "UBND tỉnh"
    assert {"message", "pools"} <= codes(found)


def test_a_diagram_of_igate_with_unknown_parts_names_them() -> None:
    body = (
        task("a", "Việc") + '<choreographyTask id="z"/><userTask id="b" name="Mồ côi"/>' + flows("a>nowhere")
    )
    found = read_bpmn(document(body + "<dataObject id='o'/>"))
    assert {"unknown", "dangling", "drawn_only"} <= codes(found)
    assert "unreachable" in {f.code for f in check(definition_of(found))}


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="&y;"/></definitions>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"""
REMOTE = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd"><a/>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "doctype"),
        (OUTSIDE, "doctype"),
        (REMOTE, "doctype"),
        (b"", "not_xml"),
        (b"chuyen vien", "not_xml"),
        (b"PK\x03\x04rest", "zipped"),
        (b"<a/>", "not_bpmn"),
        (b"<definitions/>", "not_bpmn"),
        (b'<?xml version="1.0" encoding="utf-77"?><a/>', "encoding"),
        (b"<a>" * 200, "too_large"),
        (b"<a>" + b"<b/>" * 40_000 + b"</a>", "too_large"),
        (b"<a>" + b" " * (5 * 1024 * 1024) + b"</a>", "too_large"),
    ],
)
def test_bombs_and_wrong_files_are_refused_at_once_with_a_sentence(data: bytes, code: str) -> None:
    begun = time.process_time()
    with pytest.raises(XmlRefused) as refused:
        read_bpmn(data)
    assert time.process_time() - begun < 1
    assert refused.value.code in {code, "not_xml"} if code == "encoding" else refused.value.code == code
    assert refused.value.message.source()


def test_gateways_that_multiply_ways_are_bounded() -> None:
    """Forty diamonds in a row are a million million ways."""
    parts, arrows = [task("a", "Đầu")], []
    before = "a"
    for n in range(40):
        parts += [f'<exclusiveGateway id="x{n}"/><serviceTask id="l{n}"/><serviceTask id="r{n}"/>']
        arrows += [f"{before}>x{n}" if n == 0 else f"l{n - 1}>x{n}", f"x{n}>l{n}", f"x{n}>r{n}"]
        arrows += [f"r{n - 1}>x{n}"] if n else []
        before = f"l{n}"
    body = "".join(parts) + task("z", "Cuối") + flows(*arrows, "l39>z", "r39>z")
    begun = time.process_time()
    found = read_bpmn(document(body))
    assert time.process_time() - begun < 3
    assert "endless" in codes(found)


def test_a_circle_without_a_step_is_told_and_left() -> None:
    body = (
        task("a", "Việc")
        + '<exclusiveGateway id="x"/><exclusiveGateway id="y"/>'
        + flows("a>x", "x>y", "y>x")
    )
    assert "endless" in codes(read_bpmn(document(body)))


def test_outcomes_of_a_stranger_never_carry_an_effect() -> None:
    """What an outcome does to the dossier is decided by a person in the editor, not by a name in a diagram."""
    found = definition_of(read_bpmn(CAMUNDA))
    assert {o.effect for s in found.steps for o in s.outcomes} == {Effect.NONE}


_IDS = st.sampled_from([f"n{n}" for n in range(8)])
_TAGS = st.sampled_from(
    [
        "userTask",
        "serviceTask",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "startEvent",
        "endEvent",
        "intermediateThrowEvent",
        "receiveTask",
    ]
)


@given(st.lists(_TAGS, min_size=1, max_size=8), st.lists(st.tuples(_IDS, _IDS), max_size=14))
def test_no_graph_makes_the_reader_fail_and_no_step_is_lost(
    tags: list[str], pairs: list[tuple[str, str]]
) -> None:
    body = "".join(f'<{tag} id="n{n}" name="Phần {n}"/>' for n, tag in enumerate(tags))
    found = read_bpmn(document(body + flows(*(f"{a}>{b}" for a, b in pairs))))
    people = {f"Phần {n}" for n, tag in enumerate(tags) if tag in {"userTask", "receiveTask"}}
    if not people:
        assert found.definition is None
        return
    definition = definition_of(found)
    assert {step.name for step in definition.steps} >= people
    check(definition)
    assert read_bpmn(export(definition).encode()).definition == definition
