"""Một Cửa: the provincial information system for handling administrative procedures."""
