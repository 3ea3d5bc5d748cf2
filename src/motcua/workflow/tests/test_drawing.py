from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

from motcua.workflow.rules.definition import ProcessDefinition
from motcua.workflow.rules.drawing import as_table, draw, edges_of, metrics_for
from motcua.workflow.rules.lanes import lanes_of
from motcua.workflow.rules.layout import Diagram, Node, arrange
from motcua.workflow.rules.svg import text_width, wrap
from motcua.workflow.tests.tables import parallel, simple

SVG = "{http://www.w3.org/2000/svg}"
Processes = dict[str, ProcessDefinition]


def placed(definition: ProcessDefinition) -> Diagram:
    lanes = lanes_of(definition)
    nodes = [Node(s.key, lanes.lane[s.key], lanes.row[s.key], 130, 90) for s in definition.steps]
    return arrange(nodes, edges_of(definition), len(lanes.names), metrics_for(len(lanes.names)))


def test_every_carried_process_is_drawn_as_well_formed_accessible_svg(processes: Processes) -> None:
    for definition in processes.values():
        root = ElementTree.fromstring(draw(definition, ident="x"))
        assert (root.get("role"), root.get("lang")) == ("img", "vi")
        labelled = (root.get("aria-labelledby") or "").split()
        assert [root[0].tag, root[1].tag] == [f"{SVG}title", f"{SVG}desc"]
        assert [root[0].get("id"), root[1].get("id")] == labelled
        boxes = [g for g in root.iter(f"{SVG}g") if "swimlane-step" in (g.get("class") or "")]
        assert len(boxes) == len(definition.steps)


def test_the_drawing_needs_no_inline_style_or_script(processes: Processes) -> None:
    for definition in processes.values():
        assert not re.search(r"<style|<script|style=|\son\w+=", draw(definition))


def test_boxes_never_overlap_and_stay_in_their_lane(processes: Processes) -> None:
    for definition in processes.values():
        diagram, lanes = placed(definition), lanes_of(definition)
        for (_, a), (_, b) in combinations(diagram.boxes.items(), 2):
            assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
        for key, box in diagram.boxes.items():
            lane = diagram.lanes[lanes.lane[key]]
            assert lane.x < box.x and box.right < lane.right


def test_arrows_have_square_corners_and_cross_no_box(processes: Processes) -> None:
    for definition in processes.values():
        diagram = placed(definition)
        for edge in edges_of(definition):
            route = diagram.routes[edge.key]
            for (x1, y1), (x2, y2) in pairwise(route):
                assert x1 == x2 or y1 == y2
                for key, box in diagram.boxes.items():
                    inside_x = min(x1, x2) < box.right and max(x1, x2) > box.x
                    inside_y = min(y1, y2) < box.bottom and max(y1, y2) > box.y
                    assert not (inside_x and inside_y), (definition.key, edge.key, key)


def test_steps_opened_together_stand_side_by_side() -> None:
    definition = parallel()
    lanes = lanes_of(definition)
    assert lanes.row["a"] != lanes.row["b"]  # one performer: below each other
    assert lanes.row["sum"] > lanes.row["c"]


def test_where_the_run_is_can_be_read_in_words() -> None:
    drawing = draw(simple(), current=["sign"], done=["receive", "work"])
    assert drawing.count("Đã xong</tspan>") == 2
    assert drawing.count("Đang ở đây</tspan>") == 1
    assert "Hồ sơ đang ở bước: Bước sign." in drawing
    assert 'class="swimlane-step is-approval is-current"' in drawing


def test_names_cannot_break_out_of_the_drawing() -> None:
    nasty = ProcessDefinition.from_dict(
        {**simple().to_dict(), "title": "<script>alert(1)</script>", "key": '"><b>'}
    )
    assert "<script" not in draw(nasty)


def test_long_vietnamese_names_wrap_inside_their_box() -> None:
    name = "Kiểm tra tính đầy đủ; số hóa thành phần hồ sơ; tiếp nhận; chuyển ngay hồ sơ điện tử cho bộ phận"
    lines = wrap(name, 110, most=4)
    assert all(text_width(line, 13) <= 110 for line in lines)
    assert lines[-1].endswith("…")
    assert wrap("a" * 80, 110)[0]
    assert wrap("", 110) == [""]


def test_the_table_says_everything_the_drawing_shows(processes: Processes) -> None:
    rows = as_table(processes["bn-1582-1"], current=["b7"], done=["b1"])
    assert [row.number for row in rows] == list(range(1, 13))
    assert rows[6].ways[0] == "Trường hợp 1: chưa đủ điều kiện: thông báo bổ sung: bước 8"
    assert rows[9].ways[1] == "Gửi thông báo bổ sung: quay lại bước 7"
    assert (rows[0].state, rows[6].state) == ("Đã xong", "Đang ở đây")
    assert rows[11].ways == ("Đã trả kết quả: kết thúc",)
    assert as_table(processes["ty-ltkt"])[1].ways == ("Chuyển bước sau: đồng thời các bước 3, 4",)
    assert as_table(processes["ct-qt01-khaisinh"])[1].time == "Chung 1 ngày làm việc"
