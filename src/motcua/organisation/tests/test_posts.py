"""Who may act where: posts and delegations by their dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from motcua.kernel.audit.models import AuditEntry
from motcua.kernel.errors import Invalid, NotAllowed
from motcua.organisation import actions, errors, queries
from motcua.organisation.models import Delegation, Post
from motcua.organisation.tests.factories import NOW, SYSTEM, TODAY, actor, person, post
from motcua.organisation.types import Role


def give(post_id: int, delegate_id: int, **changes: object) -> int:
    given: dict[str, object] = {
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 30),
        "document": "QĐ 15/QĐ-UBND ngày 30/10/2026",
        **changes,
    }
    return actions.delegate(actor=SYSTEM, now=NOW, post_id=post_id, delegate_id=delegate_id, **given)  # type: ignore[arg-type]  # tests pass wrong things too


def test_one_person_holds_several_posts(province: actions.LoadReport) -> None:
    officer = person("lan")
    post(officer, "09187.TTPVHCC", Role.ONE_STOP_OFFICER)
    post(officer, "09187.VP", Role.CLERK)
    post(officer, "TTPVHCC", Role.ONE_STOP_OFFICER)
    grants = actor(officer).grants
    assert {(queries.unit(g.unit_id).code, g.role) for g in grants} == {
        ("09187.TTPVHCC", "one_stop_officer"),
        ("09187.VP", "clerk"),
        ("TTPVHCC", "one_stop_officer"),
    }
    assert actor(officer).agency_ids == {
        queries.unit_by_code("09187").id,
        queries.unit_by_code("TTPVHCC").id,
    }


def test_post_counts_from_its_first_to_its_last_day_in_vietnam(province: actions.LoadReport) -> None:
    officer = person("lan")
    post(officer, "09187.VP", Role.CLERK, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24))
    last_evening = datetime(2026, 11, 24, 16, 59, tzinfo=UTC)
    assert not actor(officer, datetime(2026, 11, 22, 16, 59, tzinfo=UTC)).grants
    assert actor(officer, datetime(2026, 11, 22, 17, 0, tzinfo=UTC)).grants
    assert actor(officer, last_evening).grants
    assert not actor(officer, last_evening + timedelta(minutes=1)).grants


def test_closed_post_and_closed_account_count_at_once(province: actions.LoadReport) -> None:
    officer = person("lan")
    post_id = post(officer, "09187.VP", Role.CLERK)
    actions.close_post(actor=SYSTEM, now=NOW, post_id=post_id, ends_on=TODAY - timedelta(days=1))
    assert not actor(officer).grants
    other = person("hoa")
    post(other, "09187.VP", Role.CLERK)
    other.is_active = False
    other.save()
    assert actor(other).user_id is None
    assert queries.holders(queries.unit_by_code("09187.VP").id, Role.CLERK, TODAY) == []


def test_same_post_twice_at_a_time_is_refused(province: actions.LoadReport) -> None:
    officer = person("lan")
    post(officer, "09187.VP", Role.CLERK, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    post(officer, "09187.VP", Role.CLERK, starts_on=date(2026, 7, 1))
    with pytest.raises(errors.PostAlreadyOpen):
        post(officer, "09187.VP", Role.CLERK, starts_on=date(2026, 11, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            user=officer,
            unit_id=queries.unit_by_code("09187.VP").id,
            role="clerk",
            title="x",
            starts_on=date(2026, 11, 1),
        )


def test_absent_chairman_is_signed_for_by_a_delegate_in_time(province: actions.LoadReport) -> None:
    """Case P05: the chairman lets an officer sign certified copies; the ward remains the one that stamps."""
    chairman, officer = person("chu-tich", "Nguyễn Văn Chủ"), person("tu-phap", "Trần Thị Pháp")
    ward = queries.unit_by_code("09187")
    seat = post(chairman, "09187", Role.LEADER, title="Chủ tịch UBND phường")
    delegation = give(
        seat, officer.pk, role=Role.AUTHORISED_CERTIFIER, scope="Ký chứng thực bản sao (2.000815)"
    )
    during = actor(officer)
    [grant] = during.grants
    assert (grant.role, grant.on_behalf_of, grant.delegation_id) == (
        "authorised_certifier",
        chairman.pk,
        delegation,
    )
    assert grant.agency_id == ward.id
    assert not during.has(Role.LEADER)
    [holder] = queries.holders(ward.id, Role.AUTHORISED_CERTIFIER, TODAY)
    assert holder.delegated and holder.full_name == "Trần Thị Pháp"
    assert holder.document == "QĐ 15/QĐ-UBND ngày 30/10/2026"
    after = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    assert not actor(officer, after).grants
    assert queries.holders(ward.id, Role.AUTHORISED_CERTIFIER, date(2026, 10, 31)) == []


def test_revoked_delegation_ends_at_once_and_stays_on_record(province: actions.LoadReport) -> None:
    chairman, deputy = person("chu-tich"), person("pho")
    delegation = give(post(chairman, "09187", Role.LEADER), deputy.pk)
    assert actor(deputy).has(Role.LEADER)
    with pytest.raises(Invalid):
        actions.revoke_delegation(actor=SYSTEM, now=NOW, delegation_id=delegation, reason="")
    actions.revoke_delegation(actor=SYSTEM, now=NOW, delegation_id=delegation, reason="Đi làm lại")
    assert not actor(deputy).grants
    assert Delegation.objects.get(pk=delegation).revoked_at == NOW
    with pytest.raises(errors.AlreadyEnded):
        actions.revoke_delegation(actor=SYSTEM, now=NOW, delegation_id=delegation, reason="Lần nữa")


def test_delegation_ends_with_the_post_it_comes_from(province: actions.LoadReport) -> None:
    chairman, deputy = person("chu-tich"), person("pho")
    seat = post(chairman, "09187", Role.LEADER)
    give(seat, deputy.pk)
    actions.close_post(actor=SYSTEM, now=NOW, post_id=seat, ends_on=date(2026, 11, 20))
    assert not actor(deputy).grants


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"starts_on": date(2026, 12, 1)}, errors.DatesOutOfOrder, "ends_on"),
        ({"starts_on": date(2025, 1, 1)}, errors.OutsidePost, "starts_on"),
        ({"ends_on": date(2027, 1, 1)}, errors.OutsidePost, "ends_on"),
        ({"document": "  "}, Invalid, "document"),
        ({"role": "inspector"}, errors.RoleNotDelegable, "role"),
    ],
)
def test_delegation_that_makes_no_sense_is_refused_at_its_field(
    province: actions.LoadReport, changes: dict[str, object], error: type[Invalid], field: str
) -> None:
    seat = post(person("chu-tich"), "09187", Role.LEADER, ends_on=date(2026, 12, 31))
    with pytest.raises(error) as refused:
        give(seat, person("pho").pk, **changes)
    assert refused.value.field == field
    assert not Delegation.objects.exists()


def test_nobody_delegates_to_themselves(province: actions.LoadReport) -> None:
    chairman = person("chu-tich")
    seat = post(chairman, "09187", Role.LEADER)
    with pytest.raises(errors.DelegationToOneself):
        give(seat, chairman.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            post_id=seat,
            delegator=chairman,
            delegate=chairman,
            role="leader",
            starts_on=TODAY,
            ends_on=TODAY,
            document="x",
        )


def test_dates_out_of_order_are_refused_by_the_database_too(province: actions.LoadReport) -> None:
    officer = person("lan")
    with pytest.raises(errors.DatesOutOfOrder):
        post(officer, "09187.VP", Role.CLERK, starts_on=TODAY, ends_on=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            user=officer,
            unit_id=queries.unit_by_code("09187.VP").id,
            role="clerk",
            title="x",
            starts_on=TODAY,
            ends_on=date(2026, 1, 1),
        )


def test_only_the_agency_administrator_opens_posts_there(province: actions.LoadReport) -> None:
    admin, officer = person("quan-tri"), person("lan")
    post(admin, "09187", Role.IT_ADMIN)
    for code, allowed in (("09187.VP", True), ("07210.VP", False), ("STP", False)):
        unit_id = queries.unit_by_code(code).id

        def try_it(unit_id: int = unit_id) -> int:
            return actions.open_post(
                actor=actor(admin),
                now=NOW,
                user_id=officer.pk,
                unit_id=unit_id,
                role="clerk",
                title="Văn thư",
                starts_on=TODAY,
            )

        if allowed:
            assert try_it()
        else:
            with pytest.raises(NotAllowed):
                try_it()
    assert AuditEntry.objects.filter(action="organisation.post_opened").count() == 2


def test_actor_costs_two_statements_and_units_none(
    province: actions.LoadReport, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer, chairman = person("lan"), person("chu-tich")
    post(officer, "09187.VP", Role.CLERK)
    give(post(chairman, "09187", Role.LEADER), officer.pk)
    queries.units()
    with django_assert_num_queries(2):
        assert len(queries.actor_for(officer, NOW).grants) == 2
    with django_assert_num_queries(0):
        ward = queries.unit_by_code("09187")
        queries.centre_of(ward.id)
        queries.division_for(ward.id, "Hộ tịch")
        queries.calendar_for(ward.id).next_working_day(TODAY)
        queries.search_units("kinh bac")
    with django_assert_num_queries(2):
        queries.holders(ward.id, Role.LEADER, TODAY)
