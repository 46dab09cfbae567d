"""Commands put into the outbox from beside, as a web worker's transaction leaves them there."""

import time

from support.dashboard import Region


def ask_beside(region: Region, command: str, kiosk: str, name: str, *, expires_in_s: float = 30.0) -> None:
    """One row, without a job; OUT_OF_ORDER because it is broken."""
    now_ms = time.time_ns() // 1_000_000
    value, reason = (True, "broken") if name == "out_of_order" else (None, "")
    row = (command, kiosk, name, "", "", value, reason, "noor", "staff-1")
    times = (now_ms, now_ms + int(expires_in_s * 1000), "waiting", now_ms, "")
    region.database.execute(
        "INSERT INTO dashboard_command (id, kiosk_id, name, job, card, value, reason, by, staff, asked_ms,"
        " expires_ms, step, step_ms, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *row,
        *times,
    )
