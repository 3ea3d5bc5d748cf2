"""One node of a stranger's diagram as a step: who performs it, how long, which form."""

from __future__ import annotations

import re
from fractions import Fraction

from motcua.kernel.messages import msg
from motcua.kernel.text import fold, nfc
from motcua.workflow.rules import pasted_words
from motcua.workflow.rules import source_words as words
from motcua.workflow.rules.bpmn_graph import Graph, Node
from motcua.workflow.rules.bpmn_ways import Report
from motcua.workflow.rules.bpmn_xml import Element
from motcua.workflow.rules.definition import Span, Step, StepKind, TimeUnit

_ROLES = frozenset(
    {"one_stop_officer", "dept_head", "specialist", "leader", "clerk", "council", "external"}
    | {"authorised_certifier", "procedure_controller"}
)
_TIME_NAMES = re.compile(r"thoi ?_?-?(gian|han)|duration|sla|due|so ?_?ngay|han ?xu ?ly")
_KEPT = frozenset({"property", "formProperty", "field"})
_NEVER_RUN = ("executionListener", "taskListener", "script", "scriptTask", "inputOutput", "field")


def step_of_node(graph: Graph, node: Node, key: str, level: str, report: Report) -> Step:
    """The step; what cannot be read of the node is reported."""
    lane = graph.lane_of(node)
    groups = _candidates(node)
    performer = nfc(lane or groups or node.pool)[:300]
    role = _role(node, [groups, lane, node.pool], report)
    time = _time(graph, node, report)
    _never_run(node, report)
    waits = node.tag in {"receiveTask", "intermediateCatchEvent"}
    return Step(
        key=key,
        name=nfc(node.name)[:1000] or _unnamed(node, report),
        kind=StepKind.WORK,
        role="wait" if waits else role,
        unit_ref=words.unit_ref(performer, role, level),
        performer=performer,
        time=time,
        counted=not waits,
        wait_for=words.wait_of(nfc(node.name) or "Chờ", performer) if waits else None,
        phase=_phase(graph, node),
        form=_form(node, report),
        note=_note(node),
    )


def _unnamed(node: Node, report: Report) -> str:
    report("error", "no_name", node, msg("Bước “%(name)s” chưa có tên.", name=node.ident))
    return msg("(chưa có nội dung)").source()


def _candidates(node: Node) -> str:
    """Who may take the task, as Camunda, Flowable, Activiti and Zeebe write it, and the standard's own way."""
    found = [
        node.element.any("candidateGroups", "candidateGroup"),
        node.element.any("assignee"),
        node.element.any("candidateUsers"),
    ]
    for element in node.element.walk():
        if element.tag == "assignmentDefinition":
            found += [element.any("candidateGroups"), element.any("assignee"), element.any("candidateUsers")]
        elif element.tag in {"formalExpression", "potentialOwner", "humanPerformer"}:
            found.append(element.text.strip() or element.get("name"))
    return ", ".join(dict.fromkeys(text for text in found if text))


def _role(node: Node, texts: list[str], report: Report) -> str:
    for text in texts:
        plain = re.sub(r"[$#]\{[^}]*\}", " ", text)
        for word in re.split(r"[,;]", plain):
            key = re.sub(r"[^a-z0-9]+", "_", fold(word)).strip("_")
            if key in _ROLES:
                return key
        spoken = pasted_words.role_of(re.sub(r"[_.\-]+", " ", _camel(plain)).strip())
        if spoken is not None and plain.strip():
            role = "specialist" if spoken.key == "wait" else spoken.key
            message = msg(
                "“%(said)s” được hiểu là vai của bước “%(name)s”.", said=text[:120], name=node.words
            )
            report("info", "role_read", node, message)
            return role
    said = "; ".join(text for text in texts if text)
    if said:
        message = msg(
            "Không hiểu “%(said)s” là vai nào: hãy chọn vai cho bước “%(name)s”.",
            said=said[:160],
            name=node.words,
        )
    else:
        message = msg("Sơ đồ không nói ai làm bước “%(name)s”: hãy chọn vai.", name=node.words)
    report("error", "role_unclear", node, message)
    return ""


