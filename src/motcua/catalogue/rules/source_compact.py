"""One row of the compact catalogue (`rows`): what a crawl of the national portal gives, papers only
counted.

The portal's channels carry the time and the fee. One time in all channels is the limit. Different times
are a question, not an answer: officials used the channel boxes for cases (acceptance case D02). Unit OTHER
says nothing and is never read as working days (D03).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.catalogue.rules.source_detailed import check_code, read_field, read_levels
from motcua.catalogue.rules.source_fees import fees_of_channels, read_channels
from motcua.catalogue.rules.source_limits import limit_of_channels
from motcua.catalogue.rules.source_reading import Row
from motcua.catalogue.types import ProcedureDefinition, ProcedureResult, SourceFinding
from motcua.kernel.messages import msg


def read_compact(data: Mapping[str, Any], index: int) -> tuple[ProcedureDefinition, list[SourceFinding]]:
    """A definition without papers and what was odd; raises `RowRefused` when it has no name or no known
    level.
    """
    row = Row(data, code=str(data.get("code") or ""), name=str(data.get("name") or ""))
    name = row.text("name")
    if not name:
        raise row.refuse("name", msg("Dòng %(row)s không có tên thủ tục.", row=index), data)
    levels = read_levels(row)
    code = check_code(row, "code", row.text("code"))
    channels = read_channels(row, "channels")
    definition = ProcedureDefinition(
        name=name,
        short_name=name,
        field=read_field(row),
        levels=levels,
        code=code,
        ministry=row.text("ministry"),
        ministry_code=row.text("ministry_code"),
        decision=row.text("decision"),
        channels=channels,
        limit=limit_of_channels(row, channels),
        papers_known=False,
        n_papers=row.whole("n_documents", default=0) or 0,
        n_groups=row.whole("n_groups", default=0) or 0,
        fees=fees_of_channels(row, channels, code or ""),
        results=tuple(ProcedureResult(name="", code=result) for result in row.texts("results")),
        legal_bases=row.texts("legal_bases"),
        confidence={"documents": "none", "conditions": "none", "online_level": "none", "fees": "low"},
        sources=("P26",),
        detailed=False,
    )
    row.finish()
    if not definition.results:
        row.report("no_results", "results", msg("Nguồn không ghi kết quả thực hiện."))
    return definition, row.findings
