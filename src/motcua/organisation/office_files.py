"""Files people bring: JSON is read here, office files by the reader that `documents` registers when it is ready."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from motcua.kernel.errors import Invalid
from motcua.kernel.messages import msg
from motcua.organisation.errors import BadSuccession
from motcua.organisation.rules.succession_file import SuccessionFile, Table, from_json, from_tables

LARGEST = 10 * 1024 * 1024

Reader = Callable[[bytes, str], Sequence[Table]]

_readers: dict[str, Reader] = {}


def register_table_reader(label: str, *, read: Reader) -> None:
    """Say how office files are read: from bytes and a file name to tables, refusing what is none."""
    _readers[label] = read


def tables_of(data: bytes, *, name: str) -> Sequence[Table]:
    """The tables of an office file. Raises `Invalid` for one that is empty, too large or cannot be read."""
    if not data:
        raise Invalid(msg("Tệp rỗng; chọn lại tệp."), field="file")
    if len(data) > LARGEST:
        raise Invalid(msg("Tệp lớn hơn 10 MB; tách thành nhiều tệp."), field="file")
    for read in _readers.values():
        return read(data, name)
    raise Invalid(msg("Chưa đọc được tệp bảng tính; hãy dùng tệp JSON."), field="file")


def succession_file(data: bytes, *, name: str) -> SuccessionFile:
    """A succession from JSON or a workbook. Raises `BadSuccession` with everything that is wrong, each at its place."""
    if name.lower().endswith(".json"):
        try:
            found, problems = from_json(json.loads(data.decode("utf-8-sig")))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            line = getattr(error, "lineno", 1)
            text = msg("Tệp JSON không đọc được, lỗi ở dòng %(line)s.", line=line)
            raise Invalid(text, field="file") from None
    else:
        found, problems = from_tables(tables_of(data, name=name))
    if found is None:
        raise BadSuccession([problem.render() for problem in problems])
    return found
