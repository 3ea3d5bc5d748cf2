"""Build a small demo province in an empty database: run by the tour as a program."""

from __future__ import annotations

import django
from django.core.management import call_command

DOSSIERS = 60


def main() -> None:
    """Migrate, collect, load the real province and a demo of sixty dossiers."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.config.demo import load_demo
    from motcua.config.province import load_province
    from motcua.kernel import clock

    load_province(now=clock.now())
    load_demo(now=clock.now(), tell=lambda _line: None, total=DOSSIERS)


if __name__ == "__main__":
    main()
