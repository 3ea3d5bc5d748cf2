from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from motcua.kernel.command import Command as BaseCommand
from motcua.payments.rules.amount_words import LARGEST, dong_in_words


class Command(BaseCommand):
    help = "An amount of đồng in words, as it stands on a receipt."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("amount", type=int, help=f"whole đồng, 0 to {LARGEST}")

    def handle(self, *args: Any, **options: Any) -> None:
        amount: int = options["amount"]
        if not 0 <= amount <= LARGEST:
            self.wrong(f"Số tiền từ 0 đến {LARGEST} đồng.")
        words = dong_in_words(amount)
        self.finish({"amount": amount, "words": words}, [words])
