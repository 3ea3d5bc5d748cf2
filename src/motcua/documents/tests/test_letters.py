"""Letters look right, say everything, and stay what they were."""

from __future__ import annotations

import dataclasses
import io
import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fontTools.ttLib import TTFont

from motcua.documents import letters
from motcua.documents.errors import FontMissing, LetterNotRendered, LetterSettingsWrong, UnknownLetterKind
from motcua.documents.letters import rendering
from motcua.documents.letters.kinds import letter_kind, load_kinds
from motcua.documents.tests import samples
from motcua.documents.types import ApologyLetter, LetterData, Party, SlipPaper, StopNotice

SAMPLES = samples.all_samples()
VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = [unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES]
ALPHABET = [
    *LETTERS,
    *(letter.upper() for letter in LETTERS),
    *"bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX",
    "₫",
    "№",
    "–",
    "…",
]


def pdf_of(kind: str, data: LetterData, number: int = 7) -> bytes:
    text = letter_kind(kind).number_text(number=number, year=2026, sign=data.head.sign)
    return letters.render(kind, data, number_text=text, issued_at=samples.ISSUED)


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(content: bytes) -> str:
    pages = [page.extract_text() for page in read(content).pages]
    return unicodedata.normalize("NFC", " ".join(" ".join(pages).replace("\u200b", "").split()))


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_form_says_its_title_number_and_motto(kind: str) -> None:
    text = words_of(pdf_of(kind, SAMPLES[kind]))
    assert letter_kind(kind).title.upper() in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Số: 07/" in text
    assert "Kinh Bắc, ngày 23 tháng 11 năm 2026" in text


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_form_is_archivable_accessible_and_vietnamese(kind: str) -> None:
    content = pdf_of(kind, SAMPLES[kind])
    catalogue: Any = read(content).trailer["/Root"]
    metadata = catalogue["/Metadata"].get_data().decode()
    assert 'pdfaid:part="2"' in metadata or "<pdfaid:part>2<" in metadata
    assert "pdfuaid:part" in metadata
    assert str(catalogue["/Lang"]).startswith("vi")
    assert catalogue["/MarkInfo"]["/Marked"]
    assert letter_kind(kind).title in str(read(content).metadata and read(content).metadata.title)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("reception_slip", "09 giờ 32 phút, ngày 02/12/2026"),
        ("reception_slip", "Số lượng hồ sơ: 01 (bộ)"),
        (
            "reception_slip",
            "Hợp đồng chuyển nhượng quyền sử dụng đất đã công chứng (01 bản chính, 01 bản sao)",
        ),
        ("reception_slip_table", "Bản chứng thực"),
        ("reception_slip_certification", "60.000"),
        ("supplement_request", "Đề nghị bổ sung, hoàn thiện trước hết ngày 14 tháng 12 năm 2026"),
        ("refusal", "đang có đơn tranh chấp"),
        ("apology", "không thể trả kết quả"),
        ("apology", "ngày 09 tháng 12 năm 2026"),
        ("stop_notice", "13 giờ 32 phút, ngày 25 tháng 11 năm 2026"),
        ("control_slip", "2. Nhận: Thuế cơ sở 1"),
        ("control_slip", "Quá hạn"),
        ("dossier_register", "H05.16-261114-0060"),
    ],
)
def test_forms_carry_their_fields(kind: str, said: str) -> None:
    assert said in words_of(pdf_of(kind, SAMPLES[kind]))


def test_an_apology_sent_after_the_due_date_says_so() -> None:
    late = dataclasses.replace(samples.APOLOGY, old_due_at=samples.ISSUED - timedelta(days=1))
    assert "đến nay" in words_of(pdf_of("apology", late))


@pytest.mark.parametrize("kind", ["reception_slip", "reception_slip_table"])
def test_the_slip_of_an_ordinary_dossier_is_one_sheet(kind: str) -> None:
    assert len(read(pdf_of(kind, samples.reception_slip())).pages) == 1


def test_the_slip_of_an_authorised_person_is_one_sheet_and_names_both() -> None:
    content = pdf_of("reception_slip", samples.AUTHORISED)
    assert len(read(content).pages) == 1
    assert "Trần Đình Khương" in words_of(content)
    assert "Nguyễn Thị Thuỷ Tiên" in words_of(content)


