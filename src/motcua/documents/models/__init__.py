"""The tables of `documents`: series of numbers, issued letters and their signatures, stored files."""

from motcua.documents.models.files import FileState, StoredFile
from motcua.documents.models.letters import Letter
from motcua.documents.models.numbers import NumberSeries
from motcua.documents.models.signing import Signature, Signing

__all__ = ["FileState", "Letter", "NumberSeries", "Signature", "Signing", "StoredFile"]
