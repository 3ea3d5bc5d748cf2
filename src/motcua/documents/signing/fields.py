"""Empty signature fields in a letter, tagged so that the paper stays PDF/A-2a and PDF/UA-1.

All fields of a letter are made in one update, before the first signature: later ones only fill what is there, which
every validator takes for what it is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

PRINT_AND_LOCKED = 132


@dataclass(frozen=True, slots=True)
class FieldBox:
    """Where a signature is shown, in whole points from the upper left corner of a page (counted from 1)."""

    name: str
    label: str
    page: int
    x: int
    y: int
    width: int
    height: int


class Update(IncrementalPdfFileWriter):
    """An incremental update that leaves the letter's metadata as typst wrote them.

    The library would write XMP anew on every update, with other prefixes than those the extension schemas that PDF/A
    asks for name. A signature changes nothing the metadata speak of; its time stands in the signature.
    """

    def _update_meta(self) -> None:
        """Nothing to update."""


def with_fields(pdf: bytes, boxes: Sequence[FieldBox]) -> bytes:
    """The same paper with an empty field in each box; its own bytes stay the beginning of the file."""
    writer = Update(io.BytesIO(pdf))
    for box in boxes:
        _add(writer, box)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # the library's
    return out.getvalue()


def _add(writer: IncrementalPdfFileWriter, box: FieldBox) -> None:
    page_ref = writer.find_page_for_modification(box.page - 1)[0]
    page = page_ref.get_object()
    _left, _bottom, _right, height = (float(side) for side in page["/MediaBox"])
    top = round(height) - box.y
    spec = fields.SigFieldSpec(
        box.name,
        on_page=box.page - 1,
        box=(box.x, top - box.height, box.x + box.width, top),
        readable_field_name=box.label,
    )
    fields.append_signature_field(writer, spec)
    widget_ref = page["/Annots"].raw_get(-1)
    widget = widget_ref.get_object()
    widget[pdf_name("/F")] = generic.NumberObject(PRINT_AND_LOCKED)
    page[pdf_name("/Tabs")] = pdf_name("/S")
    writer.mark_update(page_ref)
    _tag(writer, widget, widget_ref, page_ref, box.label)


def _tag(writer: IncrementalPdfFileWriter, widget: Any, widget_ref: Any, page_ref: Any, label: str) -> None:
    """A Form element for the widget at the end of the document's tree, and the way back to it."""
    root_ref = writer.root.raw_get("/StructTreeRoot")
    root = root_ref.get_object()
    document_ref = root["/K"].raw_get(0)
    document = document_ref.get_object()
    number = int(root["/ParentTreeNextKey"])
    reference = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): widget_ref, pdf_name("/Pg"): page_ref}
    )
    element = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/StructElem"),
            pdf_name("/S"): pdf_name("/Form"),
            pdf_name("/P"): document_ref,
            pdf_name("/Pg"): page_ref,
            pdf_name("/Alt"): pdf_string(label),
            pdf_name("/K"): reference,  # not in an array: validators look for exactly this path
        }
    )
    element_ref = writer.add_object(element)
    widget[pdf_name("/StructParent")] = generic.NumberObject(number)
    document["/K"].append(element_ref)
    root["/ParentTree"]["/Nums"].extend([generic.NumberObject(number), element_ref])
    root[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(number + 1)
    writer.update_container(root["/ParentTree"])
    writer.mark_update(root_ref)
    writer.mark_update(document_ref)
    writer.update_container(widget)
