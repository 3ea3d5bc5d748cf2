"""Build a ward's till in an empty database: run by the browser tests of the cashier as a program."""

from __future__ import annotations

import sys
from datetime import date

import django
from django.core.management import call_command

PROCEDURE = (
    "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của Việt Nam cấp"
)


def main(password: str) -> None:
    """Migrate, collect, staff a ward (accounts quay, truong), four people owe; another procedure costs money."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from motcua.dossiers.tests import factories as f
    from motcua.dossiers.tests.money import CHARGE
    from motcua.kernel import clock
    from motcua.payments import actions
    from motcua.payments.models import BankAccount, Collector

    ward = f.make_province().commune
    officer = f.make_officer(
        "one_stop_officer", ward.centre, name="Nguyễn Thị Quầy", username="quay", password=password
    )
    f.make_officer("leader", ward.agency, name="Trần Đình Khương", username="truong", password=password)
    procedure = f.make_procedure()
    name = "Cấp giấy xác nhận tình trạng hôn nhân"
    f.make_procedure(f.procedure_definition(name=name, short_name=name, cases=(), fees=(CHARGE,)))
    now = clock.now()
    Collector.objects.create(
        unit_id=ward.agency.id,
        name=ward.agency.full_name,
        tax_code="2300123456",
        takes_card=True,
        updated_at=now,
    )
    BankAccount.objects.create(
        unit_id=ward.agency.id,
        bank_bin="970436",
        number="0011001234567",
        holder="UBND PHUONG KINH BAC",
        registered=True,
        starts_on=date(2025, 7, 1),
    )
    series = f"AA-{clock.local(now):%y}T"
    actions.open_book(
        actor=f.SYSTEM, unit_id=ward.agency.id, form_symbol="01BLP2-001", series=series, now=now
    )
    for number, name in enumerate(("Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Thị Hồng Nhung", "Đỗ Đức Duy"), 1):
        dossier = f.receive(officer, procedure, owner=f.person(name, f"02718500{number:04d}"), now=now)
        actions.open_bill(
            actor=officer,
            unit_id=ward.centre.id,
            budget_unit_id=ward.agency.id,
            subject=dossier.code,
            payer=actions.Payer(name, f"02718500{number:04d}", "Khu phố Niềm Xá, phường Kinh Bắc"),
            lines=(
                actions.BillLine(
                    "ban-sao",
                    "phi",
                    "Phí chứng thực bản sao từ bản chính",
                    8_000 * number,
                    (
                        "2.000 đồng/trang cho 2 trang đầu, 1.000 đồng từ trang thứ 3.",
                        "Nghị quyết của Hội đồng nhân dân tỉnh.",
                    ),
                ),
                actions.BillLine("ho-tich", "le_phi", "Lệ phí hộ tịch", 5_000),
            ),
            key=f"till:{number}",
            procedure_name=PROCEDURE,
            now=now,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