def test_long_names_and_sixty_papers_wrap_over_numbered_pages() -> None:
    papers = tuple(SlipPaper(name=f"Giấy tờ thứ {i}: {samples.LONG_UNIT}", originals=1) for i in range(1, 61))
    head = dataclasses.replace(samples.HEAD, name=samples.LONG_UNIT)
    slip = samples.reception_slip(papers=papers, request=samples.LONG_PROCEDURE, head=head)
    for kind in ("reception_slip", "reception_slip_table"):
        content = pdf_of(kind, slip)
        text = words_of(content)
        assert samples.LONG_PROCEDURE in text
        assert "Giấy tờ thứ 60:" in text
        assert f"Trang 2/{len(read(content).pages)}" in text


@pytest.mark.parametrize(("kind", "data"), [("apology", samples.APOLOGY), ("stop_notice", samples.STOP)])
def test_a_long_name_under_a_letter_is_not_pulled_apart(kind: str, data: ApologyLetter | StopNotice) -> None:
    """The text of a letter is set to both margins; the unit above it and the name below it are centred."""
    name = "Công Tằng Tôn Nữ Nguyễn Thị Phương Hoàng Khánh Quỳnh Trang Thương Nguyệt Ánh"
    signer = dataclasses.replace(data.signer, name=name)
    long = dataclasses.replace(data, signer=signer)
    page = read(pdf_of(kind, long)).pages[-1]
    text = unicodedata.normalize("NFC", page.extract_text(extraction_mode="layout"))
    signed = next(line.strip() for line in text.splitlines() if line.strip().startswith("Hoàng"))
    assert "  " not in signed, signed


def test_the_head_row_of_a_register_is_on_every_page() -> None:
    content = pdf_of("dossier_register", samples.register(200))
    for page in read(content).pages:
        assert "Tên thủ tục hành chính" in " ".join(page.extract_text().split())
        assert page.mediabox.width > page.mediabox.height


def test_a_very_long_word_stays_on_the_page() -> None:
    slip = samples.reception_slip(request="A" * 300, notes=("https://example.vn/" + "x" * 200,))
    page = read(pdf_of("reception_slip", slip)).pages[0]
    rights: list[float] = []
    page.extract_text(
        visitor_text=lambda text, _cm, tm, _f, _s: rights.append(tm[4]) if text.strip() else None
    )
    assert max(rights) < float(page.mediabox.width)


def test_an_empty_register_says_there_was_nothing() -> None:
    assert "Không có hồ sơ trong kỳ" in words_of(pdf_of("dossier_register", samples.register(0)))


def test_the_fonts_have_every_vietnamese_letter() -> None:
    fonts = sorted(rendering.FONT_FOLDER.glob("*.ttf"))
    if not fonts:
        pytest.skip("the fonts are fetched by set-up; a system font stands in")
    assert len(fonts) == 4
    for path in fonts:
        known = TTFont(path).getBestCmap()
        assert [char for char in ALPHABET if ord(char) not in known] == []


def test_every_vietnamese_letter_survives_the_way_through_a_pdf() -> None:
    lines = tuple(" ".join(ALPHABET[i : i + 20]) for i in range(0, len(ALPHABET), 20))
    text = words_of(pdf_of("refusal", dataclasses.replace(samples.REFUSAL, reasons=lines)))
    assert [char for char in ALPHABET if char not in text] == []


def test_decomposed_text_is_composed_before_it_is_kept() -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Thị Thuỷ")
    slip = samples.reception_slip(applicant=Party(name=name))
    assert slip.to_json()["applicant"]["name"] == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "base.typ"',
        "#panic(1)",
        "$x^2$ *đậm* _nghiêng_ @ref <label>",
        "\\ // /* ` ~ {{ }}",
        '"}; #sys.inputs',
    ],
)
def test_what_people_type_is_shown_and_never_run(hostile: str) -> None:
    slip = samples.reception_slip(request=hostile, papers=(SlipPaper(name=hostile),), notes=(hostile,))
    shown = " ".join(hostile.split())
    assert shown in words_of(pdf_of("reception_slip", slip))


def test_moments_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        samples.reception_slip(received_at=datetime(2026, 11, 23, 9, 0)).to_json()  # noqa: DTZ001 - the point


def test_moments_are_kept_in_vietnamese_time() -> None:
    assert samples.reception_slip().to_json()["received_at"] == "2026-11-23T09:32+07:00"


