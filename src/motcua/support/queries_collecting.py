"""How every agency takes money, for the board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from motcua.kernel.messages import Message, msg
from motcua.organisation.types import UnitInfo
from motcua.payments import queries as payments
from motcua.payments.queries import WaysToPay
from motcua.support.types import Collecting


def collecting_of(agencies: Sequence[UnitInfo], today: date) -> dict[int, Collecting]:
    """Every agency's ways to take money (three statements)."""
    ways = payments.ways_of([agency.id for agency in agencies], on=today)
    connected = payments.platform_is_connected()
    return {
        unit_id: Collecting(found.any, tuple(_missing(found, connected))) for unit_id, found in ways.items()
    }


def _missing(ways: WaysToPay, connected: bool) -> Iterator[Message]:
    """In the order in which it is set up; the platform only where this installation is connected to it."""
    if not ways.is_collector:
        yield msg("khai báo đơn vị thu")
    if not ways.cash:
        yield msg("quyển biên lai")
    if ways.transfer is None:
        yield msg("tài khoản ngân hàng")
    elif connected and not ways.platform:
        yield msg("đăng ký tài khoản và mã đối tác để thu trực tuyến")
