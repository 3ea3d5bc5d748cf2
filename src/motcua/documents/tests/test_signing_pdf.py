"""A signed letter is still PDF/A-2a and PDF/UA-1, and its stamps stand where the signatures belong."""

from __future__ import annotations

import dataclasses
import io
from functools import cache
from typing import Any

import pypdf
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.documents.letters import payload_for, render_payload
from motcua.documents.letters.kinds import all_kinds
from motcua.documents.rules.signing import CannotSign, Place, Role, Signer
from motcua.documents.signing import certificates, fields, pades, places, stamp
from motcua.documents.tests import samples, signers

NOW = samples.ISSUED
SIGNED = [
    (kind.kind, roles)
    for kind in all_kinds().values()
    if kind.signers and kind.kind in samples.all_samples()
    for roles in {kind.signers, kind.signers[-1:], kind.signers[:1]}
]
LONG = "Trung tâm Phục vụ hành chính công và Xúc tiến đầu tư của Ủy ban nhân dân phường Kinh Bắc"


def box_list(kind: str, roles: tuple[str, ...]) -> tuple[bytes, list[fields.FieldBox]]:
    payload = payload_for(kind, samples.all_samples()[kind], number_text="07/X", issued_at=NOW)
    wanted = [Place(Role(role), Signer(driver="pkcs12")) for role in roles]
    labels = {role: f"Chữ ký số: {role.label.source()}" for role in Role}
    return render_payload(payload), places.boxes(payload, version=1, places=wanted, labels=labels)


@cache
def signed(kind: str, roles: tuple[str, ...]) -> tuple[bytes, bytes]:
    """The letter, and the letter signed in all these places."""
    plain, boxes = box_list(kind, roles)
    paper = fields.with_fields(plain, boxes)
    for box in boxes:
        own = signers.certificate(LONG if box.name == "seal" else "Nguyễn Thị Hoa", unit="Phường Kinh Bắc")
        identity = pades.Identity(
            own.public_bytes(Encoding.DER), (signers.authority().public_bytes(Encoding.DER),)
        )
        drawn = stamp.draw(
            stamp.Stamp(
                certificate=certificates.read(identity.certificate, identity.chain),
                is_seal=box.name == "seal",
                at=NOW,
                width=box.width,
                height=box.height,
            )
        )
        prepared = pades.prepare(paper, field=box.name, identity=identity, stamp=drawn, reason="", now=NOW)
        key = signers.key(LONG if box.name == "seal" else "Nguyễn Thị Hoa")
        made = key.sign(prepared.attributes, padding.PKCS1v15(), hashes.SHA256())
        paper = pades.finish(prepared, identity=identity, signature=made)
    return plain, paper


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def widgets(content: bytes) -> list[Any]:
    return [
        note.get_object()
        for page in read(content).pages
        for note in page.get("/Annots", ())
        if note is not None
    ]


@pytest.mark.parametrize(("kind", "roles"), SIGNED)
def test_every_stamp_has_a_place_on_the_page_that_no_other_covers(kind: str, roles: tuple[str, ...]) -> None:
    _plain, boxes = box_list(kind, roles)
    assert [box.name for box in boxes] == list(roles)
    for box in boxes:
        assert box.width >= 70 and box.height >= 24
        assert box.x >= 28 and box.x + box.width <= 567, "inside the paper's margins"
    for one in boxes:
        for other in boxes:
            apart = (
                one.page != other.page
                or one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert one is other or apart, (one, other)


@pytest.mark.parametrize("kind", ["collection_record", "apology", "reception_slip"])
def test_the_letter_says_the_same_and_keeps_its_archive_and_access_marks(kind: str) -> None:
    plain, content = signed(kind, all_kinds()[kind].signers)
    before, after = read(plain), read(content)
    assert content.startswith(plain)
    assert [page.extract_text() for page in before.pages] == [page.extract_text() for page in after.pages]
    root: Any = after.trailer["/Root"]
    metadata = root["/Metadata"].get_data()
    assert metadata == before.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]  # a catalogue
    assert b"pdfaid:part" in metadata and b"pdfuaid:part" in metadata
    assert dict(after.metadata or {}) == dict(before.metadata or {})
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith("vi")
    assert "/NeedAppearances" not in root["/AcroForm"] and "/XFA" not in root["/AcroForm"]


