"""Build a small demo province in an empty database: run by the tour as a program, with how many dossiers."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command

DOSSIERS = 60


def main() -> None:
    """Migrate, collect, load the real province and a demo of sixty dossiers, or as many as asked."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.config.demo import load_demo
    from motcua.config.province import load_province
    from motcua.kernel import clock

    load_province(now=clock.now())
    load_demo(
        now=clock.now(), tell=lambda _line: None, total=int(sys.argv[1]) if len(sys.argv) > 1 else DOSSIERS
    )


if __name__ == "__main__":
    main()
