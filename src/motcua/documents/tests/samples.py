"""Letters as a ward's centre would issue them, for tests and for looking at."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

from motcua.documents.types import (
    ApologyLetter,
    Authoriser,
    ChangeNotice,
    ControlSlip,
    DossierRegister,
    HandOver,
    LetterData,
    LetterHead,
    Party,
    ReceptionSlip,
    RefusalLetter,
    RegisterRow,
    Signer,
    SlipPaper,
    SlipPayment,
    StopNotice,
    SupplementItem,
    SupplementRequestLetter,
    Tracking,
)
from motcua.documents.types_money import AmountLine, CollectionRecord, RefundSlip, Remittance, SeriesLine

ISSUED = datetime(2026, 11, 23, 2, 32, tzinfo=UTC)
DUE = datetime(2026, 12, 2, 2, 32, tzinfo=UTC)
CODE = "H05.16-261123-0007"

HEAD = LetterHead(
    superior="Ủy ban nhân dân phường Kinh Bắc",
    name="Trung tâm Phục vụ hành chính công",
    place="Kinh Bắc",
    address="số 31 đường Kinh Dương Vương, phường Kinh Bắc, tỉnh Bắc Ninh",
    phone="0222.3822.999",
)
PERSON = Party(
    name="Nguyễn Thị Thuỷ Tiên",
    id_number="027185001234",
    address="Số 12, ngõ 45, đường Nguyễn Gia Thiều, khu phố Niềm Xá, phường Kinh Bắc, tỉnh Bắc Ninh",
    phone="0912 345 678",
    email="thuytien.nguyen@example.vn",
)
TRACKING = Tracking(
    url="https://motcua.example.vn/tra-cuu/q/5fQ2xk0mJ8pZs1v7Lw3RdA",
    page="motcua.example.vn/tra-cuu",
    hotline="0222.3822.999",
)
PROCEDURE = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong "
    "trường hợp chuyển nhượng"
)
LONG_PROCEDURE = (
    "Đăng ký biến động thay đổi quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất do chia, "
    "tách, hợp nhất, sáp nhập "
    "tổ chức hoặc do thỏa thuận của các thành viên hộ gia đình hoặc của vợ và chồng; chuyển đổi mô "
    "hình tổ chức, hợp đồng "
    "hợp tác kinh doanh, bản án, quyết định của Tòa án nhân dân đã có hiệu lực pháp luật"
)
LONG_UNIT = (
    "Chi nhánh Văn phòng Đăng ký đất đai khu vực số 12 và Bộ phận Tiếp nhận và Trả kết quả giải "
    "quyết thủ tục hành chính "
    "liên thông phường Kinh Bắc"
)
PAPERS = (
    SlipPaper(name="Đơn đăng ký biến động đất đai, tài sản gắn liền với đất theo Mẫu số 18", originals=1),
    SlipPaper(
        name="Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất đã cấp", originals=1
    ),
    SlipPaper(name="Hợp đồng chuyển nhượng quyền sử dụng đất đã công chứng", originals=1, copies=1),
    SlipPaper(name="Mảnh trích đo bản đồ địa chính thửa đất", originals=1),
    SlipPaper(name="Tờ khai thuế thu nhập cá nhân", originals=2),
    SlipPaper(name="Tờ khai lệ phí trước bạ nhà, đất", originals=2),
    SlipPaper(name="Giấy chứng nhận kết hôn", certified=1),
    SlipPaper(name="Văn bản ủy quyền", originals=1, note="đối chiếu bản chính"),
)


TO_PAY = SlipPayment(
    amount=50_000,
    reference="MC251201ABCDEFGHJK",
    qr="00020101021238570010A00000072701270006970405011326012010099990208QRIBFTTA53037045405500005802VN"
    "62220818MC251201ABCDEFGHJK6304F8D5",
    bank="Agribank",
    account="2601201009999",
    holder="UBND PHUONG KINH BAC",
    places=("Tiền mặt tại quầy thu của Trung tâm Phục vụ hành chính công phường Kinh Bắc.",),
)
NO_ACCOUNT = SlipPayment(
    amount=50_000,
    reference="MC251201ABCDEFGHJK",
    places=("Tiền mặt tại quầy thu của Trung tâm Phục vụ hành chính công phường Kinh Bắc.",),
)


def reception_slip(**changes: object) -> ReceptionSlip:
    values: dict[str, object] = {
        "head": HEAD,
        "dossier_code": CODE,
        "applicant": PERSON,
        "request": PROCEDURE,
        "papers": PAPERS,
        "time_limit": "08 ngày làm việc",
        "received_at": ISSUED,
        "due_at": DUE,
        "receiving_unit": "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
        "return_place": "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
        "return_method": "trực tiếp",
        "fee_text": "50.000 đồng, đã thu khi nộp hồ sơ",
        "register_book": "02/2026",
        "register_no": "1.207",
        "submitter_name": PERSON.name,
        "officer_name": "Ngô Đức Thịnh",
        "tracking": TRACKING,
    }
    return ReceptionSlip(**(values | changes))  # type: ignore[arg-type]  # one sample, many variants


AUTHORISED = reception_slip(
    authoriser=Authoriser(
        name="Trần Đình Khương",
        id_number="027060009876",
        address="Thôn Đông, xã Liên Bão, tỉnh Bắc Ninh",
        phone="0987 654 321",
        document="Hợp đồng ủy quyền số 215, quyển số 01/2026 TP/CC-SCC/HĐGD ngày 20/11/2026",
    ),
    papers=PAPERS[:4],
)

SUPPLEMENT = SupplementRequestLetter(
    head=HEAD,
    dossier_code=CODE,
    applicant=PERSON,
    request=PROCEDURE,
    items=(
        SupplementItem(
            text="Bản chính Giấy chứng nhận quyền sử dụng đất số BK 123456 (hồ sơ mới có bản chụp)."
        ),
        SupplementItem(text="Tờ khai lệ phí trước bạ: chưa ký tại mục người khai, thiếu mã số thuế."),
        SupplementItem(
            text="Thông tin cư trú trong hồ sơ khác với Cơ sở dữ liệu quốc gia về dân cư.",
            hint="Đề nghị Ông (Bà) liên hệ Công an phường Kinh Bắc để cập nhật thông tin trước khi nộp lại.",
        ),
    ),
    reason="Thành phần hồ sơ chưa đầy đủ theo quy định tại Điều 37 Nghị định số 101/2024/NĐ-CP.",
    deadline=date(2026, 12, 14),
    contact_name="bà Ngô Thị Bích Ngọc",
    contact_phone="0222.3822.999 (máy lẻ 12)",
    officer_name="Ngô Thị Bích Ngọc",
    tracking=TRACKING,
)
REFUSAL = RefusalLetter(
    head=HEAD,
    applicant=PERSON,
    request=PROCEDURE,
    reasons=(
        "Thửa đất số 45, tờ bản đồ số 12 đang có đơn tranh chấp do Tòa án nhân dân khu vực 1 – Bắc "
        "Ninh thụ lý.",
        "Hợp đồng chuyển nhượng chưa được công chứng, chứng thực theo quy định của pháp luật về đất đai.",
    ),
    advice="Ông (Bà) nộp lại hồ sơ sau khi có bản án, quyết định đã có hiệu lực pháp luật của Tòa án.",
    submitter_name=PERSON.name,
    officer_name="Ngô Đức Thịnh",
)
APOLOGY = ApologyLetter(
    head=HEAD,
    addressee="Bà Nguyễn Thị Thuỷ Tiên",
    applicant=PERSON,
    dossier_code=CODE,
    procedure=PROCEDURE,
    agency="Chi nhánh Văn phòng Đăng ký đất đai khu vực Kinh Bắc",
    received_at=ISSUED,
    old_due_at=DUE,
    new_due_on=date(2026, 12, 9),
    reason="phải trích đo lại ranh giới thửa đất do số liệu đo đạc không khớp với hồ sơ địa chính.",
    signer=Signer(name="Vũ Quốc Khánh", title=("KT. Giám đốc", "Phó Giám đốc")),
    recipients=("Như trên", "UBND phường Kinh Bắc (để b/c)", "Lưu: VT, TTPVHCC"),
)
STOP = StopNotice(
    head=HEAD,
    addressee="Bà Nguyễn Thị Thuỷ Tiên",
    applicant=PERSON,
    dossier_code=CODE,
    procedure=PROCEDURE,
    received_at=ISSUED,
    requested_on=date(2026, 11, 25),
    request_reason="hai bên thỏa thuận hủy hợp đồng chuyển nhượng",
    state="đang thẩm định, chưa có quyết định giải quyết",
    stopped_at=ISSUED + timedelta(days=2, hours=4),
    returned_papers=(
        "Giấy chứng nhận quyền sử dụng đất số BK 123456 (bản chính)",
        "Hợp đồng chuyển nhượng (02 bản)",
    ),
    fee_text="50.000 đồng; được hoàn trả tại quầy thu phí trong giờ hành chính.",
    signer=Signer(name="Vũ Quốc Khánh", title=("Giám đốc",)),
    recipients=("Như trên", "Chi nhánh VPĐKĐĐ khu vực Kinh Bắc", "Lưu: VT, TTPVHCC"),
)
CHANGE = ChangeNotice(
    head=HEAD,
    addressee="Bà Nguyễn Thị Thuỷ Tiên",
    applicant=PERSON,
    dossier_code=CODE,
    procedure=PROCEDURE,
    received_at=ISSUED,
    effective_at=ISSUED + timedelta(days=5),
    decision="Quyết định số 1513/QĐ-UBND",
    decision_title="Công bố danh mục thủ tục hành chính sửa đổi, bổ sung trong lĩnh vực đất đai",
    paragraphs=("Ông (Bà)/Tổ chức được chọn một trong hai cách giải quyết hồ sơ đã nộp:",),
    choices=(
        "Tiếp tục giải quyết theo quy định lúc tiếp nhận;",
        "Chuyển sang quy định mới; ngày hẹn trả và phí, lệ phí không tăng so với lúc tiếp nhận.",
    ),
    answer="Khi chưa có trả lời, hồ sơ tiếp tục được giải quyết theo quy định lúc tiếp nhận.",
)
CHANGE_STOP = dataclasses.replace(
    CHANGE,
    paragraphs=("Việc giải quyết hồ sơ nêu trên dừng kể từ ngày của thông báo này.",),
    choices=(),
    answer="",
    fee_text="khoản đã nộp (nếu có) được hoàn trả; số tiền do bộ phận thu phí xác định theo biên lai.",
)
CHAIN = (
    "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
    "Chi nhánh Văn phòng Đăng ký đất đai",
    "Thuế cơ sở 1 tỉnh Bắc Ninh",
    "Chi nhánh Văn phòng Đăng ký đất đai",
    "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Lãnh đạo UBND phường Kinh Bắc",
    "Văn thư UBND phường Kinh Bắc",
    "Trung tâm Phục vụ hành chính công phường Kinh Bắc",
)
RESULTS = ("", "on_time", "early", "late")


def control_slip(rows: int = 7) -> ControlSlip:
    return ControlSlip(
        head=HEAD,
        dossier_code=CODE,
        procedure=PROCEDURE,
        agency="Chi nhánh Văn phòng Đăng ký đất đai khu vực Kinh Bắc",
        coordinating=("Thuế cơ sở 1 tỉnh Bắc Ninh", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        received_at=ISSUED,
        due_at=DUE,
        rows=tuple(
            HandOver(
                from_unit=CHAIN[i % 7],
                to_unit=CHAIN[i % 7 + 1],
                at=ISSUED + timedelta(hours=6 * i),
                from_person="Ngô Đức Thịnh" if i % 2 else "Đặng Thị Hường",
                to_person="Lê Quỳnh Trang",
                result=RESULTS[i % 4],
                note="Bổ sung bản trích đo" if i == 3 else "",
            )
            for i in range(rows)
        ),
    )


def register(rows: int = 60) -> DossierRegister:
    return DossierRegister(
        head=HEAD,
        period="Từ ngày 01 tháng 11 năm 2026 đến ngày 23 tháng 11 năm 2026",
        book="02/2026",
        rows=tuple(
            RegisterRow(
                dossier_code=f"H05.16-2611{1 + i % 23:02d}-{i + 1:04d}",
                procedure=(PROCEDURE, "Đăng ký khai sinh", "Chứng thực bản sao từ bản chính", LONG_PROCEDURE)[
                    i % 4
                ],
                applicant=("Nguyễn Thị Thuỷ Tiên", "Trần Đình Khương", "Công ty TNHH Gốm Phù Lãng")[i % 3],
                contact="Khu phố Niềm Xá, phường Kinh Bắc; 0912 345 678",
                agency=("UBND phường Kinh Bắc", "Chi nhánh Văn phòng Đăng ký đất đai khu vực Kinh Bắc")[
                    i % 2
                ],
                received_on=date(2026, 11, 1 + i % 23),
                due_on=date(2026, 12, 1 + i % 28) if i % 5 else None,
                returned_on=date(2026, 11, 23) if i % 3 == 0 else None,
                returned_by=("Trực tiếp", "Bưu chính công ích", "Trực tuyến")[i % 3],
            )
            for i in range(rows)
        ),
    )


COLLECTION = CollectionRecord(
    head=HEAD,
    collector="Ủy ban nhân dân phường Kinh Bắc",
    tax_code="2300123456",
    day=date(2026, 11, 23),
    methods=(
        AmountLine(name="Tiền mặt", amount=4_318_000, returned=8_000),
        AmountLine(name="Chuyển khoản", amount=1_250_000),
        AmountLine(name="Thẻ", amount=300_000),
    ),
    revenue=(AmountLine(name="Phí", amount=5_100_000), AmountLine(name="Lệ phí", amount=768_000)),
    receipts=(
        SeriesLine(symbol="01BLP2-001 AA-26T", first="0000101", last="0000187", count=87, amount=5_868_000),
    ),
    remittances=(Remittance(document="Giấy nộp tiền 0125/KB", method="Tiền mặt", amount=4_000_000),),
    pieces=(
        AmountLine(name="500000", amount=0, count=0),
        AmountLine(name="100000", amount=200_000, count=2),
        AmountLine(name="50000", amount=100_000, count=2),
        AmountLine(name="2000", amount=8_000, count=4),
    ),
    expected=310_000,
    counted=308_000,
    counted_in_words="Ba trăm linh tám nghìn đồng",
    explanation="Trả thừa cho người nộp hồ sơ H05.16-261123-0044, đã gọi điện, hẹn trả lại ngày mai.",
    cashier="Nguyễn Thị Thu Ngân",
    second="Trần Đình Khương",
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)
REFUND = RefundSlip(
    head=HEAD,
    payee=Party(
        name="Nguyễn Thị Thuỷ Tiên", id_number="027190001234", address="Khu phố Niềm Xá, phường Kinh Bắc"
    ),
    subject="H05.16-261123-0044",
    procedure="Chứng thực bản sao từ bản chính giấy tờ, văn bản",
    reference="MC261123ABCDEFGHJK",
    lines=(AmountLine(name="Phí", amount=8_000), AmountLine(name="Tiền nộp thừa", amount=2_000)),
    amount=10_000,
    amount_in_words="Mười nghìn đồng",
    reason="Người nộp thuộc diện được miễn, đã xuất trình giấy chứng nhận hộ nghèo",
    method="Chuyển khoản",
    to_account="Vietcombank 0011001234567 NGUYEN THI THUY TIEN",
    payout_reference="FT26327001234",
    asked_by="Nguyễn Thị Thu Ngân",
    confirmed_by="Trần Đình Khương",
    paid_out_by="Nguyễn Thị Thu Ngân",
)


def all_samples() -> dict[str, LetterData]:
    """Every kind with an ordinary dossier, keyed by kind."""
    return {
        "reception_slip": reception_slip(),
        "reception_slip_table": reception_slip(),
        "reception_slip_certification": reception_slip(
            request="Chứng thực bản sao từ bản chính giấy tờ, văn bản",
            papers=(
                SlipPaper(name="Bằng tốt nghiệp đại học", pages=1, copies=3, fee=6000),
                SlipPaper(name="Hợp đồng lao động số 15/HĐLĐ-2026", pages=12, copies=2, fee=44000),
                SlipPaper(name="Căn cước công dân", pages=1, copies=5, fee=10000),
            ),
            due_at=ISSUED + timedelta(hours=6),
            time_limit="trong ngày làm việc",
            fee_text="",
            register_book="",
            register_no="",
        ),
        "supplement_request": SUPPLEMENT,
        "refusal": REFUSAL,
        "apology": APOLOGY,
        "stop_notice": STOP,
        "change_notice": CHANGE,
        "change_stop_notice": CHANGE_STOP,
        "control_slip": control_slip(),
        "dossier_register": register(),
        "collection_record": COLLECTION,
        "refund_slip": REFUND,
    }
