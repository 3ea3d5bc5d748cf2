"""Looking for the foreign applicant by every field of every list finds nothing."""

from __future__ import annotations

import pytest

from tests.cast import CANARIES, CANARY_NUMBER, CANARY_PHONE, Cast
from tests.permissions import asking

pytestmark = pytest.mark.django_db

# The names of what lists take in their addresses; a page echoes what was typed, so only the rest may not appear.
FIELDS = ("q", "ma", "so", "don-vi", "ho-so", "text", "search", "code", "owner_id_number")
INSIDE = ("counter", "leader", "it", "dept")
LISTS = [
    name for name in asking.url_names() if name.split(":")[0] in {"counter", "dossiers", "desk", "portal"}
]


People = dict[str, asking.Asker]


@pytest.fixture(scope="module")
def people(cast: Cast) -> People:
    return asking.page_askers(cast)


@pytest.mark.parametrize("typed", [CANARY_NUMBER, CANARY_PHONE, "Canary7731"])
@pytest.mark.parametrize("name", LISTS)
def test_a_search_never_leaves_the_ward(name: str, typed: str, cast: Cast, people: People) -> None:
    targets = [found for found in asking.targets(cast, name) if found.which == "-"]
    for target in targets:
        query = "&".join(f"{field}={typed}" for field in FIELDS)
        for person in INSIDE:
            answer = people[person].ask("GET", f"{target.path}?{query}")
            text = answer.content.decode(errors="replace")
            told = [secret for secret in CANARIES if secret not in typed and secret in text]
            assert not told and cast.foreign.code not in text, f"{person} learns {told} from {target.path}"


@pytest.mark.parametrize("field", FIELDS)
def test_a_system_of_one_ward_finds_nothing_of_another(field: str, cast: Cast) -> None:
    systems = asking.api_askers(cast)
    for typed in (CANARY_NUMBER, cast.foreign.code, "Canary7731"):
        for column in ("ward", "reader", "officer"):
            answer = systems[column].ask("GET", f"/api/v1/dossiers?{field}={typed}", api=True)
            assert b"Canary7731" not in answer.content
            assert f'"code": "{cast.foreign.code}"'.encode() not in answer.content


def test_the_public_page_of_a_dossier_hides_who_it_is_about(cast: Cast, people: People) -> None:
    answer = people["anon"].ask("GET", f"/tra-cuu/{cast.foreign.tracking_token}/")
    assert answer.status == 200
    assert not [secret for secret in CANARIES if secret.encode() in answer.content]
