"""`motcua set-fee-resolution FILE`: put a resolution of the People's Council in force."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from motcua.catalogue import actions
from motcua.catalogue.types import Territory
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand
from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg

KEYS = {"number", "title", "signed_on", "valid_from", "last_day", "territory", "lines"}


class Command(BaseCommand):
    help = "Put a resolution on fees in force from a JSON file (docs/law/fees.md says how it is written)."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="number, signed_on, valid_from, lines …")

    def handle(self, *args: Any, **options: Any) -> None:
        data = _read(options["file"])
        last = _day(data, "last_day") if data.get("last_day") else None
        made = actions.set_fee_resolution(
            actor=Actor.system("set-fee-resolution", via="command"),
            number=str(data.get("number", "")),
            title=str(data.get("title", "")),
            signed_on=_day(data, "signed_on"),
            valid_from=_day(data, "valid_from"),
            valid_to=date.fromordinal(last.toordinal() + 1) if last else None,
            territory=_territory(data),
            lines=data.get("lines", []),
            now=clock.now(),
        )
        said = {"id": made, "number": data["number"], "lines": len(data.get("lines", []))}
        self.finish(said, [f"{said['number']}: {said['lines']} dòng, số {made}"])


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(msg("Không đọc được %(file)s: %(why)s", file=path.name, why=str(error))) from error
    if not isinstance(data, dict) or set(data) - KEYS:
        raise Invalid(
            msg("Tệp phải là một đối tượng JSON với các khóa: %(keys)s.", keys=", ".join(sorted(KEYS)))
        )
    return data


def _day(data: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(data.get(name, "")))
    except ValueError as error:
        raise Invalid(msg("%(name)s: ghi ngày như 2026-07-14.", name=name), field=name) from error


def _territory(data: dict[str, Any]) -> Territory:
    try:
        return Territory(data.get("territory", Territory.ALL.value))
    except ValueError as error:
        there = ", ".join(one.value for one in Territory)
        raise Invalid(msg("territory: một trong %(there)s.", there=there), field="territory") from error
