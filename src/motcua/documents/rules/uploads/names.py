"""File names as people give them: kept for showing and saving, never used as a path."""

from __future__ import annotations

import unicodedata

from motcua.documents.rules.uploads.kinds import ALLOWED_TEXT, BY_EXTENSION, RUNNABLE, refuse

MAX_LENGTH = 180
FORBIDDEN = frozenset('/\\:*?"<>|')
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)


def clean_name(name: str) -> str:
    """The name in NFC with outer spaces removed; raises UploadRefused with the reason and what to do.

    Codes: name_empty, name_long, name_hidden (control, zero-width or direction characters), name_path,
    name_reserved, name_extension, name_runnable.
    """
    cleaned = unicodedata.normalize("NFC", name).strip()
    _check_characters(cleaned)
    if not cleaned.strip(". "):
        refuse("name_empty", "Tệp không có tên. Hãy đặt tên cho tệp rồi tải lên lại.")
    if len(cleaned) > MAX_LENGTH:
        refuse("name_long", "Tên tệp dài quá %(limit)s ký tự. Hãy rút ngắn tên tệp.", limit=MAX_LENGTH)
    stem, *endings = cleaned.split(".")
    if not stem or cleaned.endswith(".") or stem.strip().lower() in RESERVED:
        refuse("name_reserved", "Tên tệp “%(name)s” không dùng được. Hãy đổi tên tệp.", name=cleaned)
    _check_endings([ending.strip().lower() for ending in endings])
    return cleaned


def extension_of(name: str) -> str:
    """The last extension in lower case, "" when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _check_characters(name: str) -> None:
    # Cc and Cf are control and format characters: the direction override U+202E shows "gpj.exe" as "exe.jpg".
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for char in name):
        refuse(
            "name_hidden",
            "Tên tệp có ký tự ẩn hoặc ký tự điều khiển. Hãy đổi tên tệp chỉ gồm chữ, số và dấu gạch.",
        )
    if found := sorted(FORBIDDEN & set(name)):
        refuse(
            "name_path", "Tên tệp không được có các dấu %(marks)s. Hãy đổi tên tệp.", marks=" ".join(found)
        )


def _check_endings(endings: list[str]) -> None:
    if hidden := [ending for ending in endings if ending in RUNNABLE]:
        refuse(
            "name_runnable",
            "Tên tệp chứa đuôi “.%(ending)s” của chương trình hoặc trang web nên không được nhận.",
            ending=hidden[0],
        )
    if not endings or endings[-1] not in BY_EXTENSION:
        refuse(
            "name_extension",
            "Đuôi tệp không thuộc loại được nhận. Hãy dùng một trong các loại: %(allowed)s.",
            allowed=ALLOWED_TEXT,
        )
