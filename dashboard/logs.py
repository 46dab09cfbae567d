"""One way to log, for every process of the region."""

import logging
import sys


def log_to_stderr() -> None:
    """From now on, for this process."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
