"""Words people read for fees: how a rule counts, and what became of a line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from motcua.catalogue.rules.fees.computing import STANDING_WORDS, Standing, dong_text, percent_text
from motcua.catalogue.rules.fees.tariff import FeeRule


def standing_words(standing: Standing) -> str:
    """What became of a line whose amount is not known."""
    return STANDING_WORDS[standing].render()


def price_words(rule: FeeRule) -> list[str]:
    """How a rule counts, shortest first: "8.000 đồng/bản sao", or the stretches of a tariff and its ceiling."""
    unit = rule.unit_name
    words: list[str] = []
    first = 1
    for tier in rule.tiers:
        amount = dong_text(tier.amount)
        values = {"amount": amount, "first": first, "last": tier.up_to, "what": _counted(rule.counts)}
        if tier.up_to is None:
            words.append(_("%(amount)s đồng/%(what)s từ %(what)s thứ %(first)s") % values)
        else:
            words.append(_("%(amount)s đồng/%(what)s từ %(what)s %(first)s đến %(last)s") % values)
            first = tier.up_to + 1
    if rule.rate is not None:
        words.append(_("%(rate)s%% giá trị") % {"rate": percent_text(rule.rate)})
    if rule.amount == 0:
        words.append(_("Miễn"))
    elif rule.amount is not None:
        words.append(f"{dong_text(rule.amount)} {_('đồng')}" + (f"/{unit}" if unit else ""))
    if rule.at_least:
        words.append(_("ít nhất %(amount)s đồng") % {"amount": dong_text(rule.at_least)})
    if rule.cap is not None:
        words.append(
            _("tối đa %(amount)s đồng/%(unit)s") % {"amount": dong_text(rule.cap), "unit": unit}
            if unit
            else _("tối đa %(amount)s đồng") % {"amount": dong_text(rule.cap)}
        )
    return words


def _counted(name: str) -> str:
    return {"pages": _("trang"), "copies": _("bản"), "persons": _("người")}.get(name, _("đơn vị"))
