"""What may stand in the repository at all."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT, none, tracked

HOST = re.compile(r"https?://|registry|index-url|find-links", re.IGNORECASE)
# Paths of a machine somebody worked on; /tmp and /var stand in documentation of servers.
MACHINE_PATH = re.compile(rb"/(?:root|home/[a-z]+|work|Users/[A-Za-z]+)/")
THIS = Path(__file__)
DOCUMENTATION = (ROOT / "docs",)
BINARY = {".png", ".jpg", ".gz", ".woff2", ".ttf", ".otf", ".pdf", ".xlsx", ".mo", ".ico"}


def readable() -> list[Path]:
    return [path for path in tracked() if path.suffix not in BINARY]


def test_lock_files_name_no_registry() -> None:
    """A lock that names a registry ties every clone to it (docs/adr/0014). Funding pages are no addresses to fetch."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [f"requirements.lock:{n}" for n, line in enumerate(lines, 1) if HOST.search(line)]
    for path in tracked():
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
            for name, package in packages.items():
                if name and ("resolved" in package or "integrity" not in package):
                    found.append(f"{path.relative_to(ROOT)}: {name}")
    none(found, "lock files hold names, versions and hashes; renew them with `make lock`")


def test_versions_are_pinned_alike_for_make_and_for_uv() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = set(settings["tool"]["uv"]["constraint-dependencies"])
    locked = {
        line.split(" \\")[0].split(" ;")[0]
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }
    none(pins ^ locked, "renew both with `make lock`")


def test_no_path_of_somebodys_machine_stands_in_the_tree() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in readable()
        if path != THIS
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    none(found, "a path of one machine means nothing on another")


def test_no_third_party_code_is_carried() -> None:
    """Bootstrap, icons and fonts come from the registry by lock file and hash, at set-up."""
    carried = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if "vendor" in path.parts
        or "node_modules" in path.parts
        or path.name.endswith((".min.js", ".min.css"))
    ]
    none(carried, "add it to package.json; `motcua setup` fetches it")


def test_tracked_files_are_of_a_reviewable_size() -> None:
    big = [
        f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB"
        for path in tracked()
        if path.stat().st_size > 3 * 1024 * 1024
    ]
    none(big, "large data does not belong into the history")
