"""One process that takes payments until all are taken; killed at any moment and started again by `money`.

Every payment is asked for by two processes at least. What two have had an answer to is left out: otherwise each process
that takes a dead one's place would ask for all of it again, and most of the run would prove one thing over and over.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from bench.place import Place, set_up_here

TRIES = 200
ASKED_BY = 2
"""So many answers prove that asking again gives the first payment."""
LOOK = 0.5
"""Seconds between two looks at what the others were answered."""


class Answered:
    """How often each key was answered so far, to whomever."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.times: Counter[str] = Counter()
        self.looked = 0.0

    def enough(self, key: str) -> bool:
        if time.monotonic() - self.looked > LOOK:
            said = [file.read_text(encoding="utf-8").splitlines() for file in self.folder.glob("said-*")]
            self.times = Counter(line.split()[0] for lines in said for line in lines if line)
            self.looked = time.monotonic()
        return self.times[key] >= ASKED_BY


def main() -> int:
    database, state, url, folder, seed = sys.argv[1:6]
    set_up_here(Place(database, Path(state), url))
    from django.db.utils import InterfaceError, OperationalError

    from motcua.kernel import clock
    from motcua.kernel.actor import Actor
    from motcua.payments import actions

    task = json.loads((Path(folder) / "task.json").read_text(encoding="utf-8"))
    said = os.open(Path(folder) / f"said-{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    actor = Actor.system(f"payer {seed}", "job")
    random = Random(int(seed))
    bills = task["bills"]
    random.shuffle(bills)
    todo: list[object] = [task["account"], *bills, task["account"]]
    answered = Answered(Path(folder))
    for one in todo:
        if isinstance(one, list) and answered.enough(one[3]):
            continue
        for _try in range(TRIES):
            try:
                if isinstance(one, int):
                    actions.settle_automatic(actor=actor, account_id=one, now=clock.now())
                    break
                assert isinstance(one, list)
                bill_id, amount, method, key = one
                done = actions.take_payment(
                    actor=actor, bill_id=bill_id, method=method, amount=amount, key=key, now=clock.now()
                )
                os.write(said, f"{key} {done.payment.pk} {amount}\n".encode())
                break
            except (OperationalError, InterfaceError):
                time.sleep(random.uniform(0.02, 0.2))
        else:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
