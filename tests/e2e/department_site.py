"""A department with procedures to configure, in an empty database: run by the browser test of the grid as a program."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command

COUNT = 14


def main(password: str) -> None:
    """Migrate, collect, make the Department of Justice with its IT administrator (account `it`) and its procedures."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.catalogue import actions
    from motcua.catalogue.tests.conftest import compact_row
    from motcua.dossiers.tests import factories as f
    from motcua.organisation.types import Role

    place = f.make_province()
    f.make_officer(Role.IT_ADMIN, place.department, username="it", password=password)
    rows = [
        compact_row(code=f"9.{n:06d}", name=f"Thủ tục thử số {n:02d}", field=f.FIELD, decision=f"{n}/QĐ")
        for n in range(1, COUNT + 1)
    ]
    actions.import_procedures(actor=f.SYSTEM, document={"rows": rows}, now=f.BEGINNING, source="test")
    actions.import_processes(actor=f.SYSTEM, document={"processes": []}, now=f.BEGINNING)


if __name__ == "__main__":
    main(*sys.argv[1:])
