"""Our VietQR payloads as an independent library reads and writes them (vietnam-qr-pay, run by node)."""

from __future__ import annotations

import json
import random
import shutil
import string
import subprocess
from pathlib import Path
from typing import Any

import pytest

from motcua.payments.queries import banks
from motcua.payments.rules.vietqr import Transfer, payload

ROOT = Path(__file__).resolve().parents[4]
CHECKER = ROOT / "tests" / "vietqr"


@pytest.fixture(scope="session")
def library() -> Path:
    """A folder under var/ where the library is installed from the locked file, once."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("vietnam-qr-pay needs node and npm, which are not installed here")
    folder = ROOT / "var" / "vietqr-check"
    lock = (CHECKER / "package-lock.json").read_bytes()
    kept = folder / "package-lock.json"
    if not (folder / "node_modules").is_dir() or kept.read_bytes() != lock:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(CHECKER / name, folder / name)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    return folder


def asked(library: Path, *, read: list[str], make: list[dict[str, str]]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(CHECKER / "check.mjs"), str(library)],
        input=json.dumps({"read": read, "make": make}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def transfers() -> list[Transfer]:
    """Every bank, accounts of every length, static and with amount and reference."""
    chance = random.Random(38)
    found = []
    for number, bank_bin in enumerate(banks()):
        account = "".join(chance.choices(string.digits, k=number % 19 + 1))
        reference = "MC251201" + "".join(chance.choices(string.ascii_uppercase + "23456789", k=10))
        found += [
            Transfer(bank_bin, account),
            Transfer(bank_bin, account, chance.randint(1, 10**9), reference),
            Transfer(bank_bin, account.upper(), 10 ** (number % 12), "H05.1-250701-0001"),
        ]
    return found


def test_an_independent_library_reads_every_part_and_the_check_value(library: Path) -> None:
    ours = transfers()
    read = asked(library, read=[payload(each) for each in ours], make=[])["read"]
    assert len(read) == len(ours) > 150
    for transfer, told in zip(ours, read, strict=True):
        assert told == {
            "valid": True,
            "bank": transfer.bank_bin,
            "account": transfer.account,
            "amount": "" if transfer.amount is None else str(transfer.amount),
            "purpose": transfer.purpose,
            "init": "11" if transfer.amount is None else "12",
            "currency": "704",
            "nation": "VN",
            "service": "QRIBFTTA",
            "crc": payload(transfer)[-4:],
        }


def test_an_independent_library_writes_the_same_payload(library: Path) -> None:
    ours = transfers()
    make = [
        {
            "bank": each.bank_bin,
            "account": each.account,
            "amount": "" if each.amount is None else str(each.amount),
            "purpose": each.purpose,
        }
        for each in ours
    ]
    assert asked(library, read=[], make=make)["made"] == [payload(each) for each in ours]


def test_the_library_would_notice_a_wrong_figure(library: Path) -> None:
    good = payload(Transfer("970405", "2601201009999", 8_000, "MC251201ABCDEFGHJK"))
    wrong = good.replace("540480", "540490")
    assert wrong != good
    assert [told["valid"] for told in asked(library, read=[wrong], make=[])["read"]] == [False]
