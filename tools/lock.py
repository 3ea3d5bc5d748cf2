"""Renew requirements.lock and the pins `uv run` reads, without any download address.

A lock made by uv names the registry each file came from, which would tie every clone to the
registry of whoever locked last. Names, versions and hashes are enough for a repeatable set-up.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
MARK = re.compile(r"(constraint-dependencies = \[\n).*?(\n\])", re.DOTALL)


def main() -> None:
    subprocess.run([UV, "lock", "--quiet", "--upgrade"], cwd=ROOT, check=True)
    exported = subprocess.run(
        [
            UV,
            "export",
            "--quiet",
            "--format",
            "requirements-txt",
            "--all-groups",
            "--no-emit-project",
            "--no-header",
            "--no-annotate",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    lines = [line for line in exported.splitlines() if not line.startswith("--")]
    (ROOT / "requirements.lock").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pins = sorted(line.split(" \\")[0].split(" ;")[0] for line in lines if "==" in line)
    pyproject = ROOT / "pyproject.toml"
    body = ",\n".join(f'    "{pin}"' for pin in dict.fromkeys(pins)) + ","
    pyproject.write_text(
        MARK.sub(lambda found: found[1] + body + found[2], pyproject.read_text(encoding="utf-8")),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