def _camel(text: str) -> str:
    """ "vanThuSo" in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)


def _time(graph: Graph, node: Node, report: Report) -> Span | None:
    """A due date, a timer, a property called time, or a time in the documentation."""
    texts = [node.element.any("dueDate")]
    for element in node.element.walk():
        if element.tag in {"timeDuration", "timeCycle", "timeDate"}:
            texts.append(element.text.strip())
        elif element.tag in _KEPT and _TIME_NAMES.search(fold(element.any("name", "id", "key"))):
            texts.append(element.any("value", "default") or element.text.strip())
    texts += [
        element.text.strip()
        for event in graph.nodes.values()
        if event.tag == "boundaryEvent" and event.element.get("attachedToRef") == node.ident
        for element in event.element.walk()
        if element.tag == "timeDuration"
    ]
    documentation = node.element.first("documentation")
    spoken = fold(documentation.text) if documentation else ""
    found = re.search(r"thoi (?:gian|han)[^:\d]{0,30}:?\s*([\d.,/]+\s*(?:ngay lam viec|ngay|gio))", spoken)
    texts.append(found[1] if found else "")
    for text in (text for text in texts if text):
        span = iso_span(text) or pasted_words.time_cell(text, default=TimeUnit.WORKING_DAY).span
        if span is not None:
            return span
        message = msg("Không hiểu thời gian “%(said)s” của “%(name)s”.", said=text[:120], name=node.words)
        report("warning", "time_unclear", node, message)
    return None


def iso_span(text: str) -> Span | None:
    """An ISO 8601 duration; days are working days of eight hours, since a diagram says no more.

    >>> iso_span("P1DT4H")
    Span(amount=Fraction(3, 2), unit=<TimeUnit.WORKING_DAY: 'working_day'>)
    """
    found = re.fullmatch(
        r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+S)?)?", text.strip()
    )
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
    worked = Fraction(hours) + Fraction(minutes, 60)
    if weeks or days:
        return Span(Fraction(weeks * 5 + days) + worked / 8, TimeUnit.WORKING_DAY)
    return Span(worked, TimeUnit.WORKING_HOUR)


def _form(node: Node, report: Report) -> str | None:
    found = node.element.any("formKey", "formRef", "formId")
    for element in node.element.walk():
        if element.tag in {"formDefinition", "userTaskForm"}:
            found = found or element.any("formKey", "formId") or element.get("id")
        if element.tag in {"formData", "formProperty", "formField"}:
            message = msg("Biểu mẫu nhúng trong “%(name)s” không được nhập.", name=node.words)
            report("warning", "form_inside", node, message)
    return found[:300] or None


def _never_run(node: Node, report: Report) -> None:
    found = {element.tag for element in node.element.walk() if element.tag in _NEVER_RUN}
    if found:
        message = msg(
            "Mã và kịch bản trong “%(name)s” (%(what)s) bị bỏ qua, không bao giờ được chạy.",
            name=node.words,
            what=", ".join(sorted(found)),
        )
        report("warning", "never_run", node, message)
    if node.tag == "callActivity":
        called = node.element.get("calledElement")
        message = msg(
            "“%(name)s” gọi quy trình khác (%(said)s): đọc thành một bước.", name=node.words, said=called
        )
        report("warning", "call", node, message)


def repeated(node: Node) -> Element | None:
    """The marks of a task done by several at once or one after another."""
    return node.element.first("multiInstanceLoopCharacteristics")


def _phase(graph: Graph, node: Node) -> str | None:
    around = graph.nodes.get(node.within)
    return nfc(around.name)[:200] or None if around is not None else None


def _note(node: Node) -> str:
    documentation = node.element.first("documentation")
    return nfc(documentation.text)[:1000] if documentation else ""
