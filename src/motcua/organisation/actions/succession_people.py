"""People, delegations, calendars and partner systems of units that end: to the successor, or named as a conflict."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from motcua.kernel.messages import Message, msg
from motcua.organisation.actions.succession_units import Journal
from motcua.organisation.followers import Moves
from motcua.organisation.models import (
    ApiClient,
    CalendarDay,
    Delegation,
    Post,
    Succession,
    SuccessionLine,
    Unit,
    WorkSession,
)
from motcua.organisation.rules.succession import Problem, Tally, last_day
from motcua.organisation.rules.succession_file import PersonMove, SuccessionFile
from motcua.organisation.types import Role


@dataclass(slots=True)
class Passed:
    """What moved, what hinders, what somebody should know."""

    tally: Tally = field(default_factory=Tally)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)


def held(on: date) -> Q:
    """Posts held on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def staffed(on: date) -> frozenset[tuple[int, str]]:
    """The (unit, role) somebody holds on a day (one statement)."""
    rows = Post.objects.filter(held(on), user__is_active=True).values_list("unit_id", "role").distinct()
    return frozenset(rows)


def held_posts(on: date) -> frozenset[tuple[int, int, str]]:
    """Who holds what on a day: (user, unit, role) (one statement)."""
    rows = Post.objects.filter(held(on), user__is_active=True).values_list("user_id", "unit_id", "role")
    return frozenset(rows)


def move_posts(file: SuccessionFile, moves: Moves, journal: Journal, passed: Passed) -> None:
    """Close the posts of units that end and open the same ones at the successor; people named in the file go where
    it says. A post without a successor is a problem, not a loss.
    """
    ended = [moves.ids[code] for code in moves.whole.ended]
    posts = list(
        Post.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=moves.effective_on), unit_id__in=ended)
        .order_by("pk")
    )
    named = {person.username: person for person in file.people}
    passed.problems += _unknown_people(file, moves, posts)
    users = {post.user_id for post in posts}
    rows = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=moves.effective_on), user_id__in=users
    )
    here = {(row.user_id, row.unit_id, row.role): row for row in rows.exclude(unit_id__in=ended)}
    opened: dict[tuple[int, int, str], Post] = {}
    heirs: dict[int, tuple[int, int, str]] = {}
    closing, later = [], []
    for post in posts:
        code = moves.codes[post.unit_id]
        person = named.get(post.user.username)
        target = _target(post, person, moves)
        if target is None and not _is_closed(post, person):
            passed.problems.append(_homeless(post, moves))
            continue
        last = last_day(moves.effective_on)
        if post.starts_on > last and target is not None:
            journal.posts_moved.append([post.pk, post.unit_id])
            post.unit_id = target
            later.append(post)
            continue
        journal.posts_closed.append([post.pk, _iso(post.ends_on)])
        closing.append(post)
        if target is None:
            passed.tally.add(code, "", "posts_closed")
        else:
            key = (post.user_id, target, (person.role if person and person.role else "") or post.role)
            heirs[post.pk] = key
            if key not in here and key not in opened:
                opened[key] = _heir(post, person, key, moves)
            passed.tally.add(code, moves.codes[target], "posts")
    for post in closing:
        post.ends_on = (
            last_day(moves.effective_on) if post.starts_on <= last_day(moves.effective_on) else post.starts_on
        )
    Post.objects.bulk_update(closing, ["ends_on"], batch_size=500)
    Post.objects.bulk_update(later, ["unit"], batch_size=500)
    made = Post.objects.bulk_create(opened.values(), batch_size=500)
    journal.posts_opened = [post.pk for post in made]
    after = {**here, **opened}
    _delegations({pk: after[key] for pk, key in heirs.items()}, moves, journal, passed)


def _target(post: Post, person: PersonMove | None, moves: Moves) -> int | None:
    if _is_closed(post, person):
        return None
    if person is not None and person.unit:
        return moves.ids.get(person.unit)
    return moves.unit_for(post.unit_id)


def _is_closed(post: Post, person: PersonMove | None) -> bool:
    """Somebody who leaves, by the file or because the account is closed already."""
    return not post.user.is_active or (person is not None and not person.unit)


def _heir(post: Post, person: PersonMove | None, key: tuple[int, int, str], moves: Moves) -> Post:
    return Post(
        user_id=key[0],
        unit_id=key[1],
        role=key[2],
        title=(person.title if person and person.title else "") or post.title,
        starts_on=moves.effective_on,
        ends_on=post.ends_on,
    )


