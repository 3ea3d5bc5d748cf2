from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from motcua.kernel.templatetags import motcua as tags

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    with translation.override("vi"):
        return Template("{% load motcua %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ day|vn_date }}", "23/11/2026"),
        ("{{ day|vn_datetime }}", "23/11/2026 10:00"),
        ("{{ day|weekday_date }}", "Thứ Hai, 23/11/2026"),
        ("{{ 15000|dong }}", "15.000\u00a0đồng"),
        ("{{ 501|capped }}", "500+"),
        ("{{ 51|capped:50 }}", "50+"),
        ("{{ counts|get:key }}", "3"),
        ("{{ nothing|get:key }}", "None"),
        ("{{ items|at:1 }}{{ items|at:9 }}", "b"),
    ],
)
def test_filters(source: str, said: str) -> None:
    assert render(source, day=NOW, counts={"late": 3}, key="late", items=["a", "b"], nothing=None) == said


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in tags.icon("printer")
    labelled = tags.icon("printer", label="In <giấy>")
    assert 'role="img"' in labelled
    assert "In &lt;giấy&gt;" in labelled


def test_a_status_is_words_icon_and_colour_together() -> None:
    badge = tags.status_badge("<b>Đang xử lý</b>", "progress")
    assert "&lt;b&gt;Đang xử lý" in badge
    assert "#player-play" in badge
    assert "status-progress" in badge
    assert "status-neutral" in tags.status_badge("Lạ", "no such kind")


def test_time_left_uses_the_moment_of_the_page() -> None:
    assert "Hôm nay 16:00" in render("{% time_left due %}", due=NOW + timedelta(hours=6), now=NOW)


def test_time_left_takes_names_the_page_does_not_have() -> None:
    said = render(
        "{% include 'kernel/components/time_left.html' %}", due_at=NOW + timedelta(hours=6), now=NOW
    )
    assert "Hôm nay 16:00" in said


def test_a_link_keeps_the_query_and_changes_what_it_names() -> None:
    request = RequestFactory().get("/", {"q": "đất", "tab": "all", "cursor": "x"})
    said = render('{% query_with tab="late" cursor=None %}', request=request)
    assert said == "?q=%C4%91%E1%BA%A5t&amp;tab=late"
    assert render('{% query_with tab="late" %}') == "?tab=late"


class PersonForm(forms.Form):
    name = forms.CharField(label="Họ tên", help_text="Như trên giấy tờ")
    phone = forms.CharField(label="Điện thoại", required=False)


def test_a_control_is_tied_to_its_hint_and_its_error() -> None:
    form = PersonForm({"name": "", "phone": "09"})
    wrong = str(tags.control(form["name"]))
    assert 'aria-describedby="id_name-hint id_name-error"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert "is-invalid" in wrong
    right = str(tags.control(form["phone"], autocomplete="tel", data_key="F4"))
    assert 'value="09"' in right
    assert 'autocomplete="tel"' in right
    assert 'data-key="F4"' in right
    assert "describedby" not in right


def test_errors_link_to_their_fields() -> None:
    form = PersonForm({"name": ""})
    form.add_error(None, "Hai ô không khớp.")
    links = tags.error_links(form)
    assert [link["href"] for link in links] == ["", "#id_name"]
    assert tags.error_links({"phone": "Thiếu số", "": "Chung"})[0] == {
        "href": "#phone",
        "label": "",
        "text": "Thiếu số",
    }
    assert tags.error_links(None) == []
