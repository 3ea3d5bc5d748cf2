"""Resolutions on fees as they were written down, and what a draft of one would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from motcua.catalogue import snapshot
from motcua.catalogue.models import FeeResolution, FeeResolutionDraft
from motcua.catalogue.queries.fees import reading_of
from motcua.catalogue.queries.versions import definition
from motcua.catalogue.rules.fees.computing import Standing, percent_text
from motcua.catalogue.rules.fees.resolutions import Resolution, ResolutionLine, with_resolutions
from motcua.catalogue.rules.fees.tariff import FeeRule
from motcua.catalogue.types import Territory
from motcua.catalogue.words import CHANNELS as CHANNEL_WORDS
from motcua.catalogue.words_fees import price_words, standing_words
from motcua.kernel.errors import Invalid, NotFound
from motcua.kernel.messages import msg

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of one procedure that a resolution changes."""

    code: str
    procedure: str
    line: str
    before: str
    after: str


def resolution(resolution_id: int) -> Resolution | None:
    """One that counts, by its id (one statement); None for an unknown or withdrawn one."""
    row = FeeResolution.objects.filter(pk=resolution_id, withdrawn_at__isnull=True).first()
    return None if row is None else as_rule(row)


def as_rule(row: FeeResolution | FeeResolutionDraft) -> Resolution:
    """The row as the rules take it."""
    return Resolution(
        number=row.number,
        signed_on=row.signed_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        territory=Territory(row.territory),
        lines=tuple(ResolutionLine.from_dict(line) for line in row.lines),
    )


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """A resolution or a draft as pages show it; `sentences` tell its lines."""

    id: int
    number: str
    title: str
    signed_on: date
    valid_from: date
    valid_to: date | None
    territory: str
    sentences: tuple[str, ...]
    by_name: str
    at: datetime
    rule: Resolution
    drafted_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What changes, the first of it; `more` when there is more than is shown."""

    changes: tuple[Changed, ...]
    more: bool


def listed() -> list[ResolutionView]:
    """Every resolution that was ever set, the latest first; those set anew are left out (one statement)."""
    rows = FeeResolution.objects.filter(withdrawn_at__isnull=True).order_by("-valid_from", "-pk")
    return [_view(row, row.set_by_name, row.set_at) for row in rows[:SHOWN]]


def drafts() -> list[ResolutionView]:
    """Those that wait for the second person (one statement)."""
    rows = FeeResolutionDraft.objects.filter(decided_at__isnull=True).order_by("-pk")[:SHOWN]
    return [_view(row, row.drafted_by_name, row.drafted_at) for row in rows]


def draft(draft_id: int) -> ResolutionView:
    """One that waits; `NotFound` for any other (one statement)."""
    row = FeeResolutionDraft.objects.filter(pk=draft_id, decided_at__isnull=True).first()
    if row is None:
        raise NotFound(msg("Không có bản nháp nghị quyết này, hoặc đã được duyệt."))
    return _view(row, row.drafted_by_name, row.drafted_at, row.drafted_by_id)


def standing_one(resolution_id: int) -> ResolutionView:
    """One that counts; `NotFound` for any other (one statement)."""
    row = FeeResolution.objects.filter(pk=resolution_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotFound(msg("Không có nghị quyết này, hoặc đã được ghi lại."))
    return _view(row, row.set_by_name, row.set_at)


def preview(
    *,
    number: str,
    signed_on: date,
    valid_from: date,
    valid_to: date | None,
    territory: Territory,
    lines: Sequence[Mapping[str, Any]],
    at: datetime,
    title: str = "",
) -> Preview:
    """What a resolution that is only typed would change. Raises `Invalid` for lines that cannot be used."""
    try:
        parsed = tuple(ResolutionLine.from_dict(line) for line in lines)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(
            msg("Dòng của nghị quyết không dùng được: %(why)s", why=str(error)), field="lines"
        ) from error
    return _changes(Resolution(number, signed_on, valid_from, valid_to, territory, parsed), at)


def changes_of(found: ResolutionView, *, at: datetime) -> Preview:
    """What it changes in the procedures that stand now."""
    return _changes(found.rule, at)


def _changes(found: Resolution, at: datetime) -> Preview:
    made = changed_by(found, at=at)
    return Preview(tuple(made[:SHOWN]), len(made) > SHOWN)


def _view(
    row: FeeResolution | FeeResolutionDraft, by_name: str, at: datetime, drafted_by_id: int | None = None
) -> ResolutionView:
    rule = as_rule(row)
    return ResolutionView(
        row.pk,
        row.number,
        row.title,
        row.signed_on,
        row.valid_from,
        row.valid_to,
        row.territory,
        tuple(_sentence(line) for line in rule.lines),
        by_name,
        at,
        rule,
        drafted_by_id,
    )


def _sentence(line: ResolutionLine) -> str:
    where = ", ".join((*line.procedures, *line.fields))
    of = ", ".join(line.lines) or {"phi": _("phí"), "le_phi": _("lệ phí")}.get(
        line.kind or "", _("mọi khoản")
    )
    if line.percent is not None:
        what = _("giảm %(share)s%%") % {"share": percent_text(line.percent)}
    else:
        given = FeeRule.from_dict({"key": "x", "kind": "phi", "name": "x", **line.parts})
        what = _("không thu") if given.amount == 0 else ", ".join(price_words(given))
    how = f" ({', '.join(str(CHANNEL_WORDS[one]) for one in line.channels)})" if line.channels else ""
    return f"{where} · {of}{how}: {what}"


def changed_by(found: Resolution, *, at: datetime) -> list[Changed]:
    """Every line of every procedure in force that costs otherwise by this resolution alone (few statements)."""
    made: list[Changed] = []
    current = snapshot.current()
    others = [one for one in current.resolutions if one.number != found.number]
    place = found.territory if found.territory is not Territory.ALL else Territory.BAC_NINH_CU
    day = found.valid_from
    for entry in current.entries.values():
        if not _concerned(found, entry.code, entry.codes, entry.field):
            continue
        if not (entry.valid_from is None or entry.valid_from <= at) or (
            entry.valid_to is not None and entry.valid_to <= at
        ):
            continue
        content = definition(entry.version_id)
        rules = [rule for rule in reading_of(entry.version_id).rules if rule.stands_on(day)]
        standing = [one for one in others if one.stands_on(day)]
        before = with_resolutions(rules, standing, content=content, territory=place, day=day)
        after = with_resolutions(rules, [*standing, found], content=content, territory=place, day=day)
        made += _differences(entry.code, content.short_name or content.name, before, after)
        if len(made) > SHOWN:
            break
    return made


def _concerned(found: Resolution, code: str, codes: Iterable[str], field_name: str) -> bool:
    named = {code for line in found.lines for code in line.procedures}
    fields = {name.casefold() for line in found.lines for name in line.fields}
    return code in named or not named.isdisjoint(codes) or field_name.casefold() in fields


def _differences(code: str, name: str, before: Sequence[FeeRule], after: Sequence[FeeRule]) -> list[Changed]:
    old = {rule.key: rule for rule in before}
    return [
        Changed(code, name, rule.name, _words(old.get(rule.key)), _words(rule))
        for rule in after
        if rule != old.get(rule.key) and _words(rule) != _words(old.get(rule.key))
    ]


def _words(rule: FeeRule | None) -> str:
    if rule is None:
        return "–"
    if rule.held:
        return standing_words(Standing.HELD)
    if not rule.is_known:
        return standing_words(Standing.UNKNOWN)
    less = "; ".join(f"−{round(one.percent * 100)}%" for one in rule.reductions)
    words = ", ".join(price_words(rule))
    return f"{words} ({less})" if less else words