@pytest.mark.parametrize("kind", ["collection_record", "apology", "reception_slip"])
def test_every_signature_is_tagged_named_and_printed(kind: str) -> None:
    """ISO 14289-1, 7.18: nested in a Form, named for who cannot see it; ISO 19005-2, 6.3: printed and drawn."""
    _plain, content = signed(kind, all_kinds()[kind].signers)
    root: Any = read(content).trailer["/Root"]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    tree = {int(numbers[at]): numbers[at + 1].get_object() for at in range(0, len(numbers), 2)}
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    children = [
        child.get_object() for child in document["/K"] if isinstance(child, pypdf.generic.IndirectObject)
    ]
    found = widgets(content)
    assert len(found) == len(all_kinds()[kind].signers)
    for widget in found:
        element = tree[int(widget["/StructParent"])]
        assert element["/S"] == "/Form" and element in children
        assert element["/K"]["/Obj"].get_object()["/T"] == widget["/T"]
        assert str(widget["/TU"]).startswith("Chữ ký số: ")
        flags = int(widget["/F"])
        assert flags & 4 and not flags & (1 | 2 | 32)
        assert widget["/AP"]["/N"].get_object()["/Subtype"] == "/Form"
    assert len({int(widget["/StructParent"]) for widget in found}) == len(found)
    assert max(tree) < int(root["/StructTreeRoot"]["/ParentTreeNextKey"])
    assert all(str(page["/Tabs"]) == "/S" for page in read(content).pages if "/Annots" in page)


@pytest.mark.parametrize("kind", ["collection_record", "apology"])
def test_the_stamps_carry_their_fonts_and_no_colour_of_a_device(kind: str) -> None:
    _plain, content = signed(kind, all_kinds()[kind].signers)
    for widget in widgets(content):
        form = widget["/AP"]["/N"].get_object()
        resources = form["/Resources"]
        for font in resources["/Font"].values():
            (below,) = font.get_object()["/DescendantFonts"]
            descriptor = below.get_object()["/FontDescriptor"].get_object()
            assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
        painted = form.get_data()
        assert b"/MCID" not in painted, "tags of a stamp would lead nowhere: its field is the tagged thing"
        assert not any(f" {operator}\n".encode() in painted for operator in ("rg", "RG", "k", "K"))


def test_an_empty_field_still_has_something_to_draw() -> None:
    plain, boxes = box_list("collection_record", ("cashier", "confirmer", "seal"))
    for widget in widgets(fields.with_fields(plain, boxes)):
        assert widget["/AP"]["/N"].get_object()["/BBox"]


def test_on_a_long_letter_the_signature_stands_on_the_page_of_the_names() -> None:
    data: Any = samples.all_samples()["reception_slip"]
    long = dataclasses.replace(data, papers=data.papers * 8)
    payload = payload_for("reception_slip", long, number_text="07/X", issued_at=NOW)
    wanted = [Place(Role.OFFICER, Signer(driver="pkcs12")), Place(Role.SEAL, Signer(driver="pkcs12"))]
    boxes = places.boxes(payload, version=1, places=wanted, labels={role: role.value for role in Role})
    plain = render_payload(payload)
    last = len(read(plain).pages)
    assert last > 1 and {box.page for box in boxes} == {last}
    pages = read(fields.with_fields(plain, boxes)).pages
    assert [len(page.get("/Annots", ())) for page in pages] == [0] * (last - 1) + [2]


def test_a_template_without_a_place_says_so() -> None:
    with pytest.raises(CannotSign, match="không có chỗ"):
        box_list("apology", ("cashier",))


def test_a_stamp_names_who_for_whom_and_when_in_vietnamese_time() -> None:
    own = signers.certificate("Nguyễn Thị Hoa", unit="Phường Kinh Bắc")
    said = stamp.lines(
        stamp.Stamp(
            certificate=certificates.read(own.public_bytes(Encoding.DER)),
            is_seal=False,
            at=NOW,
            width=100,
            height=40,
        )
    )
    assert said[:2] == [("Người ký", "Nguyễn Thị Hoa"), ("Đơn vị", "Phường Kinh Bắc")]
    assert said[2][1].replace("\u00a0", " ").endswith("+07:00")
