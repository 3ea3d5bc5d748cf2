"""What the commands of change-sets share: who acts, and how refusals with many reasons are said."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from motcua.catalogue.types_drafts import ChangeSetInfo
from motcua.kernel.accounts.models import User
from motcua.kernel.actor import Actor
from motcua.kernel.command import PROBLEM, Command
from motcua.kernel.messages import Message
from motcua.organisation import queries as organisation


class ChangeCommand(Command):
    """Base of `import-decision`, `publish` and `undo`."""

    def person(self, username: str, now: datetime) -> Actor:
        """The person on whose account it is done; leaves with 2 where there is none."""
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            self.wrong(f"Không có tài khoản {username} đang hoạt động.")
            raise AssertionError("left above")
        return organisation.actor_for(user, now, via="command")

    def refuse(self, sentence: Message, reasons: Sequence[Message] = ()) -> NoReturn:
        """Say what is in the way, everything of it, and leave with 1."""
        said = [reason.source() for reason in reasons]
        if self.as_json:
            data = {"ok": False, "error": sentence.source(), "reasons": said}
            self.stdout.write(json.dumps(data, ensure_ascii=False))
        else:
            self.stderr.write("\n".join(said) if said else sentence.source())
        self.stdout.flush()
        sys.exit(PROBLEM)

    @staticmethod
    def data_of(info: ChangeSetInfo) -> dict[str, object]:
        """A change-set for `--json`."""
        return {
            "id": info.id,
            "number": info.number,
            "kind": info.kind.value,
            "state": info.state.value,
            "effective_at": info.effective_at.isoformat() if info.effective_at else None,
            "published_at": info.published_at.isoformat() if info.published_at else None,
            "retroactive": info.retroactive,
        }
