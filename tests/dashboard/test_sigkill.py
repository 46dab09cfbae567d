"""Broker, recorder, database server and a bridge are killed in any order while fifty kiosks report.

Afterwards the database holds each row of each journal once, and each job as its journal told it last.
"""

import os
import random
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from support.bridge_client import client
from support.bridge_process import BridgeProcess, bridge_process, simulated_printer
from support.broker import Broker, mosquitto
from support.dashboard import prepared
from support.databases import OnServer, SQLite
from support.gcode import write_tower
from support.haste import Haste
from support.postgresql import PostgreSQL, postgresql
from support.programs import free_port
from support.waiting import until

from dashboard.fleet.connection import Connection, Where
from dashboard.fleet.run import run
from firmware_bridge.contract import Event, EventType

KIOSKS: Final = 50
ROUNDS: Final = 3
SEEDS: Final = [int(seed) for seed in os.environ.get("SEEDS", "1").split(",")]
BRIDGE: Final = "deinze"
FIRST: Final = 8
"""Of the fleet: the names before it are the bridge's."""
RECORDED: Final = "SELECT count(*) FROM dashboard_event"
ROWS: Final = "SELECT seq, ts_ms, type FROM events ORDER BY seq"


@contextmanager
def _fleet(broker: Broker, seed: int, clock: Haste) -> Iterator[list[Connection]]:
    where = [Where(broker.host, broker.port)]
    fleet = [Connection(n, where, random.Random(f"{seed}/{n}"), 0.3, clock) for n in range(FIRST, FIRST + KIOSKS)]
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(fleet, stop))
    thread.start()
    try:
        yield fleet
    finally:
        stop.set()
        thread.join(30)


class Stage:
    """What can be killed, and starts again where it was."""

    def __init__(self, folder: Path, server: PostgreSQL, printer: Path) -> None:
        self.broker = Broker("127.0.0.1", free_port())
        self.folder = folder
        self._server = server
        self._printer = printer
        self._running: dict[str, tuple[ExitStack, Callable[[], None]]] = {}
        (folder / "bridge").mkdir()
        self.region = prepared(folder, self.broker, OnServer(server.new_database()))

    def start(self, name: str) -> None:
        """Up. A recorder that finds no database ends; who watches over it starts it again."""
        stack = ExitStack()
        match name:
            case "database":
                self._server.start()
                kill = self._server.kill
            case "broker":
                kill = stack.enter_context(mosquitto(self.folder, self.broker.port)).kill
            case "recorder":
                kill = stack.enter_context(self._recorder())
            case _:
                folder = self.folder / "bridge"
                bridge = stack.enter_context(bridge_process(folder, self._printer, self.broker))
                _visit(bridge)
                kill = bridge.process.kill
        self._running[name] = stack, kill

    def kill(self, name: str) -> None:
        """Without a word."""
        stack, kill = self._running.pop(name)
        kill()
        stack.close()

    def stop(self) -> None:
        """What still runs, in order."""
        for name in [name for name in ("bridge", "recorder", "broker") if name in self._running]:
            self._running.pop(name)[0].close()

    def recorded(self, kiosk: str) -> list[tuple[Any, ...]]:
        """Rows as they were written, one after the other."""
        return self.region.rows(
            "SELECT seq, ts_ms, type FROM dashboard_event WHERE kiosk_id = ? ORDER BY id", kiosk
        )

    @contextmanager
    def _recorder(self) -> Iterator[Callable[[], None]]:
        """Always one, as systemd keeps it."""
        over = threading.Event()
        current: list[subprocess.Popen[bytes]] = []

        def keep() -> None:
            while not over.is_set():
                with self.region.recorder() as process:
                    current[:] = [process]
                    until(lambda: over.is_set() or process.poll() is not None, timeout_s=600)

        thread = threading.Thread(target=keep)
        thread.start()

        def kill() -> None:
            over.set()
            for process in current:
                process.kill()

        try:
            yield kill
        finally:
            over.set()
            thread.join()


def _visit(bridge: BridgeProcess) -> None:
    """Somebody asks for prints and thinks better of it: rows."""
    with client(bridge.socket) as kiosk:
        kiosk.until_connected()
        for _ in range(3):
            job = kiosk.submit(write_tower(bridge.folder / "print.gcode"))
            kiosk.call("job.cancel", job=job["id"])


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with postgresql() as server, simulated_printer(tmp_path) as printer:
        made = Stage(tmp_path, server, printer.port)
        try:
            yield made
        finally:
            made.stop()


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_killed_nothing_is_lost_and_nothing_comes_twice(stage: Stage, seed: int) -> None:
    dice = random.Random(seed)
    parts = ["database", "broker", "recorder", "bridge"]
    for part in parts:
        stage.start(part)
    clock, moment = Haste(), threading.Event()
    with _fleet(stage.broker, seed, clock) as fleet:
        until(lambda: stage.region.one(RECORDED) > KIOSKS, what="most report")
        for _ in range(ROUNDS):
            before = stage.region.one(RECORDED)
            victims = dice.sample(parts, k=dice.randint(1, len(parts)))
            for victim in victims:
                moment.wait(dice.uniform(0.0, 1.5))
                stage.kill(victim)
            for victim in dice.sample(victims, k=len(victims)):
                moment.wait(dice.uniform(0.0, 1.5))
                stage.start(victim)
            until(lambda before=before: stage.region.one(RECORDED) > before, 90, f"rows after {victims}")
        clock.stop()
        until(lambda: not any(kiosk.owed for kiosk in fleet), 120, "all journals of the fleet are acknowledged")
        on_disk = SQLite(stage.folder / "bridge" / "data" / "journal.sqlite")
        until(lambda: stage.recorded(BRIDGE) == on_disk.rows(ROWS), 120, "the bridge's journal is recorded")
        online = "SELECT count(*) FROM dashboard_kiosk WHERE online"
        until(lambda: stage.region.one(online) == KIOSKS + 1, 90, "all are there again")
    for kiosk in fleet:
        assert stage.recorded(kiosk.kiosk) == [(row.seq, row.ts_ms, row.type.value) for row in kiosk.rows]
        jobs = stage.region.rows("SELECT job, state FROM dashboard_job WHERE kiosk_id = ?", kiosk.kiosk)
        assert dict(jobs) == _last_states(kiosk.rows)
    assert stage.region.one("SELECT count(*) FROM dashboard_deadletter") == 0


def _last_states(rows: Sequence[Event]) -> dict[str, str]:
    return {row.job.id: row.job.state.value for row in rows if row.type is EventType.JOB_CHANGED and row.job}
