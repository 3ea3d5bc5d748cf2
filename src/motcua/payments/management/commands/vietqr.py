from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from motcua.kernel.command import Command as BaseCommand
from motcua.payments.rules.vietqr import Transfer, payload, problem


class Command(BaseCommand):
    help = "The VietQR payload of a bank transfer: static, or with amount and reference."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bank", required=True, help="BIN of the bank, six figures (970436 Vietcombank)")
        parser.add_argument("--account", required=True, help="account number, or card number with --card")
        parser.add_argument("--amount", type=int, help="whole đồng; without it the payer fills it in")
        parser.add_argument(
            "--ref", default="", help="purpose; written without accents, 25 characters at most"
        )
        parser.add_argument("--card", action="store_true", help="the number is a card's")

    def handle(self, *args: Any, **options: Any) -> None:
        transfer = Transfer(
            bank_bin=options["bank"],
            account=options["account"],
            amount=options["amount"],
            purpose=options["ref"],
            to_card=options["card"],
        )
        wrong = problem(transfer)
        if wrong is not None:
            self.wrong(wrong.source())
        text = payload(transfer)
        self.finish({"payload": text, "crc": text[-4:]}, [text])
