"""Every component with everyday, long, empty and very many contents."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

import motcua
from motcua.kernel import clock
from motcua.kernel.web import style_sample
from motcua.kernel.web.icons import ICONS

PACKAGE = Path(motcua.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
COMPONENTS = sorted((PACKAGE / "kernel/templates/kernel/components").glob("*.html"))


class Ids(HTMLParser):
    """Collects ids, references to them, and inline style or script that the content policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if "id" in named:
            self.ids.append(named["id"])
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.refers += named.get(name, "").split()
        self.inline += [name for name in named if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in named):
            self.inline.append(tag)


def read(page: str) -> Ids:
    parser = Ids()
    parser.feed(page)
    return parser


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_survives_knowing_nothing(path: Path) -> None:
    given = {"name": "x", "id": "x", "field": style_sample.SampleForm()["name"]}
    assert isinstance(render_to_string(f"kernel/components/{path.name}", given), str)


def test_the_style_page_shows_every_component(site: Client) -> None:
    page = site.get("/kieu-dang/").content.decode()
    for text in ("Công Tằng Tôn Nữ", "Quá hạn 3 ngày làm việc", "Chưa có", "500+", "Còn 4 chỗ cần sửa"):
        assert text in page


def test_the_style_page_has_whole_references_and_nothing_inline(site: Client) -> None:
    found = read(site.get("/kieu-dang/").content.decode())
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids)
    assert found.inline == []


@pytest.mark.parametrize("size", [0, 1, 200])
def test_a_table_holds_no_row_one_row_or_very_many(size: int) -> None:
    rows = [{"cells": [style_sample.LONG_PERSON, index], "url": f"/{index}/"} for index in range(size)]
    columns = [{"label": "Tên"}, {"label": "Số", "num": True}]
    page = render_to_string(
        "kernel/components/table.html",
        {"caption": "Bảng", "columns": columns, "rows": rows, "empty_title": "Trống"},
    )
    assert page.count('scope="row"') == size
    assert ("Trống" in page) is (size == 0)


def test_a_worklist_of_two_hundred_rows_is_ready_for_the_page() -> None:
    assert len(style_sample.worklist(clock.now(), 200)) == 200


def test_tabs_say_zero_and_cap_the_rest() -> None:
    page = render_to_string(
        "kernel/components/tabs.html", {"label": "Danh sách", "tabs": style_sample.tabs()}
    )
    assert ">0<" in page
    assert "26412" not in page


def test_a_field_keeps_what_was_typed() -> None:
    form = style_sample.SampleForm({"phone": '09"<x>'})
    page = render_to_string("kernel/components/field.html", {"field": form["phone"]})
    assert "09&quot;&lt;x&gt;" in page
    assert "phải có 10 chữ số" in page


def test_everything_shown_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    for name, given in (
        ("page_header", {"title": evil, "lead": evil, "eyebrow": evil, "crumbs": [{"label": evil}]}),
        ("alert", {"title": evil, "text": evil}),
        ("timeline", {"entries": [{"title": evil, "text": evil, "who": evil}]}),
        ("definition_list", {"items": [{"label": evil, "value": evil}]}),
        ("input", {"name": "x", "label": evil, "value": evil, "error": evil, "hint": evil}),
        ("tag", {"text": evil, "remove_url": "/"}),
    ):
        assert "<script" not in render_to_string(f"kernel/components/{name}.html", given), name


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'{%\s*icon\s+"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert named - set(ICONS) == set()


def test_no_template_carries_inline_style_or_script() -> None:
    carriers = [
        str(path.relative_to(PACKAGE))
        for path in TEMPLATES
        if re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", path.read_text(encoding="utf-8"))
    ]
    assert carriers == []
