"""The one field for a day: text in the order of Viet Nam, with the browser's calendar beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from motcua.kernel.web.days import DayField
from motcua.kernel.web.forms import Form


class Typed(Form):
    day = DayField(label="Ngày")


def shown(form: forms.Form) -> str:
    return Template("{% load motcua %}{% control form.day %}").render(Context({"form": form}))


@pytest.mark.parametrize("text", ["25/11/2026", "25112026", "25-11-2026", "2026-11-25", "25/11/26"])
def test_every_way_to_type_a_day_is_the_same_day_and_is_shown_day_first(text: str) -> None:
    form = Typed({"day": text})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 11, 25)
    assert 'value="25/11/2026"' in shown(form)


@pytest.mark.parametrize("text", ["11/25/2026", "31/02/2026", "hôm nay", "25/11"])
def test_what_is_no_day_is_told_with_what_was_typed_and_stays_in_the_field(text: str) -> None:
    form = Typed({"day": text})
    assert form.errors["day"] == [
        f"Không có ngày “{text}”. Gõ ngày trước, tháng sau, rồi năm, ví dụ 25/11/2026."
    ]
    page = shown(form)
    assert f'value="{text}"' in page
    assert 'aria-invalid="true"' in page
    assert "is-invalid" in page


def test_the_field_is_text_and_the_button_is_no_stop_for_the_tabulator() -> None:
    page = shown(Typed(initial={"day": date(2026, 3, 4)}))
    assert 'type="text"' in page
    assert 'value="04/03/2026"' in page
    assert 'data-day="date"' in page
    assert '<button type="button" class="day-open" tabindex="-1"' in page


def test_a_day_of_birth_has_no_calendar() -> None:
    class Person(Form):
        day = DayField(label="Ngày sinh", picker=False)

    assert "data-day-open" not in shown(Person())


def test_a_wrong_day_cannot_break_out_of_the_page() -> None:
    page = shown(Typed({"day": '"><script>'}))
    assert "<script>" not in page


def test_the_message_for_an_empty_field_is_the_forms_own() -> None:
    assert Typed({}).errors["day"] == ["Chưa nhập “Ngày”."]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"value": date(2026, 11, 25)}, 'value="25/11/2026"'),
        ({"value": "2026-11-25"}, 'value="25/11/2026"'),
        ({"value": "hôm nay", "error": "Không có ngày này."}, 'value="hôm nay"'),
        ({"value": date(2026, 11, 25), "kind": "month"}, 'value="11/2026"'),
        ({"value": "2026-11", "kind": "month"}, 'value="11/2026"'),
        ({"value": ""}, 'placeholder="ngày/tháng/năm"'),
    ],
)
def test_a_page_without_a_form_has_the_same_field(given: dict[str, Any], expected: str) -> None:
    page = Template('{% include "kernel/components/day_field.html" with name="tu" label="Từ ngày" %}').render(
        Context(given)
    )
    assert expected in page
    assert ('aria-describedby="tu-error"' in page) == ("error" in given)
    assert 'for="tu"' in page
    assert 'id="tu"' in page
