"""What `documents` can refuse or fail at."""

from __future__ import annotations

from collections.abc import Sequence

from motcua.kernel.errors import Conflict, Invalid, NotFound, Refused
from motcua.kernel.messages import Message, msg


class UploadRefused(Invalid):
    """A file that may not be taken in; the message says why and what to do. `code` names the check."""

    def __init__(self, message: Message, *, code: str) -> None:
        super().__init__(message, code=code, field="file")


class TableRefused(Invalid):
    """A file or a pasted text from which no table is read; the message says why and what to do.

    Codes: empty, wrong_kind, encrypted, macro, damaged, too_big, too_many_rows, too_many_columns, too_slow,
    no_table, formulas, not_text. `field` is "file" or "text".
    """

    def __init__(self, message: Message, *, code: str, field: str = "file") -> None:
        super().__init__(message, code=code, field=field)


class StorageFull(Refused):
    """The upload could not be written: disk full or read-only."""

    status = 503
    code = "storage_full"

    def __init__(self, why: str) -> None:
        super().__init__(
            msg("Kho lưu tệp đang đầy hoặc không ghi được. Tệp chưa được lưu; hãy thử lại sau."), field="file"
        )
        self.why = why


class FileInfected(Conflict):
    """A later scan found the content infected; it is kept apart."""

    code = "file_infected"

    def __init__(self) -> None:
        super().__init__(msg("Tệp có mã độc nên đã bị cách ly. Hãy đề nghị nộp lại giấy tờ này."))


class FileHeld(Conflict):
    """The file is kept but not shown to anybody until the virus scanner has passed it."""

    code = "file_held"

    def __init__(self) -> None:
        super().__init__(msg("Tệp đang chờ quét vi-rút nên chưa mở được. Hãy thử lại sau ít phút."))


class FileMissing(NotFound):
    """The row is there, the stored content is not: a matter for the administrator."""

    code = "file_missing"

    def __init__(self, sha256: str) -> None:
        super().__init__(
            msg(
                "Không tìm thấy nội dung tệp trong kho lưu trữ. Hãy báo quản trị hệ thống (mã %(code)s).",
                code=sha256[:12],
            )
        )


class LetterNotFound(NotFound):
    """No letter with this number."""

    code = "letter_not_found"

    def __init__(self) -> None:
        super().__init__(msg("Không tìm thấy văn bản này."))


class LetterAlreadyCancelled(Conflict):
    """Cancelling twice."""

    code = "letter_cancelled"

    def __init__(self) -> None:
        super().__init__(msg("Văn bản này đã bị hủy trước đó."))


class SigningNotFound(NotFound):
    """No signing with this number."""

    code = "signing_not_found"

    def __init__(self) -> None:
        super().__init__(msg("Không tìm thấy yêu cầu ký số này."))


class AlreadySigned(Conflict):
    """Every signature is there."""

    code = "already_signed"

    def __init__(self) -> None:
        super().__init__(msg("Văn bản này đã ký số xong. Hãy tải lại trang."))


class NobodyToSign(Conflict):
    """No certificate is declared for anybody who signs this letter, or it was cancelled."""

    code = "nobody_to_sign"

    def __init__(self) -> None:
        super().__init__(
            msg(
                "Chưa khai báo chứng thư cho ai ký văn bản này. Quản trị hệ thống cài chứng thư của đơn vị hoặc của "
                "người ký, sau đó ký lại; trước mắt in ra và ký tay."
            )
        )


class UnknownLetterKind(Invalid):
    """A kind that the settings do not have."""

    code = "unknown_letter_kind"

    def __init__(self, kind: str) -> None:
        super().__init__(msg("Không có mẫu văn bản “%(kind)s”.", kind=kind), field="kind")


class LetterSettingsWrong(Exception):
    """The settings file of letter kinds cannot be used; says which entry and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"letter kinds, {where}: {why}")


class LetterNotRendered(Exception):
    """typst refused the letter or warned about it. A bug or a damaged installation, never the user's
    doing."""


class FontMissing(LetterNotRendered):
    """None of the Times-like families is installed."""

    def __init__(self, families: Sequence[str]) -> None:
        super().__init__(f"letters need one of the fonts {', '.join(families)}: run `motcua setup`")


class ScannerDown(Exception):
    """The virus scanner is configured but does not answer."""
