"""The one router of this context, and what its operations share.

Addresses that several modules know must meet in one router.
"""

from typing import Annotated

from ninja import Path, Router

router = Router(tags=["dossiers"])
DossierCode = Annotated[str, Path(max_length=60, description="The dossier's code, opaque")]
TaskId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Id of an open step (`tasks` of the dossier)")]
