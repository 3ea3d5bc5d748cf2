"""What the API says about units and calendars. Names are stable; new ones may be added."""

from datetime import date

from ninja import Field, Schema


class UnitOut(Schema):
    """A unit of the province."""

    code: str = Field(
        description="The unit's own code, such as 07210 for a ward or 07210.TTPVHCC for its centre"
    )
    agency_code: str = Field(description="Prefix of dossier codes, such as H05.16; empty for divisions")
    kind: str = Field(
        description="province, department, vertical, commune, service_centre, division or external"
    )
    function: str = Field(description="What a division is for: office, economy, centre, …")
    name: str
    full_name: str
    agency: str = Field(description="Code of the agency the unit belongs to; its own for an agency")
    parent: str | None = Field(description="Code of the unit above")
    is_reception_point: bool = Field(description="Dossiers are received here")
    former_province: str
    place_name: str
    address: str
    phone: str
    starts_on: date | None
    ends_on: date | None


class UnitDetailOut(UnitOut):
    """A unit, where it receives, and its parts."""

    receives_at: str | None = Field(description="Code of the centre that receives for this agency")
    divisions: list[str] = Field(description="Codes of the units directly below it")
    predecessors: list[str]
    formed_from: list[str] = Field(default=[], description="Codes of the ended units it took over from")
    successors: list[str] = Field(default=[], description="Codes of the units that took over from it")


class UnitPageOut(Schema):
    """One page; ask again with `cursor=next` until it is null."""

    items: list[UnitOut]
    next: str | None = None


class HolderOut(Schema):
    """Somebody who may act in a role of a unit today."""

    user_id: int = Field(description="What `assignee_id` of an act means")
    full_name: str
    title: str
    delegated: bool = Field(description="By delegation (ủy quyền), not by an own post")


class HoldersOut(Schema):
    items: list[HolderOut]


class SessionOut(Schema):
    """One working session, local time."""

    opens: str
    closes: str


class WeekdayOut(Schema):
    """A usual weekday: 0 Monday … 6 Sunday."""

    weekday: int
    sessions: list[SessionOut]


class SpecialDayOut(Schema):
    """A day that departs from the week."""

    day: date
    kind: str = Field(description="off or worked")
    name: str
    decision: str = ""
    paired_day: date | None = None
    sessions: list[SessionOut]


class CalendarOut(Schema):
    """A unit's working time in one year, with everything it inherits."""

    unit: str
    year: int
    working_days: int
    week: list[WeekdayOut]
    special: list[SpecialDayOut]
