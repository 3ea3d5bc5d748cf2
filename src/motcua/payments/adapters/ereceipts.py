"""Electronic receipts on their way out: what a driver does, and the one that writes XML files.

The neutral structure is ours (`rules/receipt_data.py`), its XML is described by `data/ereceipt-2.xsd`. The tax office's
own format of a single receipt is not confirmed by our sources (docs/law/receipts.md): a provider's driver turns the
structure into what the provider takes. Signing belongs to the driver: the folder driver leaves it to who takes a file.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree as ET

from django.conf import settings

from motcua.payments.rules.receipt_data import CancellationData, ReceiptData

NAMESPACE = "urn:motcua:receipt:2"
SCHEMA = Path(__file__).resolve().parent.parent / "data" / "ereceipt-2.xsd"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a driver answered: `accepted`, its own reference, and its words when it refused."""

    accepted: bool
    reference: str = ""
    answer: str = ""


class EReceiptDriver(Protocol):
    """Somebody who signs electronic receipts and forwards them to the tax office."""

    name: str

    def write(self, data: ReceiptData, *, key: str) -> bytes:
        """The document as this driver takes it; the same data gives the same bytes."""

    def write_cancellation(self, data: CancellationData, *, key: str) -> bytes:
        """The same for a receipt that stands no longer."""

    def send(self, document: bytes, *, key: str) -> Sent:
        """Hand a document over. The same `key` again is the same receipt: a driver never makes a second of it.

        Raises `OSError` when nobody answered; the job then tries again.
        """


class FolderDriver:
    """Writes each receipt as one XML file into a folder, whole or not at all; signing is left to who takes it."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, data: ReceiptData, *, key: str) -> bytes:
        return to_xml(data, key=key)

    def write_cancellation(self, data: CancellationData, *, key: str) -> bytes:
        return cancellation_xml(data, key=key)

    def send(self, document: bytes, *, key: str) -> Sent:
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{key}.xml"
        draft = self.folder / f".{key}.{os.getpid()}.part"
        with draft.open("wb") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        return Sent(accepted=True, reference=target.name)


def driver() -> EReceiptDriver | None:
    """The driver of this installation; None when electronic receipts wait. Raises ValueError for an unknown name."""
    name = str(settings.ERECEIPT_DRIVER)
    if not name:
        return None
    if name == FolderDriver.name:
        return FolderDriver(Path(settings.ERECEIPT_DIR))
    raise ValueError(f"MOTCUA_ERECEIPT_DRIVER={name!r}: folder, or empty")


def digest(document: bytes) -> str:
    """What a document is known by."""
    return hashlib.sha256(document).hexdigest()


def to_xml(data: ReceiptData, *, key: str) -> bytes:
    """The documented XML. `key` becomes the Id a signature refers to; it begins with a letter."""
    ET.register_namespace("", NAMESPACE)
    root = _element("Receipt", version=str(2))
    body = _add(root, "Data", Id=key)
    _add(body, "Title", data.title)
    _identity(body, data.form_symbol, data.series, data.number)
    _add(body, "Copies", str(data.copies))
    _add(body, "IssuedAt", data.issued_at)
    collector = _add(body, "Collector")
    _add(collector, "Name", data.collector.name)
    _add(collector, "TaxCode", data.collector.tax_code)
    _add(collector, "Address", data.collector.address)
    _optional(collector, "CarriedFrom", data.carried_from)
    payer = _add(body, "Payer")
    _add(payer, "Name", data.payer.name)
    _optional(payer, "IdNumber", data.payer.id_number)
    _optional(payer, "Address", data.payer.address)
    if data.subject:
        _add(
            body,
            "Subject",
            data.subject,
            procedureCode=data.procedure_code,
            procedureName=data.procedure_name,
        )
    lines = _add(body, "Lines")
    for line in data.lines:
        one = _add(lines, "Line", kind=line.kind, key=line.key)
        _add(one, "Name", line.name)
        _add(one, "Amount", str(line.amount))
    _add(body, "Amount", str(data.amount))
    _add(body, "AmountInWords", data.amount_in_words)
    _add(body, "Method", data.method_name, code=data.method)
    _add(body, "Officer", data.officer)
    if data.relation is not None:
        tie = _add(body, "Relation", kind=data.relation.kind)
        _identity(tie, data.relation.form_symbol, data.relation.series, data.relation.number)
        _add(tie, "IssuedAt", data.relation.issued_at)
        _optional(tie, "Reason", data.relation.reason)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def cancellation_xml(data: CancellationData, *, key: str) -> bytes:
    """The documented XML of a receipt that stands no longer."""
    ET.register_namespace("", NAMESPACE)
    root = _element("Cancellation", version=str(2))
    body = _add(root, "Data", Id=key)
    _identity(body, data.receipt.form_symbol, data.receipt.series, data.receipt.number)
    _add(body, "IssuedAt", data.issued_at)
    _add(body, "TaxCode", data.collector.tax_code)
    _add(body, "Amount", str(data.amount))
    _add(body, "CancelledAt", data.cancelled_at)
    _add(body, "Reason", data.reason)
    if data.replaced_by is not None:
        new = _add(body, "ReplacedBy")
        for name, value in (
            ("FormSymbol", data.replaced_by.form_symbol),
            ("Series", data.replaced_by.series),
            ("Number", data.replaced_by.number),
        ):
            _add(new, name, value)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _identity(parent: ET.Element, form_symbol: str, series: str, number: str) -> None:
    identity = _add(parent, "Identity")
    _add(identity, "FormSymbol", form_symbol)
    _add(identity, "Series", series)
    _add(identity, "Number", number)


def _element(name: str, **attributes: str) -> ET.Element:
    return ET.Element(f"{{{NAMESPACE}}}{name}", attributes)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    child.text = _printable(text) or None
    return child


def _optional(parent: ET.Element, name: str, text: str) -> None:
    if text:
        _add(parent, name, text)


def _printable(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return "".join(
        char for char in text if char in "\t\n\r" or (ord(char) >= 0x20 and ord(char) not in (0xFFFE, 0xFFFF))
    )
