"""`python -m benchmarks.region_fleet`: kiosks of the fleet that say something at a steady pace, over TLS.

A process of its own, so that several share the processors; it tells of itself whether it kept the pace. A line on
standard input, such as `1.0`, is a new pace in seconds; each line that it writes is what happened in a second.
"""

import argparse
import heapq
import random
import selectors
import ssl
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from dashboard.fleet.connection import Connection, Where
from dashboard.fleet.telling import Said
from firmware_bridge.contract import (
    Command,
    Event,
    EventType,
    Job,
    JobState,
    LinkHealth,
    Printer,
    PrinterState,
    Progress,
    State,
    Telemetry,
    Temperatures,
    Topic,
)

ROWS_ONE_IN: Final = 5
"""Of a kiosk's messages, so many are a row of its journal; the others are telemetry."""
DOOR_S: Final = 0.1
"""How long a kiosk waits that finds another one at the door."""
ADMISSION_S: Final = 0.01
"""At the beginning a kiosk comes in so often."""


class Second(Struct, frozen=True):
    """What happened since the last one; `said`, `rows` and `acknowledged` since the beginning.

    `lags_ms`: from a row's writing until its ack is back. `late_ms`: how late the fleet's own turns were.
    """

    connected: int
    said: int
    rows: int
    acknowledged: int
    lags_ms: list[int]
    late_ms: list[int]


class Steady:
    """A print that goes on for ever: telemetry, and in every fifth turn a row of the journal."""

    def __init__(self, journal: str, session: int, first: int) -> None:
        self.rows: list[Event] = []
        self.said = 0
        self._journal = journal
        self._session = session
        self._turns = first
        self._job = Job(
            id=f"{journal[:8]}-1",
            card="tangram",
            personal=False,
            state=JobState.PRINTING,
            estimate_s=3_600.0,
            grams=14.2,
            layers=20,
            submitted_ms=time.time_ns() // 1_000_000,
        )

    def turn(self, now_ms: int) -> list[Said]:
        """One message, or a row."""
        self._turns += 1
        if self._turns % ROWS_ONE_IN == 0:
            seq = len(self.rows) + 1
            kind = EventType.JOB_CHANGED
            self.rows.append(Event(journal=self._journal, seq=seq, ts_ms=now_ms, type=kind, job=self._job))
            return []
        self.said += 1
        return [Said(Topic.TELEMETRY, self._telemetry(now_ms), qos=0)]

    def everything(self, now_ms: int) -> list[Said]:
        """For a broker that knows nothing yet."""
        printer = Printer(connected=True, state=PrinterState.PRINTING, firmware="Prusa-Firmware 3.13.2")
        fields = {"ts_ms": now_ms, "up_ms": 1, "session": self._session, "queue": ()}
        return [Said(Topic.STATE, State(printer=printer, job=self._job, **fields), retain=True)]

    def obey(self, _name: str, _command: Command, _now_ms: int) -> list[Said]:
        """Nobody asks anything."""
        return []

    def _telemetry(self, now_ms: int) -> Telemetry:
        done = self._turns % 1_000 / 1_000
        return Telemetry(
            ts_ms=now_ms,
            up_ms=1,
            session=self._session,
            temperatures=Temperatures(nozzle_c=214.6, nozzle_target_c=215.0, bed_c=60.1, bed_target_c=60.0),
            progress=Progress(
                line=int(8_000 * done),
                lines=8_000,
                layer=int(20 * done),
                layers=20,
                done=done,
                elapsed_s=3_600 * done,
                remaining_s=3_600 * (1 - done),
            ),
            link=LinkHealth(lines_per_s=46.0, window=4, round_trip_p50_ms=2.1, round_trip_p99_ms=11.0),
        )


@dataclass
class Kiosk:
    """One of them, and what was counted of it."""

    connection: Connection
    story: Steady
    acknowledged: int = 0

    def read(self) -> list[int]:
        """Take what the broker sends; the lags of the rows that an ack has covered."""
        client = self.connection.client
        if client is not None:
            client.loop_read()
        while (client := self.connection.client) is not None and _has_more(client.socket()):
            client.loop_read()
        before, self.acknowledged = self.acknowledged, self.connection.acknowledged
        now_ms = time.time_ns() // 1_000_000
        return [now_ms - row.ts_ms for row in self.story.rows[before : self.acknowledged]]


def _has_more(sock: object) -> bool:
    """TLS has decrypted more than was taken: no selector tells of that."""
    return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0


