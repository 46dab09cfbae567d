"""The journal: one transaction for a change and its events, numbers without gaps, a disk that fills up."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.programs import unshared_mounts
from support.waiting import until

from firmware_bridge.contract import (
    Alert,
    AlertCode,
    Call,
    CallReason,
    EventType,
    Job,
    JobState,
    OutOfOrderReason,
    Severity,
    Spool,
)
from firmware_bridge.jobs import life, turns
from firmware_bridge.jobs.board import Board, Step
from firmware_bridge.journal.journal import KEEP_MS, Entry, Journal, JournalError, NewEvent
from firmware_bridge.journal.standing import Standing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def a_job(name: str) -> Job:
    return Job(
        id=name,
        card="ring",
        personal=True,
        state=JobState.SUBMITTED,
        estimate_s=60,
        grams=1,
        layers=3,
        submitted_ms=1,
    )


def write(journal: Journal, step: Step, ts_ms: int = 1000) -> None:
    events = tuple(NewEvent(EventType.JOB_CHANGED, job=job) for job in step.changed)
    journal.write(Entry(ts_ms, board=step.board, changed=step.changed, events=events))


def two_jobs(journal: Journal) -> Board:
    board = Board()
    for name in ("a", "b"):
        step = turns.submit(board, a_job(name), 0)
        write(journal, step)
        board = step.board
    return board


def event(n: int = 0) -> NewEvent:
    return NewEvent(EventType.COMMAND, data={"n": n})


def test_it_is_synced_at_every_commit(journal: Journal, path: Path) -> None:
    def pragma(name: str) -> object:
        return journal._connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert (pragma("journal_mode"), pragma("synchronous")) == ("wal", 2)


def test_the_board_comes_back_in_its_order(journal: Journal, path: Path) -> None:
    board = two_jobs(journal)
    step = life.start(board, "a", plate_is_empty=True, now_ms=7)
    write(journal, step)
    write(journal, turns.submit(step.board, a_job("c"), 0))
    journal.close()
    again = Journal(path)
    found = again.board()
    assert found.plate is not None
    assert (found.plate.id, found.plate.state) == ("a", JobState.HEATING)
    assert [waiting.job.id for waiting in found.queue] == ["b", "c"]
    again.close()


def test_missed_turns_are_remembered(journal: Journal, path: Path) -> None:
    step = turns.pass_turn(two_jobs(journal), turns.TURN_S, 0)
    write(journal, step)
    assert [(w.job.id, w.missed_turns) for w in journal.board().queue] == [("b", 0), ("a", 1)]


def test_sessions_count_up_and_the_journal_keeps_its_id(journal: Journal, path: Path) -> None:
    assert journal.session == 1
    journal.close()
    again = Journal(path)
    assert (again.session, again.id) == (2, journal.id)
    again.close()


def test_rows_are_numbered_without_gaps_also_after_a_failed_write(journal: Journal) -> None:
    journal.write(Entry(1, events=(event(1), event(2))))
    with pytest.raises(TypeError):  # the second event cannot be encoded: the first one goes with it
        journal.write(Entry(2, events=(event(3), NewEvent(EventType.COMMAND, data={"n": object()}))))
    journal.write(Entry(3, events=(event(4),)))
    reader = journal.reader()
    found = reader.events(1, 100)
    assert [(e.seq, e.data["n"]) for e in found] == [(1, 1), (2, 2), (3, 4)]
    assert {e.journal for e in found} == {journal.id}
    assert reader.last_seq() == 3
    reader.close()


def test_alerts_commands_and_flags_are_kept(journal: Journal, path: Path) -> None:
    alert = Alert(id="x", code=AlertCode.DISK_FULL, severity=Severity.ATTENTION, since_ms=5)
    standing = Standing(
        out_of_order=OutOfOrderReason.BROKEN,
        call=Call(since_ms=5, reason=CallReason.STRANGE),
        spool=Spool(material="PLA", colour="#112233"),
    )
    journal.write(Entry(1, alerts=(alert,), command="c1", standing=standing))
    journal.set_cursor(0)
    journal.close()
    again = Journal(path)
    assert (again.alerts(), again.commands(), again.standing) == ((alert,), {"c1"}, standing)
    again.write(Entry(2, alerts=()))
    assert again.alerts() == ()
    again.close()


def test_only_what_is_old_and_acknowledged_is_forgotten(journal: Journal) -> None:
    for n in range(4):
        journal.write(Entry(n, events=(event(n),)))
    journal.write(Entry(KEEP_MS, events=(event(9),)))
    journal.set_cursor(2)
    journal.prune(KEEP_MS + 10)
    reader = journal.reader()
    assert [e.seq for e in reader.events(1, 100)] == [3, 4, 5]
    assert reader.last_seq() == 5
    reader.close()


def test_a_journal_of_a_newer_program_is_left_alone(journal: Journal, path: Path) -> None:
    journal.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalError, match="newer program"):
        Journal(path)


def test_a_file_that_is_no_journal_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalError, match=str(path)):
        Journal(path)


WRITER = """
import sys
from pathlib import Path
from firmware_bridge.contract import EventType
from firmware_bridge.journal.journal import Entry, Journal, NewEvent
journal = Journal(Path(sys.argv[1]))
n = 0
while True:
    n += 1
    event = NewEvent(EventType.COMMAND, data={"n": n})
    journal.write(Entry(n, events=(event, event)))
    print(n, flush=True)
"""


def test_what_was_written_survives_a_kill_at_any_moment(tmp_path: Path, path: Path) -> None:
    """The killed writer said a number after its two rows were on the disk: never one of them alone, none lost."""
    for _ in range(3):
        said = tmp_path / "said"
        with said.open("wb") as output:
            writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=output)
        until(lambda said=said: said.read_bytes().count(b"\n") > 30, what="rows are written")
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        told = int(said.read_text().rsplit("\n", 2)[-2])
        journal = Journal(path)
        reader = journal.reader()
        rows = reader.events(1, 1_000_000)
        reader.close()
        journal.close()
        assert [e.seq for e in rows] == list(range(1, len(rows) + 1))
        assert len(rows) % 2 == 0
        assert rows[-1].data["n"] in (told, told + 1)


def test_a_full_disk_costs_the_reserve_first(tmp_path: Path) -> None:
    """On a real file system of 6 MiB that another file fills up."""
    script = f"""
set -e
mount -t tmpfs -o size=6m none {tmp_path}
exec {sys.executable} {Path(__file__).with_name("fill_disk.py")} {tmp_path}
"""
    done = subprocess.run([*unshared_mounts(), "sh", "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["reserve", "spent", "then", "refused", "then", "written", "reserve", "kept"]
