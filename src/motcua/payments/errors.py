"""What the books refuse, each with a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.kernel.errors import Conflict, Invalid, NotFound
from motcua.kernel.messages import msg


class UnknownBill(NotFound):
    """No such bill, or none of a unit the person works for."""

    code = "unknown_bill"


class NoCollector(Conflict):
    """The unit is not set up to collect: nothing could stand on its receipts."""

    code = "no_collector"


class NoBook(Conflict):
    """No open book of receipts with a number left."""

    code = "no_receipt_book"


class DayClosed(Conflict):
    """The unit's day is closed; nothing is added to it."""

    code = "day_closed"


class NothingOwed(Conflict):
    """The bill is paid, cancelled or refunded."""

    code = "nothing_owed"


class WrongAmount(Invalid):
    """An amount that cannot be: nought, more than owed, more than was paid."""

    code = "wrong_amount"


class KeyUsed(Conflict):
    """The same idempotency key with another content."""

    code = "key_used"


class NeedsSecondPerson(Conflict):
    """One person alone may not do this: somebody else confirms it."""

    code = "needs_second_person"


class BadCollectors(Invalid):
    """A spreadsheet of collecting units with wrong cells: `problems` names each. Nothing of it was done."""

    code = "bad_collectors"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(
            msg("Tệp có %(count)s chỗ sai, chưa ghi gì. Sửa rồi nạp lại.", count=len(problems)), field="file"
        )
        self.problems = list(problems)


class UnknownTransaction(NotFound):
    """No such payment through the platform."""

    code = "unknown_transaction"


class NotOffered(Conflict):
    """The unit does not offer this way to pay."""

    code = "way_not_offered"


class PlatformAway(Conflict):
    """The platform did not answer, or with something that cannot be used; paying another way still works."""

    status = 503
    code = "platform_away"
