"""Checks of uploaded papers: name, type by content, and what each type may not hide. Pure Python.

`names.clean_name` and `inspecting.inspect` are the two doors.
"""
