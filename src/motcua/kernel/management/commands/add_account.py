from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from motcua.kernel import clock
from motcua.kernel.accounts import actions
from motcua.kernel.actor import Actor
from motcua.kernel.command import Command as BaseCommand


class Command(BaseCommand):
    help = (
        "Open an account: the way the first administrator of an installation comes in. The password is asked for, or "
        "read as one line from standard input; never an argument."
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="name to sign in with")
        parser.add_argument("--name", required=True, help="full name, as it stands on letters and in the log")
        parser.add_argument("--admin", action="store_true", help="runs the installation and sees every unit")

    def handle(self, *args: Any, **options: Any) -> None:
        user = actions.open_account(
            actor=Actor.system("motcua add-account", via="command"),
            username=options["username"],
            full_name=options["name"],
            password=_password(),
            is_admin=options["admin"],
            now=clock.now(),
        )
        self.finish({"username": user.username, "id": user.pk}, [f"account {user.username} opened"])


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
