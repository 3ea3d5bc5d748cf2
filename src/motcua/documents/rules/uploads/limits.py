"""How much of everything a paper may have."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """Sizes in bytes. An A3 sheet at 600 dpi is 70 million pixels."""

    max_bytes: int = 20 * MEGABYTE
    max_pixels: int = 80_000_000
    max_pages: int = 3_000
    max_entries: int = 200
    max_office_entries: int = 3_000
    max_unpacked: int = 100 * MEGABYTE
    max_ratio: int = 200
    ratio_from: int = 4 * MEGABYTE
