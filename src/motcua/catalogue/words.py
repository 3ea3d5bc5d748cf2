"""Words people read for the catalogue's codes."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.catalogue.types import Level, OnlineLevel, Territory

LEVELS = {
    Level.COMMUNE.value: gettext_lazy("Cấp xã"),
    Level.PROVINCE.value: gettext_lazy("Cấp tỉnh"),
    Level.MINISTRY.value: gettext_lazy("Bộ, ngành"),
    Level.OTHER.value: gettext_lazy("Cơ quan khác"),
}
ONLINE = {
    OnlineLevel.FULL.value: gettext_lazy("Trực tuyến toàn trình"),
    OnlineLevel.PARTIAL.value: gettext_lazy("Trực tuyến một phần"),
    OnlineLevel.NONE.value: gettext_lazy("Chỉ nộp trực tiếp"),
    OnlineLevel.UNKNOWN.value: gettext_lazy("Chưa rõ mức trực tuyến"),
}
TERRITORIES = {
    Territory.ALL.value: gettext_lazy("Toàn tỉnh"),
    Territory.BAC_NINH_CU.value: gettext_lazy("Chỉ địa bàn tỉnh Bắc Ninh cũ"),
    Territory.BAC_GIANG_CU.value: gettext_lazy("Chỉ địa bàn tỉnh Bắc Giang cũ"),
}
CHANNELS = {
    "in_person": gettext_lazy("trực tiếp"),
    "post": gettext_lazy("bưu chính"),
    "online": gettext_lazy("trực tuyến"),
}
DOUBTFUL = {
    "code": gettext_lazy("mã thủ tục"),
    "name": gettext_lazy("tên thủ tục"),
    "field": gettext_lazy("lĩnh vực"),
    "level": gettext_lazy("cấp thực hiện"),
    "ministry": gettext_lazy("bộ quản lý"),
    "publication_decision_2026": gettext_lazy("quyết định công bố"),
    "publication_decision_local": gettext_lazy("quyết định công bố của tỉnh"),
    "applicants": gettext_lazy("đối tượng"),
    "authority": gettext_lazy("cơ quan giải quyết"),
    "online_level": gettext_lazy("mức trực tuyến"),
    "time_limit": gettext_lazy("thời hạn"),
    "time_branches": gettext_lazy("thời hạn theo trường hợp"),
    "fees": gettext_lazy("phí, lệ phí"),
    "fee_exemptions": gettext_lazy("miễn, giảm"),
    "documents": gettext_lazy("thành phần hồ sơ"),
    "cases": gettext_lazy("trường hợp"),
    "results": gettext_lazy("kết quả"),
    "conditions": gettext_lazy("điều kiện"),
    "legal_bases": gettext_lazy("căn cứ pháp lý"),
}
FINDINGS = {
    "row_refused": gettext_lazy("Dòng không nạp được"),
    "unreadable": gettext_lazy("Quy trình không đọc được"),
    "not_a_process": gettext_lazy("Mục không phải là quy trình"),
    "unknown_role": gettext_lazy("Vai lạ"),
    "unknown_unit": gettext_lazy("Đơn vị thời gian lạ"),
    "duplicate_key": gettext_lazy("Mã dùng nhiều lần"),
    "not_processes": gettext_lazy("Tệp không có quy trình"),
    "order_unclear": gettext_lazy("Số thứ tự bước không rõ"),
    "order_differs": gettext_lazy("Số thứ tự bước không theo vị trí"),
    "unit_assumed": gettext_lazy("Thời gian không ghi đơn vị"),
    "return_added": gettext_lazy("Đã thêm bước trả kết quả"),
    "role_read_as_head": gettext_lazy("Vai đọc là lãnh đạo phòng"),
    "shared_time_unclear": gettext_lazy("Thời gian chung không rõ"),
    "shared_time_differs": gettext_lazy("Thời gian chung khác tổng các bước"),
    "source_sum_differs": gettext_lazy("Nguồn cộng sai"),
    "source_comparison_differs": gettext_lazy("Nguồn so tổng với thời hạn sai"),
    "branch_unclear": gettext_lazy("Rẽ nhánh không rõ"),
    "parallel_unclear": gettext_lazy("Song song không rõ"),
    "note_kept": gettext_lazy("Ghi chú chỉ để đọc"),
    "time_from_words": gettext_lazy("Thời gian đọc từ chữ"),
    "bad_value": gettext_lazy("Giá trị sai kiểu"),
    "unknown_key": gettext_lazy("Trường lạ"),
    "unknown_level": gettext_lazy("Cấp thực hiện lạ"),
    "unknown_channel": gettext_lazy("Kênh lạ"),
    "unknown_territory": gettext_lazy("Địa bàn lạ"),
    "count_differs": gettext_lazy("Số dòng không khớp"),
    "code_missing": gettext_lazy("Chưa có mã"),
    "code_malformed": gettext_lazy("Mã sai dạng"),
    "code_duplicate": gettext_lazy("Mã trùng"),
    "name_duplicate": gettext_lazy("Tên trùng"),
    "untidy_text": gettext_lazy("Chữ nhập không sạch"),
    "unit_other": gettext_lazy("Đơn vị thời gian “khác”"),
    "no_limit": gettext_lazy("Không có thời hạn"),
    "limit_suspicious": gettext_lazy("Thời hạn không hợp lý"),
    "limit_differs": gettext_lazy("Thời hạn khác với cổng"),
    "channel_or_case": gettext_lazy("Kênh hay trường hợp?"),
    "repeated_channel": gettext_lazy("Kênh ghi nhiều lần"),
    "contradiction": gettext_lazy("Nguồn tự mâu thuẫn"),
    "guess": gettext_lazy("Suy đoán, chưa kiểm chứng"),
    "reference_only": gettext_lazy("Chỉ dẫn chiếu"),
    "fee_too_small": gettext_lazy("Phí nhỏ hơn 1.000 đồng"),
    "fee_mismatch": gettext_lazy("Phí lệch mô tả"),
    "fee_online_dearer": gettext_lazy("Trực tuyến đắt hơn trực tiếp"),
    "fee_currency": gettext_lazy("Phí bằng ngoại tệ"),
    "fee_ambiguous": gettext_lazy("Nhiều mức phí không rõ"),
    "abolished": gettext_lazy("Bị bãi bỏ"),
    "several_levels": gettext_lazy("Nhiều cấp giải quyết"),
    "low_confidence": gettext_lazy("Độ tin cậy thấp"),
    "no_papers": gettext_lazy("Thiếu thành phần hồ sơ"),
    "no_results": gettext_lazy("Thiếu kết quả"),
    "already_detailed": gettext_lazy("Đã có bản chi tiết"),
    "expired_already": gettext_lazy("Hết hiệu lực trước khi nạp"),
    "no_procedure": gettext_lazy("Quy trình không có thủ tục"),
    "level_differs": gettext_lazy("Quy trình khác cấp"),
    "case_unmatched": gettext_lazy("Nhánh không khớp trường hợp"),
    "longer_than_limit": gettext_lazy("Quy trình dài hơn thời hạn"),
}


def level_words(levels: tuple[str, ...]) -> str:
    """Levels in words, most local first."""
    return ", ".join(str(words) for level, words in LEVELS.items() if level in levels)


def finding_words(kind: str) -> str:
    """A kind of finding in words; the workflow's own kinds as "khi đọc quy trình"."""
    return str(FINDINGS[kind]) if kind in FINDINGS else _("Khi đọc quy trình: %(kind)s") % {"kind": kind}