def test_the_snapshot_is_json_and_gives_the_same_bytes_again() -> None:
    payload = letters.payload_for(
        "reception_slip", samples.reception_slip(), number_text="07/TTPVHCC", issued_at=samples.ISSUED
    )
    kept = json.loads(json.dumps(payload))
    assert letters.render_payload(kept) == letters.render_payload(payload)


def test_threads_render_at_the_same_time_without_mixing() -> None:
    names = [f"Người nộp thứ {number}" for number in range(12)]

    def work(name: str) -> str:
        return words_of(pdf_of("reception_slip", samples.reception_slip(applicant=Party(name=name))))

    with ThreadPoolExecutor(4) as pool:
        for name, text in zip(names, pool.map(work, names), strict=True):
            assert name in text


def test_a_missing_font_is_an_error_and_not_another_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "family", lambda: "No Such Family")
    with pytest.raises(LetterNotRendered, match="unknown font family"):
        pdf_of("refusal", samples.REFUSAL)


def test_no_fonts_at_all_names_the_command_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "FAMILIES", ("No Such Family",))
    rendering.family.cache_clear()
    try:
        with pytest.raises(FontMissing, match="motcua setup"):
            rendering.family()
    finally:
        rendering.family.cache_clear()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownLetterKind):
        letter_kind("love_letter")


def test_the_operator_can_renumber_a_form(tmp_path: Path) -> None:
    own = tmp_path / "kinds.json"
    own.write_text(json.dumps([{"kind": "control_slip", "form": "05", "suffix": "{number}/{year}/PKS"}]))
    kind = load_kinds(str(own))["control_slip"]
    assert (kind.form, kind.title) == ("05", "Phiếu kiểm soát quá trình giải quyết hồ sơ")
    assert kind.number_text(number=3, year=2026, sign="X") == "3/2026/PKS"


@pytest.mark.parametrize(
    "entries",
    [
        "{",
        '{"kind": "refusal"}',
        '[{"kind": "refusal", "sufix": "x"}]',
        '[{"kind": "refusal", "suffix": "/PTC"}]',
        '[{"kind": "refusal", "suffix": "{nummer}"}]',
    ],
)
def test_wrong_settings_of_letters_are_named(tmp_path: Path, entries: str) -> None:
    own = tmp_path / "kinds.json"
    own.write_text(entries)
    with pytest.raises(LetterSettingsWrong):
        load_kinds(str(own))


@pytest.mark.parametrize("template", ["../base", "nothing", "a/b"])
def test_a_template_name_never_leaves_its_folder(template: str) -> None:
    payload = letters.payload_for("refusal", samples.REFUSAL, number_text="1", issued_at=datetime.now(UTC))
    payload["form"]["template"] = template
    with pytest.raises(LetterNotRendered, match="no template"):
        letters.render_payload(payload)


def test_a_character_the_font_has_not_is_printed_as_a_box() -> None:
    slip = samples.reception_slip(applicant=Party(name="Nguyễn 😀 Thị \ue000 Ánh"))
    text = words_of(pdf_of("reception_slip", slip))
    assert "Nguyễn □ Thị □ Ánh" in text


def test_a_slip_with_money_to_pay_says_how_and_stays_on_one_sheet() -> None:
    content = pdf_of("reception_slip", samples.reception_slip(payments=(samples.TO_PAY,), fee_text=""))
    text = words_of(content)
    assert "Phí, lệ phí phải nộp: 50.000 đồng" in text
    assert "2601201009999 tại Agribank, chủ tài khoản UBND PHUONG KINH BAC" in text
    assert "nội dung MC251201ABCDEFGHJK" in text and "Quét để nộp tiền" in text
    assert "Hoặc nộp tiền mặt tại quầy thu" in text
    assert len(read(content).pages) == 1


def test_without_an_account_the_slip_says_where_to_pay() -> None:
    text = words_of(
        pdf_of("reception_slip", samples.reception_slip(payments=(samples.NO_ACCOUNT,), fee_text=""))
    )
    assert "Nộp tiền mặt tại quầy thu của Trung tâm" in text and "Chuyển khoản" not in text


def test_a_slip_from_before_there_was_a_payment_block_prints_as_it_did() -> None:
    slip = samples.reception_slip(fee_text="")
    kept = letters.payload_for("reception_slip", slip, number_text="07/GTN", issued_at=samples.ISSUED)
    del kept["payments"]
    assert "Phí, lệ phí phải nộp" not in words_of(letters.render_payload(kept))
