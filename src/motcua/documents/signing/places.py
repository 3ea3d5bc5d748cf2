"""Where the signatures of a letter are shown: the template says it (`sign-place` in base.typ), typst computes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typst

from motcua.documents.errors import LetterNotRendered
from motcua.documents.letters.rendering import HERE, family, fonts, prepared
from motcua.documents.rules.signing import CannotSign, Place, Role
from motcua.documents.signing.fields import FieldBox

WIDEST = 176.0
"""62 mm: wider, the words of a stamp lie too far apart."""
BESIDE = 136.0
"""48 mm: each of two that share a place."""
GAP = 4.0
CLEAR = 4
"""So much is left free above the name below."""


def boxes(
    payload: Mapping[str, Any], *, version: int, places: Sequence[Place], labels: Mapping[Role, str]
) -> list[FieldBox]:
    """A box for each place, in the same order. A seal without a place of its own stands left of the last signature.

    Raises `CannotSign` where the template has no room for somebody.
    """
    marks = {mark["role"]: mark for mark in _marks(payload, version)}
    roles = [place.role for place in places]
    shared = _shared(marks, roles)
    found = []
    for place in places:
        mark = marks.get(place.role.value) or (shared if place.role is Role.SEAL else None)
        if mark is None:
            raise CannotSign("no_place", name=place.role.label.source())
        beside = mark is shared and Role.SEAL in roles and mark["role"] in roles
        found.append(_box(place.role, mark, labels[place.role], beside=beside))
    return found


def _shared(marks: Mapping[str, Any], roles: Sequence[Role]) -> Any:
    """The place the seal stands in too: that of the last who signs, else the last of the letter."""
    if Role.SEAL.value in marks or not marks:
        return None
    signing = [marks[role.value] for role in roles if role.value in marks]
    return (signing or list(marks.values()))[-1]


def _box(role: Role, mark: Mapping[str, Any], label: str, *, beside: bool) -> FieldBox:
    middle, room = float(mark["x"]), float(mark["w"])
    width = min(room, WIDEST)
    left = middle - width / 2
    if beside:
        width = min((room - GAP) / 2, BESIDE)
        left = middle - GAP / 2 - width if role is Role.SEAL else middle + GAP / 2
    return FieldBox(
        name=role.value,
        label=label,
        page=int(mark["page"]),
        x=round(left),
        y=round(float(mark["y"])),
        width=round(width),
        height=round(float(mark["h"])) - CLEAR,
    )


def _marks(payload: Mapping[str, Any], version: int) -> list[dict[str, Any]]:
    folder = HERE / f"v{version}"
    inputs = {"data": json.dumps(prepared(payload), ensure_ascii=False), "fonts": json.dumps([family()])}
    try:
        said = typst.query(
            str(folder / f"{payload['form']['template']}.typ"),
            "<sign-place>",
            field="value",
            sys_inputs=inputs,
            root=str(folder),
            font_paths=fonts(),
            ignore_system_fonts=True,
        )
    except (typst.TypstError, RuntimeError) as error:
        raise LetterNotRendered(str(error)) from error
    marks: list[dict[str, Any]] = json.loads(said)
    return marks
