"""The processes of the night: the night itself, and a worker at an hour of it. Their environment says where.

python -m motcua.config.night run '{"dossiers": 10000, …}'
python -m motcua.config.night work 2025-07-01T00:30:00+07:00
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

import django


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> int:
    """The exit code; the last line of `run` is one JSON object."""
    django.setup()
    verb, said = sys.argv[1], sys.argv[2]
    if verb == "work":
        from motcua.config.night.hours import at
        from motcua.kernel.outbox.worker import drain

        with at(datetime.fromisoformat(said)) as now:
            drain(now)
        return 0
    from motcua.config.night.night import rehearse_night
    from motcua.config.night.size import Size

    steps = rehearse_night(Size(**json.loads(said)), tell=_tell)
    sys.stdout.write(f"{steps.as_json()}\n")
    return 1 if steps.failures else 0


if __name__ == "__main__":
    sys.exit(main())
