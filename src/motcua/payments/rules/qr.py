"""QR codes as pictures."""

from __future__ import annotations

from functools import lru_cache

import segno

from motcua.kernel.messages import msg


def qr_svg(payload: str) -> str:
    """An SVG that scales with its frame (viewBox, no size, no style), white behind it, with a title for those who
    do not see it.
    """
    return _drawn(payload, msg("Mã QR chuyển khoản").render())


@lru_cache(maxsize=256)
def _drawn(payload: str, title: str) -> str:
    """Error level M survives a crease and a bad printer. The mask is fixed: weighing all eight takes four times as
    long and scanners read each of them.
    """
    drawn: str = segno.make(payload, error="m", micro=False, mask=2).svg_inline(
        border=4, light="#fff", omitsize=True, title=title, svgclass="qr", lineclass=None
    )
    return drawn.strip().replace("<svg ", '<svg role="img" ', 1)
