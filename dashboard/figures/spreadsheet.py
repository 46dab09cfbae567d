"""Tables as CSV that a spreadsheet of this country opens with a double click. Pure.

UTF-8 with a byte order mark, semicolons, decimal commas: what Excel and LibreOffice expect in Belgium. A program
reads it with `sep=";", decimal=","`.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """`rows` of text, whole numbers, numbers that are rounded already, and None for what is not there."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = str(value)
    # A spreadsheet would run text that begins like a formula.
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
