"""What stands on a receipt, in a structure no tax software owns (Decree 123/2020 article 32). Pure.

It is stored with the receipt when it is written and read for every print, for the XML of electronic receipts and for
whatever format comes later, so a reprint years later says the same. A new field gets a new `VERSION` and a default
here; what was stored before is read with that default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

VERSION = 2
TITLES = {
    frozenset({"phi"}): "BIÊN LAI THU PHÍ",
    frozenset({"le_phi"}): "BIÊN LAI THU LỆ PHÍ",
}
BOTH = "BIÊN LAI THU PHÍ, LỆ PHÍ"


@dataclass(frozen=True, slots=True)
class CollectorData:
    """Who collects, as registered with the tax office."""

    name: str
    tax_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PayerData:
    """Who pays."""

    name: str
    id_number: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class LineData:
    """One fee (`phi`) or charge (`le_phi`) in đồng; `key` ties it to the line of its bill."""

    key: str
    kind: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class RelationData:
    """The receipt this one stands in for (`replaces`) or corrects (`adjusts`)."""

    kind: str
    form_symbol: str
    series: str
    number: str
    issued_at: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """One receipt. Amounts are whole đồng, `issued_at` is ISO 8601 with its zone, all sentences are Vietnamese."""

    title: str
    form_symbol: str
    series: str
    number: str
    copies: int
    collector: CollectorData
    payer: PayerData
    lines: tuple[LineData, ...]
    amount: int
    amount_in_words: str
    method: str
    method_name: str
    issued_at: str
    officer: str
    subject: str = ""
    procedure_code: str = ""
    procedure_name: str = ""
    carried_from: str = ""
    relation: RelationData | None = None
    layout: int = 1
    version: int = VERSION

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.issued_at)

    def to_json(self) -> dict[str, Any]:
        """JSON types, as stored with the receipt."""
        flat = asdict(self)
        flat["lines"] = [asdict(line) for line in self.lines]
        flat["procedure"] = {"code": flat.pop("procedure_code"), "name": flat.pop("procedure_name")}
        return {"kind": "receipt", **flat}


@dataclass(frozen=True, slots=True)
class IdentityData:
    """Which receipt."""

    form_symbol: str
    series: str
    number: str


@dataclass(frozen=True, slots=True)
class CancellationData:
    """That a receipt stands no longer, from when and why; `replaced_by` where another stands in its place."""

    receipt: IdentityData
    issued_at: str
    collector: CollectorData
    amount: int
    cancelled_at: str
    reason: str
    replaced_by: IdentityData | None = None


def read(content: Mapping[str, Any]) -> ReceiptData:
    """A stored structure of any version so far. Raises ValueError for a newer one or one that is no receipt."""
    version = int(content.get("version", 1))
    if content.get("kind") != "receipt" or version > VERSION:
        raise ValueError(f"no receipt this version can read: kind {content.get('kind')!r}, version {version}")
    lines = tuple(LineData(**line) for line in content["lines"])
    relation = content.get("relation")
    return ReceiptData(
        title=content.get("title") or title_of(line.kind for line in lines),
        form_symbol=content["form_symbol"],
        series=content["series"],
        number=content["number"],
        copies=int(content["copies"]),
        collector=CollectorData(**content["collector"]),
        payer=PayerData(**content["payer"]),
        lines=lines,
        amount=int(content["amount"]),
        amount_in_words=content["amount_in_words"],
        method=content["method"],
        method_name=content["method_name"],
        issued_at=content["issued_at"],
        officer=content["officer"],
        subject=content.get("subject", ""),
        procedure_code=content.get("procedure", {}).get("code", ""),
        procedure_name=content.get("procedure", {}).get("name", ""),
        carried_from=content.get("carried_from", ""),
        relation=RelationData(**relation) if relation else None,
        layout=int(content.get("layout", 1)),
        version=version,
    )


def title_of(kinds: Iterable[str]) -> str:
    """What the receipt is called: of fees, of charges, or of both."""
    return TITLES.get(frozenset(kinds), BOTH)


def lines_of(lines: Sequence[Mapping[str, Any]]) -> tuple[LineData, ...]:
    """The lines of a bill or receipt as stored rows."""
    return tuple(LineData(line["key"], line["kind"], line["name"], int(line["amount"])) for line in lines)


def relation_words(relation: RelationData) -> str:
    """The line that ties a receipt to the one before it."""
    verb = "Thay thế" if relation.kind == "replaces" else "Điều chỉnh"
    day = datetime.fromisoformat(relation.issued_at)
    said = (
        f"{verb} biên lai mẫu số {relation.form_symbol}, ký hiệu {relation.series}, số {relation.number},"
        f" ngày {day:%d/%m/%Y}"
    )
    return f"{said}. Lý do: {relation.reason}" if relation.reason else said
