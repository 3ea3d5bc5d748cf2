"""Words of money: ways to pay, what an entry records, where things stand."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """How somebody paid."""

    CASH = "cash", _("Tiền mặt")
    TRANSFER = "transfer", _("Chuyển khoản")
    CARD = "card", _("Thẻ")
    PLATFORM = "platform", _("Nền tảng thanh toán quốc gia")
    ADVANCE = "advance", _("Khấu trừ tiền nộp thừa")


WAYS = (Method.CASH, Method.TRANSFER, Method.CARD, Method.PLATFORM)
"""How money comes and goes; an advance is money that is there already."""


class EntryKind(TextChoices):
    """What a journal entry records."""

    CHARGE = "charge", _("Ghi khoản phải nộp")
    PAYMENT = "payment", _("Thu tiền")
    ALLOCATION = "allocation", _("Phân bổ khoản thu")
    REFUND = "refund", _("Hoàn trả")
    REVERSAL = "reversal", _("Hủy bút toán")
    REMITTANCE = "remittance", _("Nộp Kho bạc")
    CORRECTION = "correction", _("Điều chỉnh")


class BillState(TextChoices):
    """Where a bill stands; derived from its entries and kept for lists."""

    OPEN = "open", _("Chờ nộp")
    PARTLY = "partly", _("Nộp một phần")
    PAID = "paid", _("Đã nộp")
    REFUNDED = "refunded", _("Đã hoàn")
    CANCELLED = "cancelled", _("Đã hủy")


class ReceiptState(TextChoices):
    """What became of a receipt. Numbers are never given out twice, whatever became of them."""

    ISSUED = "issued", _("Đã lập")
    VOID = "void", _("Xóa bỏ")
    REPLACED = "replaced", _("Bị thay thế")
    ADJUSTED = "adjusted", _("Bị điều chỉnh")
    LOST = "lost", _("Mất")


class BookRest(TextChoices):
    """What became of the numbers left in a closed book."""

    KEPT = "", _("Giữ lại, chưa xử lý")
    DESTROYED = "destroyed", _("Hủy")
    HANDED_OVER = "handed_over", _("Bàn giao đơn vị khác")


class SendingState(TextChoices):
    """How far an electronic receipt is on its way to whoever signs and forwards it."""

    WAITING = "waiting", _("Chờ gửi")
    SENT = "sent", _("Đã gửi")
    REFUSED = "refused", _("Bị từ chối")


class TransactionState(TextChoices):
    """A payment through the national platform as last known."""

    CREATED = "created", _("Đã khởi tạo")
    PENDING = "pending", _("Chưa rõ kết quả")
    SUCCEEDED = "succeeded", _("Thành công")
    FAILED = "failed", _("Thất bại")
    DISPUTED = "disputed", _("Cần đối chiếu")


class Direction(TextChoices):
    """Who asked in an exchange with the platform."""

    OURS = "ours", _("Gửi đi")
    THEIRS = "theirs", _("Nhận về")


class MatchState(TextChoices):
    """A line of a bank statement."""

    UNMATCHED = "unmatched", _("Chưa khớp")
    PROPOSED = "proposed", _("Đề xuất")
    MATCHED = "matched", _("Đã khớp")
    IGNORED = "ignored", _("Không thuộc hồ sơ")
