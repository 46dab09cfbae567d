"""The rule of the cursor: every row of a journal once and in order. Pure.

A kiosk sends its rows from the cursor on and goes back to it where nothing moves; its duty for a row ends with the
`ack` that covers it. So a row that does not follow the cursor is never taken: it comes again.
"""

import enum


class Verdict(enum.Enum):
    """What to do with a row."""

    TAKE = "take"
    DUPLICATE = "duplicate"
    GAP = "gap"


def judge(cursor: int, seq: int) -> Verdict:
    """`cursor`: all rows up to it are recorded."""
    if seq == cursor + 1:
        return Verdict.TAKE
    return Verdict.DUPLICATE if seq <= cursor else Verdict.GAP
