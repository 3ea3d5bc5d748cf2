"""Asking every address of the product as everybody, without a trace: each request is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from motcua.kernel.accounts.models import User
from tests.cast import Cast, cookie_of, signed_in
from tests.permissions.asking_money import Places, money_places

PAGES = (
    "anon",
    "nobody",
    "counter",
    "other",
    "spec",
    "head",
    "leader",
    "clerk",
    "it",
    "insp",
    "ctrl",
    "dept",
    "admin",
)
SYSTEMS = ("none", "wrong", "session", "province", "ward", "other", "reader", "units", "officer")
API_PREFIX = "api:"
SIGN_IN = "login"
EMPTY_FORM = b"csrfmiddlewaretoken=x"


@dataclass(frozen=True, slots=True)
class Target:
    """One concrete address: the name of its pattern and what stands in its places."""

    name: str
    which: str
    path: str


def url_names() -> list[str]:
    """The name of every pattern the product answers to; an unnamed one is told by its route."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or str(pattern.pattern)}"


_known: list[tuple[Cast, Places]] = []
"""A cast and what stands in its places, worked out once: every request is undone."""


def targets(cast: Cast, name: str) -> list[Target]:
    """The addresses to ask for under the name of a pattern."""
    if not (_known and _known[0][0] is cast):
        _known[:] = [(cast, _places(cast))]
    ways = _known[0][1].get(name, {"-": {}})
    try:
        return [Target(name, which, _path(name, kwargs)) for which, kwargs in ways.items()]
    except NoReverseMatch as error:
        raise AssertionError(f"say in {__name__} what stands in the places of {name}: {error}") from error


QUERIES = {"api:list_holders": "?role=leader"}
"""What an address cannot do without."""


def _path(name: str, kwargs: dict[str, object]) -> str:
    path = f"/{name}" if name in {"healthz", "readyz"} else reverse(name, kwargs=kwargs)
    return path + QUERIES.get(name, "")


