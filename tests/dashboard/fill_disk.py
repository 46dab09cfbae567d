"""Run by test_faults.py on a small file system of its own: a recorder whose disk fills up and is cleared again."""

import contextlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.broker import Broker
from support.dashboard import prepared
from support.databases import SQLite
from support.reporting_kiosk import ReportingKiosk
from support.waiting import until

folder, host, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
small = folder / "small"
broker = Broker(host, port)
region = prepared(folder, broker, SQLite(small / "region.sqlite"))
count = "SELECT count(*) FROM dashboard_event"
with region.recorder() as recorder, ReportingKiosk("deinze", broker).connected() as kiosk:
    kiosk.appear()
    kiosk.note()
    until(lambda: kiosk.is_drained, what="a row is recorded")
    ballast = os.open(small / "ballast", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(ballast, bytes(4096))
    for _ in range(400):
        kiosk.note(data={"text": "x" * 2_000})
    until(lambda: "the database cannot be written" in region.log(), 40, "the disk is full")
    assert not kiosk.is_drained and recorder.poll() is None
    os.ftruncate(ballast, 0)
    until(lambda: kiosk.is_drained, 60, "it goes on")
    seqs = [seq for (seq,) in region.rows("SELECT seq FROM dashboard_event ORDER BY id")]
    assert seqs == list(range(1, 402)), len(seqs)
    assert region.one("SELECT count(*) FROM dashboard_deadletter") == 0
print("all recorded, once")
