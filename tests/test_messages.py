"""Both languages are complete, and nothing marked for translation escapes the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from motcua.config import messages
from motcua.kernel.messages import msg


@pytest.fixture
def english() -> Iterator[None]:
    messages.compile_catalogues()
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def found() -> dict[str, messages.Sentence]:
    return messages.source_strings()


def test_every_sentence_has_its_english_translation_with_the_same_places() -> None:
    assert messages.problems() == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("Việc của tôi", "config/navigation.py", id="python gettext_noop"),
        pytest.param("Chủ hồ sơ", "dossiers/types.py", id="python gettext_lazy"),
        pytest.param("%(n)s thủ tục", "catalogue/views/lists.py", id="python ngettext"),
        pytest.param("%(amount)s ngày làm việc", "catalogue/rules/time_limits.py", id="rule msg"),
        pytest.param(
            "Tên tệp dài quá %(limit)s ký tự. Hãy rút ngắn tên tệp.",
            "documents/rules/uploads/names.py",
            id="rule refuse",
        ),
        pytest.param("Đăng nhập", "kernel/templates/kernel/login.html", id="template translate"),
        pytest.param(
            "%(n)s ngày làm việc trong tháng",
            "organisation/templates/organisation/calendar.html",
            id="template blocktranslate",
        ),
        pytest.param(
            "Kéo tệp vào đây hoặc bấm để chọn.",
            "kernel/templates/kernel/components/file_drop.html",
            id="template argument of a tag",
        ),
        pytest.param(
            "Đã giữ nháp lúc %%(time)s",
            "counter/templates/counter/reception.html",
            id="words of a script, in an attribute",
        ),
    ],
)
def test_marked_sentences_are_found(found: dict[str, messages.Sentence], text: str, place: str) -> None:
    assert place in found[text].places


def test_a_counted_sentence_keeps_its_plural(found: dict[str, messages.Sentence]) -> None:
    assert found["Kết quả trả cho %(name)s"].plural == "%(n)s kết quả trả cho %(name)s"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("amount", "words"), [("1", "1 working day"), ("3", "3 working days"), ("0,5", "0,5 working days")]
)
def test_a_rule_speaks_of_one_and_of_many(amount: str, words: str) -> None:
    assert msg("%(amount)s ngày làm việc", amount=amount).render() == words


@pytest.mark.usefixtures("english")
def test_source_stays_vietnamese_for_letters_whatever_the_reader_speaks() -> None:
    assert msg("%(amount)s ngày làm việc", amount=2).source() == "2 ngày làm việc"


@pytest.mark.usefixtures("english")
def test_templates_count_in_english() -> None:
    assert ngettext("%(n)s thủ tục", "%(n)s thủ tục", 1) == "%(n)s procedure"
    assert ngettext("%(n)s thủ tục", "%(n)s thủ tục", 2) == "%(n)s procedures"
    assert gettext("Việc của tôi") == "My work"


def test_vietnamese_readers_see_the_source() -> None:
    with translation.override("vi"):
        assert gettext("Việc của tôi") == "Việc của tôi"
        assert ngettext("%(n)s thủ tục", "%(n)s thủ tục", 1) == "%(n)s thủ tục"


def test_translations_carry_the_same_tags_as_their_source() -> None:
    broken = [
        entry.msgid
        for entry in polib.pofile(str(messages.CATALOGUE))
        if any(
            re.findall(r"</?\w+|&\w+;", entry.msgid) != re.findall(r"</?\w+|&\w+;", form)
            for form in (list(entry.msgstr_plural.values()) or [entry.msgstr])
        )
    ]
    assert broken == []


VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
MARKED = re.compile(
    r"{% (?:blocktranslate|comment)\b.*?{% end\w+ %}|{# .*? #}|{% translate\b.*?%}|_\(([\"']).*?\1\)",
    re.DOTALL,
)
# The product's and the language's own name, specimens of type in the style guide, the sign of the currency.
NAMES = ("Một Cửa", "Tiếng Việt", 'class="h1-sample"', "<small> đ</small>")


def test_no_template_holds_unmarked_vietnamese() -> None:
    found = []
    for path in _templates():
        shown = MARKED.sub("", path.read_text(encoding="utf-8"))
        found += [
            f"{path.relative_to(messages.PACKAGE)}: {line.strip()[:80]}"
            for line in shown.splitlines()
            if VIETNAMESE.search(line) and not any(name in line for name in NAMES)
        ]
    assert found == []


def _templates() -> list[Path]:
    return [
        path for path in sorted(messages.PACKAGE.rglob("templates/**/*.html")) if "tests" not in path.parts
    ]
