"""What can happen to a kiosk or to the recorder, one fault at a time, with their real processes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.broker import Broker, mosquitto
from support.dashboard import Region, prepared
from support.databases import NewDatabase
from support.hand_bridge import hand_bridge
from support.journal import rows as journal_rows
from support.programs import unshared_mounts
from support.reporting_kiosk import ReportingKiosk, job, now_ms
from support.waiting import until

from firmware_bridge.contract import EventType, JobState
from firmware_bridge.journal.journal import KEEP_MS, Journal

EVENTS = "SELECT journal, seq, ts_ms FROM dashboard_event WHERE kiosk_id = ? ORDER BY id"
CURSOR = "SELECT seq FROM dashboard_cursor WHERE kiosk_id = ? AND journal = ?"
Row = tuple[str, int, int]
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with mosquitto(tmp_path) as running:
        yield running


@pytest.fixture
def region(tmp_path: Path, broker: Broker, new_database: NewDatabase) -> Region:
    """Prepared; the test runs the recorder."""
    return prepared(tmp_path, broker, new_database(tmp_path))


def test_a_replaced_card_begins_a_new_journal_and_the_old_one_stays(
    tmp_path: Path, broker: Broker, region: Region
) -> None:
    with region.recorder():
        recorded = _lived_on(tmp_path / "first", broker, region, [])
        recorded = _lived_on(tmp_path / "second", broker, region, recorded)
    assert len({journal for journal, _, _ in recorded}) == 2


def _lived_on(folder: Path, broker: Broker, region: Region, before: list[Row]) -> list[Row]:
    """A bridge with a card of its own has been there; all that is recorded then."""
    folder.mkdir()
    with hand_bridge(folder, broker):
        until(lambda: len(region.rows(EVENTS, "deinze")) > len(before), what="its rows")
    mine = [(row.journal, row.seq, row.ts_ms) for row in journal_rows(folder)]
    until(lambda: region.rows(EVENTS, "deinze") == before + mine, what="all of them")
    assert region.one("SELECT journal FROM dashboard_kiosk") == mine[0][0]
    return before + mine


def test_a_recorder_from_an_old_backup_gets_what_the_kiosk_still_has(
    tmp_path: Path, broker: Broker, region: Region
) -> None:
    with hand_bridge(tmp_path, broker), region.recorder():
        until(lambda: len(region.rows(EVENTS, "deinze")) >= 2, what="rows")
    _age(tmp_path)
    region.database.execute("DELETE FROM dashboard_event WHERE seq > 1")
    region.database.execute("UPDATE dashboard_cursor SET seq = 1")
    with region.recorder(), hand_bridge(tmp_path, broker):
        until(
            lambda: region.one("SELECT count(*) FROM dashboard_deadletter"), what="the recorder knows what is gone"
        )
        reason, gone = region.rows("SELECT reason, seq FROM dashboard_deadletter")[0]
        assert reason == f"rows 2 to {gone} are no longer at the kiosk" and gone >= 2
        until(lambda: len(region.rows(EVENTS, "deinze")) >= 3, what="rows after the gap")
    first = region.one("SELECT min(seq) FROM dashboard_event WHERE seq > 1")
    assert first == gone + 1


def _age(folder: Path) -> None:
    """A month and a day pass at the kiosk: what the region had acknowledged is forgotten there."""
    journal = Journal(folder / "data" / "journal.sqlite")
    reader = journal.reader()
    journal.set_cursor(reader.last_seq())
    journal.prune(now_ms() + KEEP_MS + DAY_MS)
    assert reader.first_seq() == reader.last_seq() + 1
    reader.close()
    journal.close()


def test_a_recorder_that_begins_anew_gets_the_whole_journal(
    tmp_path: Path, broker: Broker, region: Region
) -> None:
    with hand_bridge(tmp_path, broker):
        with region.recorder():
            until(lambda: len(region.rows(EVENTS, "deinze")) >= 2, what="rows")
        for table in ("event", "cursor"):
            region.database.execute(f"DELETE FROM dashboard_{table}")
        with region.recorder():
            until(lambda: len(region.rows(EVENTS, "deinze")) >= 2, 40, "rows again")
            until(lambda: region.rows(EVENTS, "deinze")[0][1] == 1, what="from the first")


def test_a_clock_that_jumps_changes_no_order_and_loses_nothing(broker: Broker, region: Region) -> None:
    jumps = (0, 400 * DAY_MS, -20_000 * DAY_MS, -1, 0, 2**62)
    with region.recorder(), ReportingKiosk("deinze", broker).connected() as kiosk:
        kiosk.appear()
        for jump in jumps:
            kiosk.note(ts_ms=now_ms() + jump if jump < 2**62 else jump)
        kiosk.note(EventType.JOB_CHANGED, job(JobState.PRINTING, id="one"), ts_ms=now_ms() - 400 * DAY_MS)
        ended = now_ms()
        done = job(JobState.COLLECTED, id="one", ended_ms=ended, printed_s=60.0)
        kiosk.note(EventType.JOB_CHANGED, done, ts_ms=ended - 400 * DAY_MS)
        until(lambda: kiosk.is_drained, what="the journal is acknowledged")
        rows = region.rows(EVENTS, "deinze")
        assert [seq for _, seq, _ in rows] == list(range(1, len(jumps) + 3))
        assert region.rows("SELECT state, finished_ms FROM dashboard_job") == [("collected", ended)]
        kiosk.telemetry()
        seen = "SELECT seen_ms FROM dashboard_kiosk"
        until(lambda: abs((region.one(seen) or 0) - now_ms()) < 60_000, what="seen by the region's clock")


def test_a_full_disk_makes_the_recorder_wait_and_nothing_is_lost(tmp_path: Path, broker: Broker) -> None:
    """On a file system of its own, which another file fills up while a kiosk reports."""
    (tmp_path / "small").mkdir()
    script = f"mount -t tmpfs -o size=6m none {tmp_path / 'small'} && exec {sys.executable} {FILL} {tmp_path}"
    command = [*unshared_mounts(), "sh", "-c", f"{script} {broker.host} {broker.port}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "all recorded, once"


FILL = Path(__file__).with_name("fill_disk.py")
