"""Proving that the log is whole: every byte, every link, every sealed head, and the seals outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from motcua.kernel.audit.chain import START, digest_of
from motcua.kernel.audit.models import AuditEntry, AuditSeal
from motcua.kernel.audit.seal import seal_digest, seal_file, sealed


@dataclass(frozen=True, slots=True)
class Problem:
    where: str
    what: str


@dataclass(slots=True)
class Verification:
    entries: int = 0
    chains: int = 0
    seals: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def verify() -> Verification:
    """Walk the whole log in bounded memory. Reads only."""
    found = Verification()
    last = _verify_seals(found)
    expected = sealed(last)
    _verify_entries(found, expected)
    for chain, (seq, _digest) in expected.items():
        found.problems.append(Problem(chain, f"sealed entry {seq} is missing: the chain was cut or removed"))
    _verify_outside(found)
    return found


def _verify_entries(found: Verification, expected: dict[str, tuple[int, str]]) -> None:
    chain, seq, previous = "", 0, START
    for entry in _entries():
        if entry.chain != chain:
            chain, seq, previous = entry.chain, 0, START
            found.chains += 1
        where = f"{entry.chain}:{entry.seq}"
        found.entries += 1
        if entry.seq != seq + 1:
            found.problems.append(
                Problem(where, f"expected entry {seq + 1}: something was removed or inserted")
            )
        elif entry.previous != previous:
            found.problems.append(Problem(where, "does not link to the entry before it"))
        if digest_of(entry) != entry.digest:
            found.problems.append(Problem(where, "content does not match its digest: the entry was changed"))
        if expected.get(entry.chain, (0, ""))[0] == entry.seq:
            _seq, digest = expected.pop(entry.chain)
            if digest != entry.digest:
                found.problems.append(Problem(where, "is not the entry that was sealed"))
        seq, previous = entry.seq, entry.digest


def _entries() -> Iterator[AuditEntry]:
    return AuditEntry.objects.order_by("chain", "seq").iterator(chunk_size=2000)


def _verify_seals(found: Verification) -> AuditSeal | None:
    last, number, previous = None, 0, START
    for made in AuditSeal.objects.order_by("number").iterator():
        found.seals += 1
        where = f"seal {made.number}"
        if made.number != number + 1 or made.previous != previous:
            found.problems.append(Problem(where, "does not link to the seal before it"))
        if seal_digest(made) != made.digest:
            found.problems.append(Problem(where, "content does not match its digest"))
        last, number, previous = made, made.number, made.digest
    return last


def _verify_outside(found: Verification) -> None:
    path = seal_file()
    if not path.exists():
        return
    outside = path.read_text(
        encoding="utf-8"
    ).splitlines()  # first: a seal made meanwhile is inside before it is here
    inside = dict(AuditSeal.objects.values_list("number", "digest"))
    for line in outside:
        number, _at, digest = line.split("\t")
        if inside.get(int(number)) != digest:
            found.problems.append(
                Problem(f"seal {number}", "differs from the seal kept outside the database")
            )


def as_json(found: Verification) -> dict[str, object]:
    """What `motcua verify-audit --json` prints."""
    return {
        "entries": found.entries,
        "chains": found.chains,
        "seals": found.seals,
        "problems": [{"where": p.where, "what": p.what} for p in found.problems[:100]],
        "problem_count": len(found.problems),
    }
