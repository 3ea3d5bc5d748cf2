"""Reading the organisation: the public door."""

from motcua.organisation.queries.people import actor_for, actor_for_client, holders
from motcua.organisation.queries.units import (
    agencies,
    calendar_for,
    centre_of,
    communes,
    department_for_field,
    division_for,
    field_gaps,
    province,
    reception_points,
    search_units,
    unit,
    unit_by_code,
    unit_with_function,
    units,
    units_within,
    vertical_in,
)
from motcua.organisation.snapshot import forget

__all__ = [
    "actor_for",
    "actor_for_client",
    "agencies",
    "calendar_for",
    "centre_of",
    "communes",
    "department_for_field",
    "division_for",
    "field_gaps",
    "forget",
    "holders",
    "province",
    "reception_points",
    "search_units",
    "unit",
    "unit_by_code",
    "unit_with_function",
    "units",
    "units_within",
    "vertical_in",
]