@dataclass
class Fleet:
    """`due`: when whose turn it is."""

    kiosks: list[Kiosk]
    pace_s: float
    due: list[tuple[float, int]] = field(default_factory=list)
    late_ms: list[int] = field(default_factory=list)
    lags_ms: list[int] = field(default_factory=list)

    def run(self) -> None:
        """Until standard input is closed."""
        now_s = time.monotonic()
        self.due = [(now_s + ADMISSION_S * n, n) for n in range(len(self.kiosks))]
        tell_s = now_s + 1.0
        with selectors.DefaultSelector() as selector:
            selector.register(sys.stdin.buffer.raw, selectors.EVENT_READ, None)
            sockets: dict[int, tuple[int, object]] = {}
            while True:
                self._turns()
                self._follow(selector, sockets)
                wait_s = max(0.0, min(self.due[0][0], tell_s) - time.monotonic())
                for key, _events in selector.select(min(wait_s, 0.1)):
                    if key.data is None:
                        line = sys.stdin.buffer.raw.readline()
                        if not line:
                            return
                        self.pace_s = float(line)
                    else:
                        self.lags_ms += key.data.read()
                if time.monotonic() >= tell_s:
                    tell_s += 1.0
                    print(msgspec.json.encode(self._second()).decode(), flush=True)

    def _turns(self) -> None:
        """Whose turn it is. A handshake holds all up: one kiosk comes in between two turns of the others."""
        now_s = time.monotonic()
        may_connect = True
        while self.due[0][0] <= now_s:
            at_s, n = self.due[0]
            connection = self.kiosks[n].connection
            if connection.client is None and not may_connect:
                heapq.heapreplace(self.due, (now_s + DOOR_S, n))
                continue
            if connection.client is None:
                may_connect = False
            else:
                self.late_ms.append(int(1000 * (now_s - at_s)))
            connection.turn()
            client = connection.client
            while client is not None and client.want_write() and client.loop_write() == 0:
                pass
            heapq.heapreplace(self.due, (max(at_s, now_s - self.pace_s) + self.pace_s, n))

    def _follow(self, selector: selectors.BaseSelector, sockets: dict[int, tuple[int, object]]) -> None:
        """Listen to new sockets, and no more to those that are closed: first these, for a number comes again."""
        now = {}
        for n, kiosk in enumerate(self.kiosks):
            client = kiosk.connection.client
            now[n] = client.socket() if client is not None else None
        for n, (number, sock) in list(sockets.items()):
            if now[n] is not sock:
                selector.unregister(number)
                del sockets[n]
        for n, sock in now.items():
            if sock is not None and n not in sockets:
                selector.register(sock, selectors.EVENT_READ, self.kiosks[n])
                sockets[n] = (sock.fileno(), sock)

    def _second(self) -> Second:
        late, self.late_ms = self.late_ms, []
        lags, self.lags_ms = self.lags_ms, []
        return Second(
            connected=sum(kiosk.connection.is_welcome for kiosk in self.kiosks),
            said=sum(kiosk.story.said for kiosk in self.kiosks),
            rows=sum(len(kiosk.story.rows) for kiosk in self.kiosks),
            acknowledged=sum(kiosk.acknowledged for kiosk in self.kiosks),
            lags_ms=lags,
            late_ms=late,
        )


def main() -> int:
    """Parse, gather, run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.region_fleet", description=__doc__)
    parser.add_argument("--first", type=int, required=True, help="the number of the first kiosk")
    parser.add_argument("--kiosks", type=int, required=True)
    parser.add_argument("--port", type=int, required=True, help="of the broker on loopback")
    parser.add_argument(
        "--pki", type=Path, required=True, help="holds ca.crt, and each kiosk's certificate and key"
    )
    parser.add_argument("--pace", type=float, default=2.0, help="seconds from one message to the next (2)")
    a = parser.parse_args()
    where = Where("127.0.0.1", a.port, a.pki)
    kiosks = []
    for n in range(a.first, a.first + a.kiosks):
        stories: list[Steady] = []

        def story(journal: str, session: int, n: int = n, stories: list[Steady] = stories) -> Steady:
            stories.append(Steady(journal, session, n))
            return stories[0]

        connection = Connection(n, [where], random.Random(n), 0.0, story=story)
        kiosks.append(Kiosk(connection, stories[0]))
    try:
        Fleet(kiosks, a.pace).run()
    except KeyboardInterrupt:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
