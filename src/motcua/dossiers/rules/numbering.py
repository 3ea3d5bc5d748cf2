"""Dossier codes: `<agency code>-<YYMMDD>-<serial>` (Circular 03/2025/TT-VPCP Art. 13).

The code is built here and nowhere taken apart: codes of other systems look different and stay valid.
"""

from __future__ import annotations

from datetime import date


def serial_key(agency_code: str, day: date) -> str:
    """The series a serial is drawn from: one per agency and day."""
    return f"dossier:{agency_code}:{day:%y%m%d}"


def dossier_code(agency_code: str, day: date, serial: int) -> str:
    """`H05.16-250701-0001`; the serial has at least four digits and simply grows past 9999."""
    return f"{agency_code}-{day:%y%m%d}-{serial:04d}"
