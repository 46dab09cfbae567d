"""Waiting for a condition with a deadline: the only kind of waiting in the tests."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = float(os.environ.get("PATIENCE", "1"))
"""Deadlines are so many times as long: for machines that are slow, such as an emulated one."""


def until(condition: Callable[[], T], timeout_s: float = 60.0, what: str = "", every_s: float = 0.02) -> T:
    """The first truthy value of `condition`; AssertionError naming `what` when the deadline passes first."""
    deadline = time.monotonic() + timeout_s * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(
                f"not within {timeout_s * PATIENCE:g} s: {what or condition}; last value: {value!r}"
            )
        time.sleep(every_s)
