"""Build the small province with dossiers in the states a citizen may find; prints their tracking tokens as JSON.

Run by the browser tests as a program.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django
from django.core.management import call_command


def main(username: str, password: str, found: str) -> None:
    """Migrate, collect, make the ward and four dossiers, write their codes and tokens to the file `found`."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from pathlib import Path

    from motcua.dossiers import actions
    from motcua.dossiers.tests import factories as f
    from motcua.kernel import clock

    now = clock.now()
    place = f.make_province()
    staff = f.make_staff(place.commune)
    f.make_officer("inspector", place.centre, name="Bùi Thanh Tra", username=username, password=password)
    procedure = f.make_procedure()

    def receive(days_ago: int) -> str:
        return f.receive(staff.counter, procedure, now=now - timedelta(days=days_ago)).code

    late, paused, done, fresh = receive(30), receive(3), receive(2), receive(0)
    actions.request_supplement(
        actor=staff.specialist,
        code=paused,
        items=[actions.SupplementItem("Bản sao có chứng thực giấy khai sinh cũ")],
        reason="Giấy tờ nộp kèm chưa đủ.",
        now=now - timedelta(days=2),
    )
    from motcua.dossiers.models import Dossier

    f.advance(Dossier.objects.get(code=done), staff, until="tra", now=now - timedelta(days=1))
    tokens = dict(Dossier.objects.values_list("code", "tracking_token"))
    named = {"late": late, "paused": paused, "done": done, "fresh": fresh}
    Path(found).write_text(json.dumps({name: [code, tokens[code]] for name, code in named.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