def _homeless(post: Post, moves: Moves) -> Problem:
    return Problem(
        "",
        msg(
            "Vị trí %(role)s của %(person)s tại %(unit)s không có nơi nhận: đơn vị kế thừa chưa có bộ phận "
            "cùng chức năng. Thêm bộ phận, hoặc ghi người này vào phần people.",
            role=str(Role(post.role).label),
            person=post.user.full_name,
            unit=moves.name(post.unit_id),
        ),
    )


def _unknown_people(file: SuccessionFile, moves: Moves, posts: list[Post]) -> list[Problem]:
    holders = {post.user.username for post in posts}
    found = []
    for person in file.people:
        if person.username not in holders:
            text = msg("%(name)s không giữ vị trí nào ở đơn vị kết thúc.", name=person.username or "(trống)")
            found.append(Problem(person.where, text))
        part = moves.whole.parts.get(person.unit)
        if person.unit and (part is None or part.ended):
            text = msg("Không có đơn vị đang hoạt động mang mã %(code)s.", code=person.unit)
            found.append(Problem(person.where, text))
        if person.role and person.role not in Role.values:
            found.append(
                Problem(person.where, msg("Không có vai trò %(role)s trong danh mục.", role=person.role))
            )
    return found


def _delegations(heirs: dict[int, Post], moves: Moves, journal: Journal, passed: Passed) -> None:
    """The delegations of a post go on under the post that follows it, by the same document, to the same last day."""
    rows = Delegation.objects.filter(
        post_id__in=list(heirs), revoked_at__isnull=True, ends_on__gte=moves.effective_on
    ).select_related("post")
    given = []
    for row in rows.order_by("pk"):
        heir = heirs[row.post_id]
        ends_on = row.ends_on if heir.ends_on is None else min(row.ends_on, heir.ends_on)
        given.append(
            Delegation(
                post_id=heir.pk,
                delegator_id=row.delegator_id,
                delegate_id=row.delegate_id,
                role=row.role if row.role != row.post.role else heir.role,
                starts_on=max(row.starts_on, moves.effective_on),
                ends_on=ends_on,
                document=row.document,
                scope=row.scope,
            )
        )
        passed.tally.add(moves.codes[row.post.unit_id], moves.codes[heir.unit_id], "delegations")
    journal.delegations = [row.pk for row in Delegation.objects.bulk_create(given)]


def move_clients(moves: Moves, journal: Journal, passed: Passed) -> None:
    """Partner systems of an agency that ends go on with its successor."""
    ended = [moves.ids[code] for code in moves.whole.ended]
    for client in ApiClient.objects.filter(agency_id__in=ended, active=True):
        assert client.agency_id is not None
        target = moves.unit_for(client.agency_id)
        if target is None:
            passed.problems.append(
                Problem("", msg("Hệ thống %(name)s không có cơ quan kế thừa.", name=client.name))
            )
            continue
        journal.clients.append([client.pk, client.agency_id])
        passed.tally.add(moves.codes[client.agency_id], moves.codes[target], "clients")
        client.agency_id = target
        client.save(update_fields=["agency"])


def move_calendars(moves: Moves, journal: Journal, passed: Passed) -> set[int]:
    """Own hours and coming days go to the successor where all agree; where they differ its own stand, and the
    difference is named. Returns the units whose calendar changed.
    """
    ended = [moves.ids[code] for code in moves.whole.ended]
    changed: set[int] = set()
    _move_sessions(ended, moves, journal, passed, changed)
    _move_days(ended, moves, journal, passed, changed)
    return changed


