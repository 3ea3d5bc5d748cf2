"""Append-only, hash-linked record of every write and of every reading of a dossier."""

from motcua.kernel.audit.chain import record
from motcua.kernel.audit.seal import seal
from motcua.kernel.audit.verify import Problem, Verification, verify

__all__ = ["Problem", "Verification", "record", "seal", "verify"]
