"""The types of file that are taken in, and the one place that turns a refusal into an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from motcua.documents.errors import UploadRefused
from motcua.kernel.messages import msg


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    mime: str
    extensions: tuple[str, ...]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",)),
        Kind("jpg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
        Kind("png", "image/png", ("png",)),
        Kind("tiff", "image/tiff", ("tif", "tiff")),
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
        Kind("zip", "application/zip", ("zip",)),
    )
}
BY_EXTENSION = {extension: kind for kind in KINDS.values() for extension in kind.extensions}
ALLOWED_TEXT = "PDF, JPG, PNG, TIFF, DOCX, XLSX, ZIP"

RUNNABLE = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "msi",
        "msp",
        "dll",
        "sys",
        "cpl",
        "js",
        "jse",
        "mjs",
        "vbs",
        "vbe",
        "wsf",
        "wsh",
        "hta",
        "ps1",
        "psm1",
        "sh",
        "bash",
        "php",
        "phtml",
        "php5",
        "asp",
        "aspx",
        "jsp",
        "jspx",
        "jar",
        "class",
        "py",
        "pyc",
        "pl",
        "rb",
        "cgi",
        "html",
        "htm",
        "xhtml",
        "shtml",
        "svg",
        "xml",
        "xsl",
        "lnk",
        "url",
        "reg",
        "apk",
        "app",
        "dmg",
        "iso",
        "img",
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "xlsb",
        "pptm",
        "swf",
        "chm",
        "scf",
        "inf",
    ]
)
"""Extensions that make a system or a browser run something, or hide what the last extension promises."""


def refuse(code: str, text: str, **params: object) -> NoReturn:
    """Refuse the file; `text` is the Vietnamese sentence for the person who brought it."""
    raise UploadRefused(msg(text, **params), code=code)
