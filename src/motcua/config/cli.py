"""`motcua`: every command of the product behind one name."""

from __future__ import annotations

import json
import os
import sys
import textwrap

from motcua import __version__
from motcua.config import env

BEGINS = frozenset(
    {"run", "setup", "setup-assets", "migrate", "makemigrations", "load-province", "simulate-day"}
)
"""They may make an installation where there is none."""
NEEDS_NONE = frozenset(
    {
        "make-messages",
        "check-messages",
        "check-signature",
        "explain-deadline",
        "fee",
        "collectstatic",
        "help",
        "rehearse-night",
    }
)
NO_INSTALLATION = "there is no installation here: set MOTCUA_STATE_DIR, or start `motcua run`"


def main() -> None:
    """Run `motcua COMMAND …`; without a command, `motcua run`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    words = sys.argv[1:] or ["run"]
    asks_help = bool({"-h", "--help"} & set(words))
    env.may_begin = _may_begin(_name(words)) and not asks_help
    try:
        if words[0] in {"-h", "--help", "help"} and len(words) == 1:
            print(_overview())
            return
        if words == ["--version"]:
            print(f"motcua {__version__}")
            return
        _execute(words, needs_one=not asks_help and _name(words) not in BEGINS | NEEDS_NONE)
    except env.BadSetting as error:
        sys.exit(f"motcua: {error}")


def _name(words: list[str]) -> str:
    return words[0].replace("_", "-")


def _may_begin(name: str) -> bool:
    """A database elsewhere makes an installation of any folder."""
    return name in BEGINS or (name not in NEEDS_NONE and bool(os.environ.get("MOTCUA_DATABASE_URL")))


def _refuse_without_installation(words: list[str]) -> None:
    """Leave with 2 where the database file of SQLite is not there; nothing is written."""
    from django.conf import settings

    if settings.DATABASE_URL or (settings.STATE / "motcua.sqlite3").exists():
        return
    if "--json" in words:
        print(json.dumps({"ok": False, "error": NO_INSTALLATION}))
    else:
        print(f"motcua: {NO_INSTALLATION}", file=sys.stderr)
    sys.exit(2)


def _execute(words: list[str], *, needs_one: bool) -> None:
    import django
    from django.core.management import execute_from_command_line, get_commands

    django.setup()
    name = words[0].replace("-", "_")
    if name not in get_commands():
        print(f"motcua: there is no command {words[0]!r}; `motcua --help` lists them all", file=sys.stderr)
        sys.exit(2)
    if needs_one:
        _refuse_without_installation(words)
    sys.argv[0] = "motcua"
    execute_from_command_line(["motcua", name, *words[1:]])


def _overview() -> str:
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours = {name: app for name, app in get_commands().items() if str(app).startswith("motcua.")}
    lines = ["usage: motcua [COMMAND] [OPTIONS]", "", "commands (each has --help; without one, `run`):"]
    for name, app in sorted(ours.items()):
        about = " ".join(load_command_class(str(app), name).help.split()).split(". ")[0].rstrip(".")
        told = f"  {name.replace('_', '-'):22} {about}"
        lines += textwrap.wrap(told, 108, subsequent_indent=" " * 25, break_on_hyphens=False)
    lines += ["", "Django's own `migrate`, `makemigrations`, `dbshell` and `shell` work too."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
