"""What a log says of exceptions."""

import logging
from collections.abc import Iterable

_FORMAT = logging.Formatter("%(name)s: %(message)s")
_MARK = "Traceback (most recent call last)"


def tracebacks(records: Iterable[logging.LogRecord]) -> list[str]:
    """Every record that carries an exception, or quotes one."""
    return [_FORMAT.format(record) for record in records if record.exc_info or _MARK in record.getMessage()]
