"""Words of the organisation that others may use: roles, kinds of unit, and the frozen picture of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a post does with dossiers. A post has one role; a person may hold several posts."""

    ONE_STOP_OFFICER = "one_stop_officer", _("Cán bộ tiếp nhận hồ sơ")
    DEPT_HEAD = "dept_head", _("Lãnh đạo phòng")
    SPECIALIST = "specialist", _("Chuyên viên")
    LEADER = "leader", _("Lãnh đạo cơ quan")
    CLERK = "clerk", _("Văn thư")
    COUNCIL = "council", _("Hội đồng")
    AUTHORISED_CERTIFIER = "authorised_certifier", _("Người được ủy quyền ký chứng thực")
    PROCEDURE_CONTROLLER = "procedure_controller", _("Cán bộ kiểm soát thủ tục hành chính")
    EXTERNAL = "external", _("Cơ quan phối hợp")
    IT_ADMIN = "it_admin", _("Quản trị công nghệ thông tin")
    INSPECTOR = "inspector", _("Thanh tra, kiểm tra")


class UnitKind(TextChoices):
    """What a unit is in the two-level government after 1 July 2025."""

    PROVINCE = "province", _("Tỉnh")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    VERTICAL = "vertical", _("Cơ quan ngành dọc")
    COMMUNE = "commune", _("Xã, phường")
    DISTRICT = "district", _("Huyện, thị xã, thành phố (trước 01/7/2025)")
    SERVICE_CENTRE = "service_centre", _("Trung tâm Phục vụ hành chính công")
    DIVISION = "division", _("Phòng, bộ phận")
    EXTERNAL = "external", _("Đơn vị ngoài hệ thống")


class UnitFunction(TextChoices):
    """What a division is for, so that work finds it whatever it is called locally."""

    OFFICE = "office", _("Văn phòng, văn thư")
    ECONOMY = "economy", _("Kinh tế, đất đai, xây dựng")
    SOCIETY = "society", _("Văn hóa - Xã hội")
    CENTRE = "centre", _("Tiếp nhận và trả kết quả")
    SPECIALIST = "specialist", _("Chuyên môn")
    PROCEDURE_CONTROL = "procedure_control", _("Kiểm soát thủ tục hành chính")
    LAND_REGISTRY = "land_registry", _("Đăng ký đất đai")
    LAND_REGISTRY_BRANCH = "land_registry_branch", _("Chi nhánh đăng ký đất đai")
    POLICE = "police", _("Công an")
    POLICE_TRAFFIC = "police_traffic", _("Cảnh sát giao thông")
    POLICE_RESIDENCE = "police_residence", _("Quản lý cư trú, căn cước")
    POLICE_RECORDS = "police_records", _("Hồ sơ, lý lịch tư pháp")
    POLICE_IMMIGRATION = "police_immigration", _("Quản lý xuất nhập cảnh")
    TAX = "tax", _("Thuế")
    TAX_LOCAL = "tax_local", _("Thuế cơ sở")
    SOCIAL_INSURANCE = "social_insurance", _("Bảo hiểm xã hội")
    SOCIAL_INSURANCE_LOCAL = "social_insurance_local", _("Bảo hiểm xã hội cơ sở")
    TENDER = "tender", _("Đấu thầu, thẩm định đầu tư")
    INVESTMENT_SUPPORT = "investment_support", _("Xúc tiến đầu tư, hỗ trợ doanh nghiệp")
    ENVIRONMENT = "environment", _("Bảo vệ môi trường")


class CommuneType(TextChoices):
    COMMUNE = "xã", _("Xã")
    WARD = "phường", _("Phường")
    TOWNSHIP = "thị trấn", _("Thị trấn")


class SuccessionKind(TextChoices):
    """What a decision does to a unit."""

    MERGE = "merge", _("Sáp nhập, hợp nhất")
    SPLIT = "split", _("Chia, tách")
    RENAME = "rename", _("Đổi tên")
    ABOLISH = "abolish", _("Giải thể")
    CHANGE_LEVEL = "change_level", _("Chuyển cấp")


class SuccessionState(TextChoices):
    PLANNED = "planned", _("Chờ thực hiện")
    APPLIED = "applied", _("Đã thực hiện")
    UNDONE = "undone", _("Đã hoàn tác")


class DayKind(TextChoices):
    """Whether the day is taken out of the week or put into it."""

    OFF = "off", _("Nghỉ")
    WORKED = "worked", _("Làm việc")


class DayReason(TextChoices):
    """Why the day differs from the week; the calendar page and "why this date" name it."""

    HOLIDAY = "holiday", _("Nghỉ lễ, tết")
    IN_LIEU = "in_lieu", _("Nghỉ bù ngày lễ trùng ngày nghỉ")
    SWAP = "swap", _("Nghỉ hoán đổi")
    COMPENSATORY = "compensatory", _("Làm bù")
    CLOSURE = "closure", _("Tạm nghỉ của đơn vị")
    EXTRA = "extra", _("Làm thêm buổi")


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a unit was called until `ends_on` (last day), with the codes and letter head it had then."""

    name: str
    full_name: str
    short_name: str = ""
    agency_code: str = ""
    code: str = ""
    letter_head: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    starts_on: date | None = None
    ends_on: date | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A unit, or a part of its work, passed on: `function` and `field` empty means all the rest."""

    predecessor_id: int
    successor_id: int
    kind: str
    function: str
    field: str
    effective_on: date
    decision: str


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """A unit as everybody reads it: no database behind it, safe to keep for the length of a request.

    `agency_id` is the unit's own id for an agency, the agency it belongs to for a division. `agency_code` is
    the prefix of dossier codes and empty for divisions. `area_id` is the commune a vertical unit serves, if
    one.
    """

    id: int
    code: str
    agency_code: str
    kind: UnitKind
    name: str
    full_name: str
    short_name: str
    parent_id: int | None
    agency_id: int
    is_reception_point: bool = False
    function: str = ""
    former_province: str = ""
    commune_type: str = ""
    place_name: str = ""
    address: str = ""
    phone: str = ""
    area_id: int | None = None
    letter_head: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    starts_on: date | None = None
    ends_on: date | None = None
    agency_code_source: str = ""
    predecessors: tuple[str, ...] = ()
    source: str = ""
    folded: str = ""
    former_names: tuple[FormerName, ...] = ()
    folded_former: str = ""

    @property
    def is_former(self) -> bool:
        """Whether the unit has ended: found by its old name and code, and in no list of today's units."""
        return self.ends_on is not None

    @property
    def is_agency(self) -> bool:
        return self.agency_id == self.id

    def stands_on(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may act in a role of a unit on a day, by their own post or by delegation."""

    user_id: int
    full_name: str
    title: str
    post_id: int
    delegated: bool = False
    delegation_id: int | None = None
    on_behalf_of: int | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class FieldDepartment:
    """The provincial agency that handles a field, and how sure that is.

    `matched_by` is "field" (the field is in the table), "ministry" (only the ministry is), or "fallback"
    (neither: the provincial committee's office stands in and the field must be reported).
    """

    unit: UnitInfo
    matched_by: str

    @property
    def is_gap(self) -> bool:
        return self.matched_by == "fallback"


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """An account as the organisation's forms offer it."""

    id: int
    username: str
    full_name: str


@dataclass(frozen=True, slots=True)
class SessionTime:
    """One working session of a weekday (0 Monday … 6 Sunday), local time; both ends None means closed that
    day.
    """

    weekday: int
    opens: time | None
    closes: time | None
