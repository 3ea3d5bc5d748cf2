"""Everything an officer does with a dossier, for partner systems. One thin function for each operation."""

from motcua.dossiers.api import acts, bringing_in, changes, files, money, reading
from motcua.dossiers.api.inputs import FIELD_NAMES
from motcua.dossiers.api.routing import router

__all__ = ["FIELD_NAMES", "acts", "bringing_in", "changes", "files", "money", "reading", "router"]
