"""Build a ward at work in an empty database: run by the browser tests of the lists as a program."""

from __future__ import annotations

import sys
from datetime import timedelta

import django
from django.core.management import call_command

NAMES = (
    "Nguyễn Thị Đào",
    "Trần Văn Bình",
    "Lê Thị Hồng Nhung",
    "Công ty TNHH Thương mại và Dịch vụ Kinh Bắc Xanh",
)
COUNT = 8


def main(password: str) -> None:
    """Migrate, collect, staff a ward (accounts quay, chuyen, truong), and hand in eight dossiers this morning."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.dossiers import actions
    from motcua.dossiers.tests import factories as f
    from motcua.kernel import clock

    ward = f.make_province().commune
    counter = f.make_officer("one_stop_officer", ward.centre, username="quay", password=password)
    specialist = f.make_officer("specialist", ward.division, username="chuyen", password=password)
    f.make_officer("dept_head", ward.division, username="truong", password=password)
    procedure = f.make_procedure()
    now = clock.now()
    for number in range(COUNT):
        at = now - timedelta(days=6, hours=-number)
        f.receive(
            counter, procedure, owner=f.person(NAMES[number % len(NAMES)], f"02718500{number:04d}"), now=at
        )
    waiting = f.receive(counter, procedure, owner=f.person("Đỗ Đức Duy"), now=now)
    actions.request_supplement(
        actor=specialist,
        code=waiting.code,
        items=[actions.SupplementItem(key="to-khai", text="Tờ khai chưa ký")],
        reason="Tờ khai chưa có chữ ký",
        respond_by=None,
        now=now,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