def _places(cast: Cast) -> dict[str, dict[str, dict[str, object]]]:
    """What stands in the places of a pattern: `own` belongs to the first ward, `foreign` to the second."""
    codes: dict[str, dict[str, object]] = {
        "own": {"code": cast.ours.code},
        "foreign": {"code": cast.foreign.code},
        "unknown": {"code": "H05.99-261116-9999"},
    }
    wards: dict[str, dict[str, object]] = {
        "own": {"code": cast.place.commune.agency.code},
        "foreign": {"code": cast.place.other.agency.code},
    }
    letters = _with(cast, "letter_id", cast.letter_of(cast.ours), cast.letter_of(cast.foreign))
    files = _with(cast, "attachment_id", cast.ours_attachment.pk, cast.foreign_attachment.pk)
    posts = _posts(cast)
    places: dict[str, dict[str, dict[str, object]]] = {
        "counter:intake": codes,
        "counter:slip": letters,
        "counter:slip_with_receipts": letters,
        "dossiers:letter": letters,
        "dossiers:sign_letter": letters,
        "dossiers:attachment": files,
        "api:get_letter": letters,
        "api:get_attachment": files,
        "catalogue:procedure": {"-": {"code": cast.procedure.code}},
        "catalogue:pdf": {"-": {"code": cast.procedure.code}},
        "matrix:procedure": {"-": {"code": cast.procedure.code}},
        "workflow:process": {"-": {"version_id": cast.process.pk}},
        "workflow:bpmn": {"-": {"version_id": cast.process.pk}},
        "workflow:compare": {"-": {"version_id": cast.process.pk}},
        "organisation:close_post": posts,
        "organisation:delegate": posts,
        "organisation:revoke_delegation": {
            "own": {"delegation_id": cast.delegation.pk},
            "foreign": {"delegation_id": cast.foreign_delegation.pk},
        },
        "portal:track": {
            "own": {"token": cast.ours.tracking_token},
            "unknown": {"token": "0" * 32},
        },
        "rehearsals:change_set": _rehearsed(cast),
        "rehearsals:progress": _rehearsed(cast),
        "rehearsals:golden_list": _rehearsed(cast),
        "rehearsals:rehearsal": {
            "-": {"rehearsal_id": cast.rehearsed.pk},
            "unknown": {"rehearsal_id": 999_999},
        },
        "rehearsals:golden": {"-": {"golden_id": cast.golden_id}, "unknown": {"golden_id": 999_999}},
        **_moving(cast),
        "catalogue_configuring:fee_draft": {"unknown": {"pk": 999_999}},
        "catalogue_configuring:fee_end": {"unknown": {"pk": 999_999}},
        **_money(cast),
        "desk:job_retry": {"-": {"job_id": cast.dead_job.pk}},
        "desk:signing_retry": {"unknown": {"signing_id": 999_999}},
        "api:get_procedure": {"-": {"code": cast.procedure.code}},
        "api:get_process": {"-": {"key": cast.process.key}},
        "api:get_unit": wards,
        "support:readiness_unit": wards,
        "api:list_holders": wards,
        "api:get_calendar": {"own": {"unit": cast.place.commune.agency.code, "year": 2026}},
    }
    decisions: dict[str, dict[str, object]] = {"-": {"pk": cast.decision.change_set_id}, "unknown": {"pk": 0}}
    lines: dict[str, dict[str, object]] = {
        "-": {"pk": cast.decision.change_set_id, "line_id": cast.decision.pk},
        "unknown": {"pk": cast.decision.change_set_id, "line_id": 0},
    }
    for name in url_names():
        if name.startswith("changes:") and name not in CHANGES_WITHOUT_PLACE:
            places[name] = lines if "line" in name else decisions
    numbers: dict[str, dict[str, object]] = {"-": {"number": "1513/QĐ-UBND"}, "unknown": {"number": "0/QĐ"}}
    places |= {"api:get_change_set": numbers, "api:publish_change_set": numbers}
    places |= {f"organisation:{name}": {"-": {"succession_id": cast.succession.pk}} for name in SUCCESSIONS}
    places |= {f"organisation:{name}": {"-": {"import_id": cast.staff_import.pk}} for name in STAFF_LISTS}
    places |= money_places(cast, wards)
    drafts: dict[str, dict[str, object]] = {
        "own": {"draft_id": cast.draft.pk},
        "foreign": {"draft_id": cast.foreign_draft.pk},
        "unknown": {"draft_id": 999_999_999},
    }
    places |= {
        f"workflow:{name}_draft": drafts for name in ("edit", "submit", "publish", "return", "discard")
    }
    units = ("unit", "edit_unit", "new_unit", "open_post", "week", "day", "remove_day", "proposal", "propose")
    places |= {f"organisation:{name}": wards for name in units}
    for name in url_names():
        space, _colon, word = name.partition(":")
        if name not in places and (space, word) not in WITHOUT_DOSSIER and space in {"dossiers", "api"}:
            places[name] = {which: {**kwargs, **_task(name, cast, which)} for which, kwargs in codes.items()}
    return places


def _rehearsed(cast: Cast) -> dict[str, dict[str, object]]:
    return {
        "-": {"change_set_id": cast.rehearsed.change_set_id},
        "unknown": {"change_set_id": 999_999},
    }


CHANGES_WITHOUT_PLACE = {"changes:list", "changes:upload", "changes:template"}
SUCCESSIONS = ("succession", "rehearse", "carry_out", "undo_succession")
STAFF_LISTS = ("staff_list", "apply_staff_list")


def _money(cast: Cast) -> dict[str, dict[str, dict[str, object]]]:
    """No statement and no bill is in the cast: what is unknown is refused or not found for everybody alike."""
    lines = ("statement_line", "settle_line", "tie_line", "ignore_line", "undo_line", "ask_back")
    return {
        **{f"payments:{name}": {"unknown": {"line_id": 999_999}} for name in lines},
        "payments:settle_certain": {"unknown": {"account_id": 999_999}},
        "payments:report_bill": {"unknown": {"bill_id": 999_999}},
    }


