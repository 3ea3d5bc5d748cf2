"""Bank statements: taking them in, once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from motcua.kernel import audit, outbox
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.messages import msg
from motcua.kernel.text import nfc
from motcua.payments.actions.judging import judge_lines
from motcua.payments.models import BankAccount, Statement, StatementLine, StatementMapping
from motcua.payments.permissions import require_collect, require_known
from motcua.payments.queries.statements import layouts_for
from motcua.payments.rules.statements import (
    FIELDS,
    StatementRead,
    Stored,
    fresh,
    read_statement,
)

SETTLE = "payments.settle_statement"
A_DAY = timedelta(days=1)
BATCH = 500


@dataclass(frozen=True, slots=True)
class StatementDone:
    """What an import did. `repeated`: this very file was imported before, nothing changed."""

    statement: Statement
    read: StatementRead
    new: int
    known: int
    automatic: int = 0
    proposed: int = 0
    repeated: bool = False


@transaction.atomic
def import_statement(
    *,
    actor: Actor,
    account_id: int,
    name: str,
    data: bytes,
    now: datetime,
    layout: str = "",
    columns: Mapping[str, str] | None = None,
) -> StatementDone:
    """Take in the credits of a statement that are not there yet, and judge which bills they pay.

    The same file again changes nothing, an overlapping one adds what is new. What is certain is booked afterwards by
    the job `payments.settle_statement`, line by line. Raises `Invalid` where a cell cannot be read: all or nothing.
    """
    account = _account(actor, account_id, lock=True)
    require_collect(actor, account.unit_id)
    read = read_statement(
        data, name=name, account=account.number, layouts=layouts_for(account, layout, columns)
    )
    if not read.clean:
        first = read.problems[0]
        raise Invalid(
            msg(
                "Sao kê có %(count)s ô chưa đọc được, đầu tiên là %(cell)s: %(why)s",
                count=len(read.problems),
                cell=first.cell,
                why=first.message,
            ),
            field="file",
        )
    digest = hashlib.sha256(data).hexdigest()
    before = Statement.objects.filter(account=account, digest=digest).first()
    if before is not None:
        return StatementDone(before, read, 0, len(read.lines), repeated=True)
    statement = _store(actor, account, nfc(name)[:255] or "sao-ke", digest, read, now)
    automatic, proposed = judge_lines(account_id=account.pk)
    if automatic:
        outbox.enqueue(
            SETTLE,
            {"account_id": account.pk, "by": actor.name[:100]},
            now=now,
            key=f"{SETTLE}:{statement.pk}",
        )
    audit.record(
        actor,
        "payments.statement_imported",
        subject_type="bank_account",
        subject=account.number,
        data={
            "file": statement.name,
            "lines": statement.lines_read,
            "new": statement.lines_new,
            "total": read.total,
        },
        at=now,
    )
    return StatementDone(
        statement,
        read,
        statement.lines_new,
        len(read.lines) - statement.lines_new,
        automatic=automatic,
        proposed=proposed,
    )


@transaction.atomic
def save_mapping(
    *, actor: Actor, account_id: int, name: str, columns: Mapping[str, str], now: datetime
) -> StatementMapping:
    """Keep a mapping of columns under a name for an account; the same name again replaces it."""
    account = _account(actor, account_id)
    require_collect(actor, account.unit_id)
    if not nfc(name):
        raise Invalid(msg("Đặt tên cho cách đọc cột này."), field="mapping_name")
    kept = {field: nfc(heading) for field, heading in columns.items() if field in FIELDS and nfc(heading)}
    if "date" not in kept or not {"credit", "amount"} & kept.keys():
        raise Invalid(msg("Chọn ít nhất cột ngày và cột số tiền ghi có."), field="columns")
    mapping, _created = StatementMapping.objects.update_or_create(
        account=account,
        name=nfc(name)[:80],
        defaults={"columns": kept, "saved_at": now, "saved_by_name": actor.name[:160]},
    )
    audit.record(
        actor,
        "payments.statement_mapping_saved",
        subject_type="bank_account",
        subject=account.number,
        data={"name": mapping.name, "columns": kept},
        at=now,
    )
    return mapping


def _store(
    actor: Actor, account: BankAccount, name: str, digest: str, read: StatementRead, now: datetime
) -> Statement:
    """The statement and its new lines (a fixed number of statements for any length)."""
    found = fresh(_stored(account, read), read.lines)
    statement = Statement.objects.create(
        account=account,
        name=name,
        layout=read.layout,
        digest=digest,
        imported_at=now,
        imported_by_name=actor.name[:160],
        lines_read=len(read.lines),
        lines_new=len(found.new),
    )
    if found.adopted:
        adopted = list(StatementLine.objects.filter(account=account, key__in=found.adopted))
        for line in adopted:
            line.key = found.adopted[line.key]
            line.number = line.key.split(":")[1]
        StatementLine.objects.bulk_update(adopted, ["key", "number"], batch_size=BATCH)
    StatementLine.objects.bulk_create(
        [
            StatementLine(
                statement=statement,
                account=account,
                key=key,
                content=line.content,
                number=line.number,
                at=line.at,
                amount=line.amount,
                text=line.text,
                payer=line.payer[:255],
                payer_account=line.payer_account[:64],
            )
            for key, line in found.new
        ],
        batch_size=BATCH,
    )
    return statement


def _stored(account: BankAccount, read: StatementRead) -> list[Stored]:
    """The lines of the account on the days of the statement."""
    if not read.lines:
        return []
    first, last = min(line.at for line in read.lines), max(line.at for line in read.lines)
    rows = StatementLine.objects.filter(account=account, at__range=(first - A_DAY, last + A_DAY))
    return [Stored(key, content) for key, content in rows.values_list("key", "content")]


def _account(actor: Actor, account_id: int, *, lock: bool = False) -> BankAccount:
    rows = BankAccount.objects.select_for_update() if lock else BankAccount.objects
    found = rows.filter(pk=account_id).first()
    unknown = NotFound(msg("Không có tài khoản này."))
    if found is None:
        raise unknown
    require_known(actor, found.unit_id, unknown)
    return found
