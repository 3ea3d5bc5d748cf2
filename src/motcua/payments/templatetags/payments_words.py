"""Figures of money in tables, whose heading already says đồng."""

from __future__ import annotations

from django import template

from motcua.kernel.text import grouped

register = template.Library()


@register.filter
def whole(number: int | None) -> str:
    """1.250.000; a dash for nought, which the eye should pass over."""
    return grouped(number) if number else "–"
