"""From the posted page to what the actions take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from motcua.catalogue import queries as catalogue
from motcua.catalogue.queries.fee_asking import PREFIX
from motcua.catalogue.queries.fees import Answers
from motcua.counter.queries import ProcedurePanel
from motcua.counter.rules.carrying import carried_over
from motcua.dossiers.actions import SupplementItem
from motcua.dossiers.types import PaperGiven, PaperState
from motcua.kernel.errors import Invalid
from motcua.kernel.text import nfc


def number_of(text: str) -> int | None:
    """A row's number as posted; None for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 2**63
    return number if number < 2**63 else None


def data_of(key: str, data: Mapping[str, Sequence[str]]) -> QueryDict:
    """A kept draft as if it had just been posted."""
    found = QueryDict(mutable=True)
    for name, values in data.items():
        found.setlist(name, [str(value) for value in values])
    found["key"] = key
    return found


def under_version(data: QueryDict, version_id: int) -> QueryDict:
    """The posted form as if it had been filled in under another version; what was typed stays."""
    number = number_of(data.get("procedure", ""))
    values = {name: data.getlist(name) for name in data}
    if number is not None:
        values = carried_over(values, catalogue.definition(number), catalogue.definition(version_id))
    carried = QueryDict(mutable=True)
    for name, given in values.items():
        carried.setlist(name, given)
    carried["procedure"] = str(version_id)
    return carried


def papers_given(panel: ProcedurePanel, extra: str) -> list[PaperGiven]:
    """The paper list as ticked; what is not needed is left out, extra papers come last."""
    given = [
        PaperGiven(
            key=row.key,
            state=PaperState(row.state),
            name=row.name,
            originals=row.originals if row.is_here else 0,
            copies=row.copies if row.is_here else 0,
        )
        for row in panel.rows
        if row.is_here or row.is_missing
    ]
    return given + [PaperGiven(key="", name=line, originals=1) for line in lines_of(extra)]


def fees_told(panel: ProcedurePanel) -> Answers:
    """What was told for the fees; raises `Invalid` at the first field that cannot be used."""
    if panel.money is None:
        return Answers()
    if panel.money.asking.answers is None:
        name, sentence = next(iter(panel.money.asking.wrong.items()))
        raise Invalid(sentence, field=f"fees.{name.removeprefix(PREFIX)}")
    return panel.money.asking.answers


def supplement_items(panel: ProcedurePanel, lines: str) -> list[SupplementItem]:
    """What form 02 asks for: the missing papers, then the officer's own lines."""
    missing = [SupplementItem(text=row.name, key=row.key) for row in panel.missing]
    return missing + [SupplementItem(text=line) for line in lines_of(lines)]


def lines_of(text: str) -> list[str]:
    return [line for line in (nfc(part) for part in text.splitlines()) if line]
