"""The simulated fleet: what it says is the contract's, what it lives could happen, and it does what it is told."""

import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from support.asked import ask_beside
from support.broker import mosquitto
from support.dashboard import Region, prepared
from support.programs import running
from support.waiting import until

from dashboard.fleet.libraries import kiosk_id, library
from dashboard.fleet.life import Life
from dashboard.fleet.telling import Said
from dashboard.recorder.messages import KIOSK_ID, Poison, decode
from firmware_bridge.contract import (
    Command,
    EventType,
    JobState,
    Outcome,
    Progress,
    State,
    Telemetry,
    Topic,
)
from firmware_bridge.jobs.board import TRANSITIONS

KIOSKS = 8
HOURS = 6


def _lived(seed: int, faults: float, hours: int = HOURS) -> tuple[Life, list[Said]]:
    """A day at one kiosk, without its waiting."""
    now_ms = 1_800_000_000_000
    life = Life("journal-1", 1, random.Random(seed), faults, now_ms)
    said = life.everything(now_ms)
    for step in range(hours * 3600 // 2):
        said += life.turn(now_ms + step * 2_000)
    return life, said


@pytest.mark.parametrize("faults", [0.0, 0.6])
def test_all_that_it_says_is_what_the_recorder_reads(faults: float) -> None:
    life, said = _lived(3, faults)
    messages = [(one.topic.of("deinze", one.leaf), one.message) for one in said]
    messages += [(Topic.EVENTS.of("deinze"), row) for row in life.rows]
    for topic, message in messages:
        payload = msgspec.json.encode(message) if message is not None else b""
        read = decode(topic, payload, retained=False, received_ms=1)
        assert read is not None and not isinstance(read.body, Poison)
    assert [row.seq for row in life.rows] == list(range(1, len(life.rows) + 1))


@pytest.mark.parametrize("seed", range(3))
def test_its_jobs_live_as_jobs_do(seed: int) -> None:
    life, _ = _lived(seed, 0.5)
    lives: dict[str, list[JobState]] = {}
    for row in life.rows:
        if row.type is EventType.JOB_CHANGED and row.job is not None:
            lives.setdefault(row.job.id, []).append(row.job.state)
    assert len(lives) > 3
    middle = next(iter(lives))  # the library may have been open before we came
    for job, states in lives.items():
        for before, after in pairwise(states):
            assert job == middle or after in TRANSITIONS[before], (before, after)


def test_a_day_has_prints_and_faults_and_no_number_that_cannot_be() -> None:
    ends: set[JobState] = set()
    alarms = 0
    for seed in range(6):
        life, said = _lived(seed, 0.5)
        ends |= {row.job.state for row in life.rows if row.job is not None}
        alarms += sum(one.topic is Topic.ALERT and one.message is not None for one in said)
        for one in said:
            if isinstance(one.message, Telemetry):
                t = one.message.temperatures
                assert 10 < (t.nozzle_c or 0) < 225 and 10 < (t.bed_c or 0) < 70
                if isinstance(one.message.progress, Progress):
                    assert 0 <= one.message.progress.done <= 1
                    assert 0 <= one.message.progress.layer <= one.message.progress.layers
    assert {JobState.COLLECTED, JobState.FAILED, JobState.PAUSED, JobState.COOLING} <= ends
    assert alarms > 5
    calm, _ = _lived(1, 0.0)
    assert all(row.job is None or row.job.fault is None for row in calm.rows)


def test_it_does_what_it_is_told_once_and_nothing_late() -> None:
    now_ms = 1_800_000_000_000
    life = next(
        life
        for seed in range(20)
        if (life := Life("j", 1, random.Random(seed), 0.0, now_ms)).rows[-1].job is not None
    )
    command = Command(id="c1", by="staff-1", expires_ms=now_ms + 1)
    done = life.obey("pause", command, now_ms)
    assert [one.message.outcome for one in done] == [Outcome.ACCEPTED, Outcome.FINISHED]
    state = next(one.message for one in life.turn(now_ms) if isinstance(one.message, State))
    assert state.job is not None and state.job.state is JobState.PAUSED
    for name, late in (("pause", False), ("start", False), ("resume", True)):
        expires_ms = now_ms if late else now_ms + 1
        refused = life.obey(name, Command(id="c2", by="staff-1", expires_ms=expires_ms), now_ms)
        assert [one.message.outcome for one in refused] == [Outcome.REJECTED], name


def test_names_are_kiosk_s_names_and_each_its_own() -> None:
    names = [kiosk_id(n) for n in range(1_000)]
    assert len(set(names)) == len({library(n) for n in range(1_000)}) == 1_000
    assert all(KIOSK_ID.fullmatch(name) for name in names)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    folder = tmp_path_factory.mktemp("fleet")
    with mosquitto(folder) as broker:
        made = prepared(folder, broker)
        with made.recorder():
            until(made.is_listening, what="the recorder listens")
            yield made


def test_eight_libraries_report_obey_and_say_goodbye(region: Region) -> None:
    command = [sys.executable, "-m", "dashboard", "fleet", "--kiosks", str(KIOSKS), "--faults", "0"]
    with running([*command, "--config", region.config], region.folder / "fleet.log") as fleet:
        known = "SELECT count(*) FROM dashboard_kiosk WHERE online AND state <> '' AND telemetry <> ''"
        until(lambda: region.one(known) == KIOSKS, what="all report")
        printing = 'SELECT id FROM dashboard_kiosk WHERE state LIKE \'%"state":"PRINTING"%\''
        kiosk = until(lambda: region.one(printing), what="one of them prints")
        ask_beside(region, "c1", kiosk, "pause")
        until(lambda: region.one("SELECT step FROM dashboard_command") == "finished", what="it has paused")
        until(
            lambda: "paused" in region.one("SELECT state FROM dashboard_kiosk WHERE id = ?", kiosk),
            what="it says so",
        )
        _all_recorded(region)
        fleet.terminate()
        assert fleet.wait(10) == 0
    gone = "SELECT count(*) FROM dashboard_kiosk WHERE NOT online AND online_reason = 'shutdown'"
    until(lambda: region.one(gone) == KIOSKS, what="all have said goodbye")


def test_a_fleet_does_not_come_through_the_recorder_s_door(tmp_path: Path) -> None:
    config = tmp_path / "dashboard.toml"
    config.write_text(
        f'database = "{tmp_path / "d"}"\nsecret = "{tmp_path / "s"}"\n[broker]\nsocket = "/nowhere"\n'
    )
    command = [sys.executable, "-m", "dashboard", "fleet", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "name the broker's door with --at HOST:PORT" in done.stderr


def test_a_fleet_says_its_names_and_which_certificate_lacks(tmp_path: Path) -> None:
    config = tmp_path / "dashboard.toml"
    config.write_text(f'database = "{tmp_path / "d"}"\nsecret = "{tmp_path / "s"}"\n')
    command = [sys.executable, "-m", "dashboard", "fleet", "--kiosks", "2", "--config", str(config)]
    named = subprocess.run([*command, "--names"], capture_output=True, text=True, check=True)
    assert named.stdout == "aalter\tBibliotheek Aalter\ndeinze\tBibliotheek Deinze\n"
    for name in ("ca.crt", "aalter.crt", "aalter.key", "deinze.crt"):
        (tmp_path / name).touch()
    done = subprocess.run([*command, "--pki", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.startswith(f"{tmp_path / 'deinze.key'}: is not there")


def _all_recorded(region: Region) -> None:
    """Each journal without a gap, up to its cursor."""
    rows = region.rows(
        "SELECT c.seq, (SELECT count(*) FROM dashboard_event e WHERE e.journal = c.journal)"
        " FROM dashboard_cursor c"
    )
    assert len(rows) == KIOSKS and all(seq == count > 0 for seq, count in rows)
