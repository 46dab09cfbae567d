"""Tables as CSV that a spreadsheet of this country opens with a double click. Pure.

UTF-8 with a byte order mark, semicolons, decimal commas: what Excel and LibreOffice expect in Belgium. A program
reads it with `sep=";", decimal=","`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """`rows` of text, whole numbers, numbers that are rounded already, and None for what is not there."""
    return b"".join(lines(header, rows))


def lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same, line by line, as the rows come."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write(BYTE_ORDER_MARK)
    writer.writerow(header)
    yield _taken(text)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = str(value)
    # A spreadsheet would run text that begins like a formula.
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
