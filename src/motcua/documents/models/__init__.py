"""The tables of `documents`: series of numbers, issued letters, stored files."""

from motcua.documents.models.files import FileState, StoredFile
from motcua.documents.models.letters import Letter
from motcua.documents.models.numbers import NumberSeries

__all__ = ["FileState", "Letter", "NumberSeries", "StoredFile"]
