"""Who signs which letter, and what can go wrong on the way. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from motcua.kernel.messages import Message, msg


class Role(StrEnum):
    """In which place of a letter somebody signs."""

    CASHIER = "cashier"
    CONFIRMER = "confirmer"
    OFFICER = "officer"
    HEAD = "head"
    SEAL = "seal"

    @property
    def label(self) -> Message:
        return _ROLES[self]

    @property
    def is_person(self) -> bool:
        """Signed by whoever did the act, with a certificate of their own; the others sign for the unit."""
        return self in (Role.CASHIER, Role.CONFIRMER, Role.OFFICER)


_ROLES = {
    Role.CASHIER: msg("Người thu tiền"),
    Role.CONFIRMER: msg("Người xác nhận chênh lệch"),
    Role.OFFICER: msg("Cán bộ lập văn bản"),
    Role.HEAD: msg("Người có thẩm quyền"),
    Role.SEAL: msg("Con dấu của cơ quan"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody who can sign here, as the operator's file declares it: a person, or a unit's head or seal.

    kinds: the kinds of letters this one signs; empty is all. options belong to the driver. `where` names the entry of
    the file for messages.
    """

    driver: str
    person: str = ""
    unit: str = ""
    role: str = ""
    kinds: tuple[str, ...] = ()
    image: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""

    @property
    def key(self) -> str:
        """What the signer is known by in rows and logs."""
        return self.person or f"{self.unit}:{self.role}"


@dataclass(frozen=True, slots=True)
class Place:
    """One signature a letter gets."""

    role: Role
    signer: Signer


