"""What is let in and what is not. Every refusal is a Vietnamese sentence and a code."""

from __future__ import annotations

import contextlib
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.documents.errors import UploadRefused
from motcua.documents.rules.uploads.inspecting import inspect
from motcua.documents.rules.uploads.limits import UploadLimits
from motcua.documents.rules.uploads.names import clean_name
from motcua.documents.tests.hostile import (
    archive,
    archive_lying_about_size,
    archive_marked_encrypted,
    archive_with_link,
    docx,
    image,
    office,
    pdf,
    pdf_packing,
    png_claiming,
    relation,
    xlsx,
)
from motcua.documents.types import Inspection

LIMITS = UploadLimits(
    max_bytes=2_000_000, max_pixels=1_000_000, max_unpacked=8_000_000, max_entries=20, max_pages=50
)
PDF, JPG, PNG = pdf(), image("JPEG"), image("PNG")
SCRIPT = b"<script>alert(1)</script>"
JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"
JS_ESCAPED = b"/OpenAction << /S /J#61vaScr#69pt >> "
LAUNCH = b"/AA << /O << /S /Launch /F (cmd.exe) >> >> "
HEX = b"/Filter /ASCIIHexDecode"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]>'
SETTINGS_RELS = "word/_rels/settings.xml.rels"
DOCUMENT_RELS = "word/_rels/document.xml.rels"
TEMPLATE = "attachedTemplate"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def check(name: str, content: bytes) -> Inspection:
    return inspect(io.BytesIO(content), name=name, limits=LIMITS)


GOOD = [
    ("Đơn đề nghị cấp giấy phép.pdf", PDF, "pdf"),
    (unicodedata.normalize("NFD", "Giấy chứng nhận quyền sử dụng đất.pdf"), PDF, "pdf"),
    ("hồ sơ v2.1 (bản cuối).PDF", PDF, "pdf"),
    ("ảnh chân dung.jpeg", JPG, "jpg"),
    ("can-cuoc.png", PNG, "png"),
    ("ban-do.tif", image("TIFF", frames=3), "tiff"),
    ("don.docx", office("docx"), "docx"),
    ("bang ke.xlsx", office("xlsx"), "xlsx"),
    ("co lien ket.docx", docx(DOCUMENT_RELS, relation("hyperlink", external=True)), "docx"),
    ("co mau.docx", docx(SETTINGS_RELS, relation(TEMPLATE, external=False)), "docx"),
    ("ho-so.zip", archive({"giấy tờ/đơn.pdf": PDF, "ảnh.jpg": JPG, "__MACOSX/._x": b"\0"}), "zip"),
    ("nen.pdf", pdf_packing(b"<< /Type /Page >>"), "pdf"),
    ("nhac-toi-javascript.pdf", pdf(b"/Title (Khoa hoc /JavaScripting) "), "pdf"),
]


@pytest.mark.parametrize(("name", "content", "kind"), GOOD, ids=[row[0] for row in GOOD])
def test_ordinary_papers_are_taken(name: str, content: bytes, kind: str) -> None:
    found = check(name, content)
    assert found.kind == kind
    assert found.name == unicodedata.normalize("NFC", name)


def test_what_is_known_about_a_paper_is_kept() -> None:
    assert check("a.pdf", pdf(pages=4)).pages == 4
    assert check("a.pdf", pdf_packing(b"<< /Type /Page >>")).pages == 2
    picture = check("a.png", PNG)
    assert (picture.width, picture.height, picture.mime) == (60, 40, "image/png")
    assert check("a.tiff", image("TIFF", frames=3)).pages == 3


