"""Build a department that writes processes, in an empty database: run as a program by the tests of the editor."""

from __future__ import annotations

import sys
from fractions import Fraction

import django
from django.core.management import call_command

TITLE = "Chấp thuận chủ trương đầu tư thuộc thẩm quyền UBND cấp tỉnh"


def main(password: str) -> None:
    """Migrate, collect, staff a department (accounts tin, kiem, lanh), begin one draft from a real table."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.dossiers.tests import factories as f
    from motcua.kernel import clock
    from motcua.workflow import actions
    from motcua.workflow.rules.definition import Span, TimeUnit
    from motcua.workflow.rules.pasted import About
    from motcua.workflow.tests.test_pasted_tables import BAC_NINH, table

    place = f.make_province()
    admin = f.make_officer(
        "it_admin", place.department, name="Nguyễn Văn Tin", username="tin", password=password
    )
    f.make_officer(
        "procedure_controller", place.department, name="Trần Thị Kiểm", username="kiem", password=password
    )
    f.make_officer("leader", place.department, name="Lê Hữu Lãnh", username="lanh", password=password)
    about = About(
        title=TITLE, limit=Span(Fraction(17), TimeUnit.CALENDAR_DAY), codes=("1.009645",), field="Đầu tư"
    )
    for _each in range(2):
        actions.draft_from_table(
            actor=admin, agency_id=place.department.id, table=table(BAC_NINH), about=about, now=clock.now()
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