def _moving(cast: Cast) -> dict[str, dict[str, dict[str, object]]]:
    """A decision concerns everybody; the run is the first ward's, a change belongs to its dossier."""
    decision: dict[str, dict[str, object]] = {
        "-": {"change_set_id": cast.moves.change_set_id},
        "unknown": {"change_set_id": 9_999_999},
    }
    runs: dict[str, dict[str, object]] = {
        "own": {"batch_id": cast.moves.pk},
        "unknown": {"batch_id": 9_999_999},
    }
    changes: dict[str, dict[str, object]] = {
        "own": {"change_id": cast.ours_change.pk},
        "foreign": {"change_id": cast.foreign_change.pk},
        "unknown": {"change_id": 9_999_999},
    }
    return {
        **{f"moving:{name}": decision for name in ("dry_run", "start", "export")},
        **{f"moving:{name}": runs for name in ("batch", "progress", "undo_batch")},
        **{f"moving:{name}": changes for name in ("undo_change", "choice")},
    }


WITHOUT_DOSSIER = {
    *(("dossiers", name) for name in ("worklist", "counts", "next", "bulk", "refunds")),
    *(
        ("api", name)
        for name in (
            "confirm_platform_payment",
            "look_up_platform_bill",
            "openapi-json",
            "api-root",
            "receive_dossier",
            "list_dossiers",
            "refuse_reception",
            "request_intake_supplement",
            "list_procedures",
            "list_units",
            "list_change_sets",
        )
    ),
}
WITH_TASK = {"complete_step", "take_back", "claim_step", "reassign_step", "answer_consultation"}


def _task(name: str, cast: Cast, which: str) -> dict[str, object]:
    if not name.startswith(API_PREFIX) or name.removeprefix(API_PREFIX) not in WITH_TASK:
        return {}
    dossier = cast.foreign if which == "foreign" else cast.ours
    assert dossier.run is not None
    return {"task_id": dossier.run.tasks.latest("pk").pk}


def _with(cast: Cast, place: str, own: int, foreign: int) -> dict[str, dict[str, object]]:
    """`crossed`: one's own dossier with the number of a foreign thing, the usual way around a check."""
    return {
        "own": {"code": cast.ours.code, place: own},
        "foreign": {"code": cast.foreign.code, place: foreign},
        "crossed": {"code": cast.ours.code, place: foreign},
    }


def _posts(cast: Cast) -> dict[str, dict[str, object]]:
    return {
        "own": {"post_id": cast.people["spec"].grants[0].post_id},
        "foreign": {"post_id": cast.people["other"].grants[0].post_id},
    }


@dataclass(slots=True)
class Asker:
    """Sends requests for one column of a table."""

    client: Client
    headers: dict[str, str]

    def ask(self, method: str, path: str, *, api: bool = False) -> Answer:
        """One request with nothing typed in it, undone afterwards."""
        self.client.cookies = SimpleCookie(self.headers.get("cookie", ""))
        more = {name: value for name, value in self.headers.items() if name != "cookie"}
        kind, body = ("application/json", b"{}") if api else ("application/x-www-form-urlencoded", EMPTY_FORM)
        with transaction.atomic():
            answer = self.client.generic(
                method, path, body if method == "POST" else b"", content_type=kind, headers=more
            )
            content = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return Answer(answer.status_code, answer.headers.get("Location", ""), content)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    content: bytes

    @property
    def word(self) -> str:
        """The status, with the way to the sign-in page told from other redirects."""
        return (
            SIGN_IN if self.status == 302 and self.location.startswith("/dang-nhap/?") else str(self.status)
        )


def page_askers(cast: Cast) -> dict[str, Asker]:
    """A browser for every column of the table of pages."""
    found = {}
    for name in PAGES:
        client = signed_in(cast.people.get(name))
        found[name] = Asker(client, {"cookie": cookie_of(client)})
    return found


def api_askers(cast: Cast) -> dict[str, Asker]:
    """A program for every column of the table of the API."""
    specialist = cast.people["spec"]
    headers = {name: {"authorization": f"Bearer {token}"} for name, token in cast.tokens.items()}
    headers |= {
        "none": {},
        "wrong": {"authorization": "Bearer token-of-nobody"},
        "session": {"cookie": cookie_of(signed_in(specialist))},
        "officer": {
            **headers["ward"],
            "motcua-officer": User.objects.get(pk=specialist.user_id or 0).get_username(),
        },
    }
    return {name: Asker(signed_in(None), headers[name]) for name in SYSTEMS}