BAD = [
    ("empty file", "a.pdf", b"", "empty"),
    ("too big", "a.pdf", PDF + b"\0" * 2_000_000 + b"%%EOF", "too_big"),
    ("program", "a.pdf", b"MZ\x90\0" + b"\0" * 200, "type"),
    ("program named so", "a.exe", b"MZ", "name_runnable"),
    ("double extension", "don.pdf.exe", PDF, "name_runnable"),
    ("hidden extension", "don.exe.pdf", PDF, "name_runnable"),
    ("direction override", "don\u202efdp.exe.pdf", PDF, "name_hidden"),
    ("zero width", "don\u200b.pdf", PDF, "name_hidden"),
    ("NUL in name", "a.php\0.pdf", PDF, "name_hidden"),
    ("line break in name", "a\r\nSet-Cookie: x.pdf", PDF, "name_hidden"),
    ("lone surrogate", "a\udc80.pdf", PDF, "name_hidden"),
    ("path up", "../../etc/passwd.pdf", PDF, "name_path"),
    ("Windows path", "C:\\Users\\a.pdf", PDF, "name_path"),
    ("only extension", ".pdf", PDF, "name_reserved"),
    ("only dots", "...", PDF, "name_empty"),
    ("device name", "CON.pdf", PDF, "name_reserved"),
    ("no extension", "giay-to", PDF, "name_extension"),
    ("old Word", "don.doc", OLD_WORD, "name_extension"),
    ("long name", "a" * 200 + ".pdf", PDF, "name_long"),
    ("web page", "a.html", b"<html>", "name_runnable"),
    ("SVG", "a.svg", b"<svg onload='x'>", "name_runnable"),
    ("web page as PDF", "a.pdf", b"<html>" + SCRIPT, "type"),
    ("PNG as PDF", "a.pdf", PNG, "mismatch"),
    ("PDF as JPG", "a.jpg", PDF, "mismatch"),
    ("docx as zip", "a.zip", office("docx"), "mismatch"),
    ("PDF starting as a web page", "a.pdf", b"%PDF-1.4\n<html>" + SCRIPT + PDF, "polyglot"),
    ("JPG with script", "a.jpg", JPG[:2] + b"\xff\xfe\0\x1b" + SCRIPT + JPG[2:], "polyglot"),
    ("JPG with an archive behind", "a.jpg", JPG + archive({"a.class": b"x"}), "polyglot"),
    ("PDF with an archive behind", "a.pdf", PDF + archive({"a.js": b"x"}), "polyglot"),
    ("PDF cut off", "a.pdf", PDF[:-40], "truncated"),
    ("PDF with data behind", "a.pdf", PDF + b"A" * 5000, "truncated"),
    ("PDF with password", "a.pdf", pdf(trailer=b"/Encrypt 9 0 R "), "pdf_encrypted"),
    ("PDF with script", "a.pdf", pdf(b"/OpenAction " + JS), "pdf_active"),
    ("PDF with disguised script", "a.pdf", pdf(JS_ESCAPED), "pdf_active"),
    ("PDF that starts programs", "a.pdf", pdf(LAUNCH), "pdf_active"),
    ("PDF with packed script", "a.pdf", pdf_packing(JS), "pdf_active"),
    ("PDF with an odd filter", "a.pdf", pdf_packing(b"", filtered=HEX, packed=b"789c4b>"), "pdf_odd"),
    ("PDF bomb", "a.pdf", pdf_packing(b"\0" * 20_000_000), "pdf_odd"),
    ("PDF with too many pages", "a.pdf", pdf(pages=51), "pages"),
    ("pixel bomb", "a.png", png_claiming(60_000, 60_000), "pixels"),
    ("too many pixels", "a.png", png_claiming(1200, 1000), "pixels"),
    ("TIFF with too many pages", "a.tif", image("TIFF", (2, 2), frames=52), "pixels"),
    ("JPG cut off", "a.jpg", JPG[: len(JPG) // 2], "truncated"),
    ("PNG with a damaged part", "a.png", PNG[:45] + b"\xaa\xbb" + PNG[47:], "image_broken"),
    ("JPG of nothing", "a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 50 + b"\xff\xd9", "image_broken"),
    ("damaged archive", "a.zip", archive({"a.pdf": PDF})[:-10], "zip_broken"),
    ("empty archive", "a.zip", archive({}), "empty"),
    ("archive climbing out", "a.zip", archive({"../../a.pdf": PDF}), "zip_names"),
    ("archive with absolute path", "a.zip", archive({"/etc/a.pdf": PDF}), "zip_names"),
    ("archive with backslashes", "a.zip", archive({"..\\a.pdf": PDF}), "zip_names"),
    ("archive with a link", "a.zip", archive_with_link(), "zip_names"),
    ("archive too deep", "a.zip", archive({"a/b/c/d/e/f/g.pdf": PDF}), "zip_names"),
    ("archive with password", "a.zip", archive_marked_encrypted(), "zip_encrypted"),
    ("archive of many", "a.zip", archive({f"{n}.pdf": PDF for n in range(21)}), "zip_entries"),
    ("archive in an archive", "a.zip", archive({"b.zip": archive({"c.pdf": PDF})}), "zip_nested"),
    ("program in an archive", "a.zip", archive({"b.exe": b"MZ"}), "zip_inside"),
    ("scripted PDF in an archive", "a.zip", archive({"b.pdf": pdf(JS)}), "zip_inside"),
    ("archive bomb", "a.zip", archive({"a.pdf": b"\0" * 7_000_000}), "zip_bomb"),
    ("many small bombs", "a.zip", archive({f"{n}.pdf": b"\0" * 1_900_000 for n in range(5)}), "zip_bomb"),
    ("archive lying about sizes", "a.zip", archive_lying_about_size(), "zip_broken"),
    ("docx with macros", "a.docx", docx("word/vbaProject.bin", b"x"), "office_macro"),
    ("docx with a program", "a.docx", docx("word/embeddings/oleObject1.bin", b"x"), "office_macro"),
    (
        "docx calling a template",
        "a.docx",
        docx(SETTINGS_RELS, relation(TEMPLATE, external=True)),
        "office_external",
    ),
    ("docx with entities", "a.docx", docx("word/a.xml", ENTITIES), "office_broken"),
    ("docx in UTF-16", "a.docx", docx("word/a.xml", "<!DOCTYPE x>".encode("utf-16")), "office_broken"),
    ("docx hiding far down", "a.docx", docx(SETTINGS_RELS, b" " * 2_000_000), "office_broken"),
    ("docx bomb", "a.docx", docx("word/a.xml", b" " * 7_000_000), "zip_bomb"),
    ("xlsx with macro sheets", "a.xlsx", xlsx("xl/macrosheets/sheet1.xml", b"<x/>"), "office_macro"),
    ("pptx", "a.pptx", archive({"[Content_Types].xml": b"<x/>", "ppt/a.xml": b"<x/>"}), "name_extension"),
]


@pytest.mark.parametrize(("name", "content", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_dangerous_and_broken_files_are_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        check(name, content)
    assert refused.value.code == code
    sentence = refused.value.message.source()
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_a_refusal_names_the_file_and_what_to_do() -> None:
    with pytest.raises(UploadRefused) as refused:
        check("căn cước.pdf", PNG)
    assert refused.value.message.source() == (
        "Tệp “căn cước.pdf” có đuôi .pdf nhưng nội dung là PNG. Hãy sửa đuôi tệp hoặc chọn đúng tệp."
    )
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    "content",
    [
        PDF[:-6] + b"/ObjStm " * 240_000 + b"%%EOF",
        PDF[:-6] + b"/ObjStm stream\n1 2 " * 90_000 + b"%%EOF",
        PDF[:-6] + b"/" * 1_900_000 + b"%%EOF",
        PDF[:-6] + b"/#4a#61#76" * 180_000 + b"%%EOF",
    ],
    ids=["many object streams", "many starts", "slashes", "escapes"],
)
def test_files_made_to_keep_the_check_busy_are_answered(content: bytes) -> None:
    with contextlib.suppress(UploadRefused):
        check("a.pdf", content)


@given(st.text(max_size=60))
def test_a_name_is_refused_or_harmless(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except UploadRefused:
        return
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set("/\\\0\r\n\u202e") & set(cleaned)
    assert clean_name(cleaned) == cleaned


@given(st.sampled_from([PDF, JPG, PNG, office("docx"), archive({"a.pdf": PDF})]), st.data())
def test_damaged_files_never_crash_the_check(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    for name in ("a.pdf", "a.jpg", "a.png", "a.docx", "a.zip"):
        try:
            check(name, bytes(broken))
        except UploadRefused:
            continue