def _move_sessions(
    ended: list[int], moves: Moves, journal: Journal, passed: Passed, changed: set[int]
) -> None:
    weeks: dict[int, dict[int, list[tuple[Any, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in WorkSession.objects.order_by("unit_id", "weekday", "opens"):
        weeks[row.unit_id][row.weekday].append((row.opens, row.closes))
    given: dict[tuple[int, int], dict[int, list[tuple[Any, Any]]]] = defaultdict(dict)
    sources = _sources(ended, moves)
    for unit_id in ended:
        target = moves.unit_for(unit_id)
        for weekday, times in weeks.get(unit_id, {}).items():
            if target is not None:
                given[target, weekday][unit_id] = times
    rows = []
    for (target, weekday), of_units in given.items():
        own = weeks.get(target, {}).get(weekday)
        wanted = [*of_units.values(), *([own] if own is not None else [])]
        if any(times != wanted[0] for times in wanted) or len(of_units) < sources[target]:
            passed.notes.append(
                msg(
                    "Giờ làm việc thứ %(weekday)s của %(units)s không thống nhất; "
                    "%(target)s giữ giờ đang có.",
                    weekday=weekday + 2 if weekday < 6 else "CN",
                    units=", ".join(moves.name(each) for each in of_units),
                    target=moves.name(target),
                )
            )
        elif own is None:
            rows += [
                WorkSession(unit_id=target, weekday=weekday, opens=opens, closes=closes)
                for opens, closes in wanted[0]
            ]
            changed.add(target)
            for unit_id in of_units:
                passed.tally.add(moves.codes[unit_id], moves.codes[target], "sessions", len(wanted[0]))
    journal.sessions = [row.pk for row in WorkSession.objects.bulk_create(rows)]


def _move_days(ended: list[int], moves: Moves, journal: Journal, passed: Passed, changed: set[int]) -> None:
    rows: dict[tuple[int, date], CalendarDay] = {}
    days = CalendarDay.objects.filter(day__gte=moves.effective_on, proposed=False)
    own = {(row.unit_id, row.day): row for row in days}
    sources, left = _sources(ended, moves), set(ended)
    agree: dict[tuple[int, date], int] = defaultdict(int)
    for unit_id, day in own:
        target = moves.unit_for(unit_id) if unit_id in left else None
        if target is not None:
            agree[target, day] += 1
    for (unit_id, day), row in sorted(own.items()):
        target = moves.unit_for(unit_id) if unit_id in left else None
        if target is None:
            continue
        there = own.get((target, day)) or rows.get((target, day))
        if there is None and agree[target, day] == sources[target]:
            values = {
                name: getattr(row, name)
                for name in ("day", "kind", "reason", "name", "decision", "paired_day", "sessions", "source")
            }
            rows[target, day] = CalendarDay(unit_id=target, **values)
            changed.add(target)
            passed.tally.add(moves.codes[unit_id], moves.codes[target], "days")
        elif there is None or (there.kind, there.sessions) != (row.kind, row.sessions):
            passed.notes.append(
                msg(
                    "Ngày %(day)s của %(unit)s khác lịch của %(target)s; giữ lịch của %(target)s.",
                    day=f"{day:%d/%m/%Y}",
                    unit=moves.name(unit_id),
                    target=moves.name(target),
                )
            )
    journal.days = [row.pk for row in CalendarDay.objects.bulk_create(rows.values())]


def _sources(ended: list[int], moves: Moves) -> Counter[int]:
    """How many units that end pass to each target: what not all of them have is no common calendar."""
    targets = (moves.unit_for(unit_id) for unit_id in ended)
    return Counter(target for target in targets if target is not None)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def built_since(journal: Journal, held: Succession) -> list[Message]:
    """What people did to the posts and units of a succession since: it can no longer be undone."""
    found = []
    made = [*journal.created, *journal.reopened]
    ours = [*journal.posts_opened, *(pk for pk, _unit in journal.posts_moved)]
    posts = Post.objects.filter(unit_id__in=made).exclude(pk__in=ours).count()
    if posts:
        found.append(msg("%(count)s vị trí mở thêm ở đơn vị mới", count=posts))
    closed = Post.objects.filter(pk__in=journal.posts_opened, ends_on__isnull=False)
    wanted = {pk for pk, ends_on in journal.posts_closed if ends_on}
    if not wanted and closed.exists():
        found.append(msg("%(count)s vị trí đã kết thúc sau khi chuyển", count=closed.count()))
    given = Delegation.objects.filter(post_id__in=journal.posts_opened).exclude(pk__in=journal.delegations)
    if given.exists():
        found.append(msg("%(count)s ủy quyền từ vị trí mới", count=given.count()))
    later = SuccessionLine.objects.filter(predecessor_id__in=made).exclude(succession=held)
    if later.exists():
        found.append(msg("đơn vị mới lại có quyết định kế thừa khác"))
    below = Unit.objects.filter(parent_id__in=made).exclude(pk__in=made)
    below = below.exclude(pk__in=[pk for pk, _parent in journal.parents])
    if below.exists():
        found.append(msg("%(count)s bộ phận mở thêm ở đơn vị mới", count=below.count()))
    return found
