"""A form sent from somebody else's page does nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, cookie_of, signed_in
from tests.permissions import asking
from tests.permissions.table import is_api, table

pytestmark = pytest.mark.django_db


def test_every_form_asks_for_its_token(cast: Cast) -> None:
    """Every page that takes a POST refuses one without the token; the API takes no session at all."""
    careful = Client(enforce_csrf_checks=True, raise_request_exception=False)
    asker = asking.Asker(careful, {"cookie": cookie_of(signed_in(cast.people["admin"]))})
    taken = []
    for name in asking.url_names():
        targets = asking.targets(cast, name)
        # An address that only reads may answer a POST as it answers a GET: nothing to forge.
        if (
            is_api(name)
            or table().get((name, targets[0].which, "POST"), ("",))[-1] == "405"
            or name in READ_ONLY
        ):
            continue
        for target in targets:
            answer = asker.ask("POST", target.path)
            if answer.status != 403:
                taken.append(f"{name} {target.which}: {answer.status}")
    assert taken == []


READ_ONLY = {"healthz", "readyz"}
