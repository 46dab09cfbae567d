"""One way to log, for every process of the region."""

import logging
import sys

from django.db import InterfaceError, OperationalError


def log_to_stderr() -> None:
    """From now on, for this process."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_traceback_of_a_database_that_is_away)


def _without_traceback_of_a_database_that_is_away(record: logging.LogRecord) -> bool:
    """Each open page meets it each second: where in the code it did tells nobody anything."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, OperationalError | InterfaceError):
        reason = " ".join(str(error).split())
        record.msg, record.args = f"{record.getMessage().strip()}: the database: {reason}", ()
        record.exc_info = record.exc_text = None
    return True
