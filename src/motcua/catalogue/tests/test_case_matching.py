from __future__ import annotations

import pytest

from motcua.catalogue.rules.case_matching import best_match, closest_of_same_meaning, slug


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("không xác minh", "không phải xác minh", True),
        ("có xác minh", "phải xác minh", True),
        ("xác minh", "phải xác minh điều kiện kết hôn", True),
        ("không xác minh", "phải xác minh", False),
        ("cải chính", "thay đổi, cải chính – cần xác minh", False),
        ("bổ sung", "bổ sung thông tin hộ tịch", True),
        ("chuyển nhượng", "chuyển nhượng, thừa kế, tặng cho, góp vốn", True),
        ("cấp đổi kèm thay đổi", "cấp đổi kèm/không kèm thay đổi", True),
        ("đám tang", "đám cưới", False),
    ],
)
def test_names_of_the_same_case(left: str, right: str, same: bool) -> None:
    assert (closest_of_same_meaning(left, [("k", right)]) == "k") is same
    assert (closest_of_same_meaning(right, [("k", left)]) == "k") is same


def test_the_closest_of_several_is_taken() -> None:
    cases = [("a", "đăng ký và cấp GCN"), ("b", "đã đăng ký, nay có nhu cầu cấp GCN")]
    assert closest_of_same_meaning("c) đã đăng ký, nay có nhu cầu cấp GCN", cases) == "b"


def test_a_tie_is_no_match() -> None:
    assert best_match("lần đầu", [("a", "lần hai"), ("b", "lần ba")], at_least=0.1) is None


@pytest.mark.parametrize(
    ("name", "key"), [("Đám tang", "dam-tang"), ("a) mất GCN", "a-mat-gcn"), ("…", "truong-hop")]
)
def test_keys_are_readable(name: str, key: str) -> None:
    assert slug(name) == key
