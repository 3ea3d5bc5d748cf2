"""Decisions that publish procedures, read from the files offices send, and what they change. Pure Python.

`read_decision`, `read_decisions_json` and `read_decision_text` give a head and lines; `match` finds the procedures;
`propose`, `diff` and `warnings` say what becomes of each; `write_decision_workbook` makes the template.
"""

from motcua.catalogue.rules.decisions.differing import FieldChange, diff
from motcua.catalogue.rules.decisions.matching import (
    Candidate,
    CatalogueIndex,
    Known,
    KnownProcedures,
    Match,
    match,
)
from motcua.catalogue.rules.decisions.proposing import propose, settled_action
from motcua.catalogue.rules.decisions.reading import read_decision, read_decision_blocks
from motcua.catalogue.rules.decisions.source_json import read_decisions_json
from motcua.catalogue.rules.decisions.values import (
    DecisionHead,
    DecisionLine,
    DecisionRead,
    Problem,
    values_from_dict,
    values_to_dict,
)
from motcua.catalogue.rules.decisions.warning import Others, Warning, warnings
from motcua.catalogue.rules.decisions.workbook import write_decision_workbook

__all__ = [
    "Candidate",
    "CatalogueIndex",
    "DecisionHead",
    "DecisionLine",
    "DecisionRead",
    "FieldChange",
    "Known",
    "KnownProcedures",
    "Match",
    "Others",
    "Problem",
    "Warning",
    "diff",
    "match",
    "propose",
    "read_decision",
    "read_decision_blocks",
    "read_decisions_json",
    "settled_action",
    "values_from_dict",
    "values_to_dict",
    "warnings",
    "write_decision_workbook",
]