def places(
    roles: Sequence[str],
    *,
    kind: str,
    people: Mapping[str, str],
    units: Sequence[str],
    signers: Iterable[Signer],
) -> tuple[Place, ...]:
    """The signatures of one letter in the order they are put: those of its roles for whom somebody is declared.

    `people` are user names by role; `units` the issuing unit and then its agency, the nearer one is preferred.
    """
    able = [signer for signer in signers if not signer.kinds or kind in signer.kinds]
    persons = {signer.person: signer for signer in able if signer.person}
    offices = {(signer.unit, signer.role): signer for signer in able if signer.unit}
    found = []
    for name in roles:
        role = Role(name)
        if role.is_person:
            signer = persons.get(people.get(name, ""))
        else:
            signer = next((offices[unit, name] for unit in units if (unit, name) in offices), None)
        if signer is not None:
            found.append(Place(role, signer))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of its holder. `is_demo`: made for the demo, worth nothing."""

    name: str
    organisation: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be signed: a code and the values of its sentence, so that both can be kept in a row."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        values: dict[str, object] = {**_NOTHING, **self.values}
        values["why"] = Message(
            str(values["why"])
        )  # our own reasons are translated, others stay as they came
        return Message(PROBLEMS[self.code].text, values)

    @property
    def needs_somebody(self) -> bool:
        """Whether trying again changes nothing until somebody has done something."""
        return self.code not in PASSING


_NOTHING = {"file": "", "name": "", "day": "", "why": "", "where": ""}
PROBLEMS: Mapping[str, Message] = {
    "settings": msg(
        "Tệp khai báo chữ ký số (MOTCUA_SIGNERS) có chỗ sai ở %(where)s: %(why)s. Sửa tệp rồi bấm “Thử lại”."
    ),
    "not_declared": msg(
        "Chứng thư của %(name)s không còn trong tệp khai báo chữ ký số. Khai báo lại rồi bấm “Thử lại”."
    ),
    "file_missing": msg(
        "Không đọc được tệp chứng thư %(file)s. Đặt tệp vào đúng chỗ, cho tài khoản chạy hệ thống quyền đọc, "
        "rồi bấm “Thử lại”."
    ),
    "passphrase_missing": msg(
        "Chưa có mật khẩu mở tệp chứng thư %(file)s. Ghi mật khẩu vào tệp hoặc biến môi trường đã khai báo "
        "rồi bấm “Thử lại”."
    ),
    "wrong_passphrase": msg(
        "Mật khẩu không mở được tệp chứng thư %(file)s, hoặc tệp đã hỏng. Kiểm tra mật khẩu rồi bấm “Thử lại”."
    ),
    "no_key": msg(
        "Tệp %(file)s không có khóa bí mật kèm chứng thư. Xuất lại chứng thư dạng PKCS#12 (.p12, .pfx) có cả khóa."
    ),
    "key_mismatch": msg("Khóa bí mật và chứng thư trong tệp %(file)s không phải một cặp. Xin cấp lại tệp."),
    "not_yet_valid": msg(
        "Chứng thư của %(name)s chỉ có hiệu lực từ %(day)s. Hệ thống tự ký khi đến ngày; kiểm tra cả giờ của máy chủ."
    ),
    "expired": msg(
        "Chứng thư của %(name)s đã hết hạn ngày %(day)s. Gia hạn, thay tệp chứng thư rồi bấm “Thử lại”."
    ),
    "revoked": msg(
        "Chứng thư của %(name)s đã bị thu hồi ngày %(day)s. Thay chứng thư khác rồi bấm “Thử lại”."
    ),
    "not_for_signing": msg(
        "Chứng thư của %(name)s không được cấp để ký số. Dùng chứng thư chữ ký số rồi bấm “Thử lại”."
    ),
    "demo_certificate": msg(
        "Chứng thư của %(name)s là chứng thư thử nghiệm: hệ thống thật không ký bằng chứng thư này. "
        "Thay chứng thư thật."
    ),
    "weak_key": msg(
        "Khóa của chứng thư %(name)s yếu hơn RSA 2048 bit hoặc ECDSA 256 bit. Xin cấp chứng thư mới."
    ),
    "unknown_driver": msg(
        "Không có bộ ký “%(name)s” (khai báo ở %(where)s). Cài bộ ký hoặc sửa khai báo rồi bấm “Thử lại”."
    ),
    "remote_silent": msg("Dịch vụ ký số từ xa của %(name)s chưa trả lời: %(why)s. Hệ thống tự thử lại."),
    "remote_refused": msg("Dịch vụ ký số từ xa của %(name)s từ chối ký: %(why)s. Xử lý rồi bấm “Thử lại”."),
    "remote_waiting": msg("Đang chờ %(name)s xác nhận ký trên thiết bị của mình."),
    "wrong_signature": msg(
        "Chữ ký do bộ ký của %(name)s trả về không khớp với văn bản hoặc chứng thư nên không được nhận. "
        "Báo nhà cung cấp."
    ),
    "timestamp": msg("Máy chủ dấu thời gian chưa trả lời: %(why)s. Hệ thống tự thử lại."),
    "no_place": msg(
        "Mẫu văn bản không có chỗ cho chữ ký của %(name)s. Sửa mẫu hoặc bỏ khai báo rồi bấm “Thử lại”."
    ),
    "crl_missing": msg(
        "Không đọc được danh sách chứng thư bị thu hồi %(file)s nên chưa ký. Tải lại danh sách; hệ thống tự thử lại."
    ),
    "unexpected": msg("Lỗi khi ký: %(why)s. Hệ thống tự thử lại; nếu còn lỗi, báo người vận hành máy chủ."),
}
PASSING = frozenset(
    {"remote_silent", "remote_waiting", "timestamp", "not_yet_valid", "unexpected", "crl_missing"}
)


class CannotSign(Exception):
    """A signature that could not be put; carries the problem for administrators."""

    def __init__(self, code: str, **values: str) -> None:
        self.problem = Problem(code, values)
        super().__init__(self.problem.message.source())


def certificate_problem(
    certificate: Certificate, *, now: datetime, production: bool, day: Callable[[datetime], str]
) -> Problem | None:
    """Why a certificate may not sign now, or None. `day` writes a date as people read it."""
    if production and certificate.is_demo:
        return Problem("demo_certificate", {"name": certificate.name})
    if now < certificate.not_before:
        return Problem("not_yet_valid", {"name": certificate.name, "day": day(certificate.not_before)})
    if now > certificate.not_after:
        return Problem("expired", {"name": certificate.name, "day": day(certificate.not_after)})
    return None


_WAITS = (1, 5, 15, 60, 180, 360)


def next_try(problem: Problem, *, attempts: int, now: datetime) -> datetime:
    """When to try by itself again: soon and then more and more rarely, never given up.

    Whoever waits for a person's telephone asks every minute.
    """
    if problem.code == "remote_waiting":
        return now + timedelta(minutes=1)
    return now + timedelta(minutes=_WAITS[min(max(attempts, 1), len(_WAITS)) - 1])
