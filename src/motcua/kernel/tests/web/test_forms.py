from __future__ import annotations

import unicodedata

import pytest
from django import forms
from django.utils import translation

from motcua.kernel.web.forms import Form


class Person(Form):
    name = forms.CharField(label="Họ tên")
    born = forms.DateField(label="Ngày sinh")
    count = forms.IntegerField(label="Số bản")
    where = forms.ChoiceField(label="Nơi nhận", choices=[("a", "Quầy")])
    agree = forms.BooleanField(label="Đồng ý")
    paper = forms.FileField(label="Tờ khai")
    phone = forms.RegexField(r"^0", label="Điện thoại", error_messages={"invalid": "Bắt đầu bằng 0."})


@pytest.fixture(autouse=True)
def vietnamese() -> object:
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("name", "Chưa nhập “Họ tên”."),
        ("born", "Chưa nhập “Ngày sinh”."),
        ("where", "Chưa chọn “Nơi nhận”."),
        ("agree", "Chưa đánh dấu “Đồng ý”."),
        ("paper", "Chưa chọn tệp cho “Tờ khai”."),
    ],
)
def test_a_missing_answer_is_named(field: str, sentence: str) -> None:
    assert Person({}).errors[field] == [sentence]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("born", "31/02/2026", "“Ngày sinh” phải là ngày, ví dụ 25/11/2026."),
        ("count", "hai", "“Số bản” phải là số."),
        ("where", "z", "Chọn “Nơi nhận” trong danh sách."),
        ("phone", "9", "Bắt đầu bằng 0."),
    ],
)
def test_a_wrong_answer_is_told_how_to_be_right(field: str, typed: str, sentence: str) -> None:
    assert Person({field: typed}).errors[field] == [sentence]


class Limited(Form):
    name = forms.CharField(label="Tên 100%", max_length=5, required=False)
    number = forms.IntegerField(label="Số biên lai", min_value=1, max_value=99, required=False)
    own = forms.IntegerField(max_value=9, required=False, error_messages={"max_value": "Nhiều quá."})


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "123456", "“Tên 100%” dài 6 chữ, nhiều nhất 5. Rút ngắn lại."),
        ("number", "1234567890123", "“Số biên lai” nhiều nhất là 99. Kiểm tra số chữ số."),
        ("number", "0", "“Số biên lai” ít nhất là 1."),
        ("own", "10", "Nhiều quá."),
    ],
)
def test_too_long_and_too_much_are_told_with_the_limit(field: str, typed: str, sentence: str) -> None:
    assert Limited({field: typed}).errors[field] == [sentence]


def test_text_is_kept_in_one_spelling() -> None:
    form = Person({"name": unicodedata.normalize("NFD", "Đặng Thị Ước")})
    assert form.is_valid() is False
    assert form.cleaned_data["name"] == "Đặng Thị Ước"
