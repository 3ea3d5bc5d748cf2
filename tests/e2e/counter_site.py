"""Build the small province with one officer in an empty database: run by the browser tests as a program."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command


def main(username: str, password: str) -> None:
    """Migrate, collect, make the ward's counter, give its officer a password, print the procedure's initials."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.dossiers.tests import factories as f

    place = f.make_province()
    f.make_staff(place.commune)
    f.make_officer(
        "one_stop_officer", place.commune.centre, name="Nguyễn Thị Quầy", username=username, password=password
    )
    f.make_procedure()


if __name__ == "__main__":
    main(*sys.argv[1:])
