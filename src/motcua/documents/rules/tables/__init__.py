"""Tables as offices send them: Excel, Word, CSV, and what people paste. Pure Python.

`read_tables`, `read_blocks` and `pasted_table` are the doors; what comes out is a `Table` of plain text.
"""

from motcua.documents.rules.tables.limits import LIMITS, TableLimits
from motcua.documents.rules.tables.pasted import pasted_table
from motcua.documents.rules.tables.reading import read_blocks, read_tables, refuse_formulas
from motcua.documents.rules.tables.table import Block, Table

__all__ = [
    "LIMITS",
    "Block",
    "Table",
    "TableLimits",
    "pasted_table",
    "read_blocks",
    "read_tables",
    "refuse_formulas",
]
