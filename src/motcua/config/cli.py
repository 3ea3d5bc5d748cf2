"""`motcua`: every command of the product behind one name."""

from __future__ import annotations

import os
import sys

from motcua.config.env import BadSetting


def main() -> None:
    """Run `motcua COMMAND …`; without a command, `motcua run`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    words = sys.argv[1:] or ["run"]
    try:
        if words[0] in {"-h", "--help", "help"} and len(words) == 1:
            print(_overview())
            return
        _execute(words)
    except BadSetting as error:
        sys.exit(f"motcua: {error}")


def _execute(words: list[str]) -> None:
    import django
    from django.core.management import execute_from_command_line, get_commands

    django.setup()
    name = words[0].replace("-", "_")
    if name not in get_commands():
        print(f"motcua: there is no command {words[0]!r}; `motcua --help` lists them all", file=sys.stderr)
        sys.exit(2)
    sys.argv[0] = "motcua"
    execute_from_command_line(["motcua", name, *words[1:]])


def _overview() -> str:
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours = {name: app for name, app in get_commands().items() if str(app).startswith("motcua.")}
    lines = ["usage: motcua [COMMAND] [OPTIONS]", "", "commands (each has --help; without one, `run`):"]
    for name, app in sorted(ours.items()):
        about = load_command_class(str(app), name).help.strip().split(". ")[0].rstrip(".")
        lines.append(f"  {name.replace('_', '-'):22} {about}")
    lines += ["", "Django's own `migrate`, `makemigrations`, `dbshell` and `shell` work too."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
