"""What staff get while kiosks report: the page of all printers, open pages, the yearly page."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from benchmarks.region_stack import Stack, line_of, make_pki, module, stack, talking
from benchmarks.region_year import YEAR
from firmware_bridge.contract import Info, Online, Printer, PrinterState, Spool, State, Topic

PROBE: Final = "probe"
FIRST_PAGES: Final = 3


@dataclass(frozen=True)
class Pages:
    """What viewers get. `live_ms`: from a kiosk's word to the open page, for each page and change.

    `first_page_s` passed, `first_page_cpu_s` was the web server's own part of it.
    """

    viewers: int
    first_page_s: float
    first_page_cpu_s: float
    page_beside_s: float
    page_bytes: int
    live_ms: list[int]
    open_streams: int
    bytes_a_s: float
    memory_a_viewer_mb: float
    web_cpu: float


def look(made: Stack, viewers: int, seconds: float) -> Pages:
    """The page of all printers while the kiosks report: alone, and beside open ones."""
    cpu_before = made.cpu_s()["web"]
    first = median(made.page_s()[0] for _ in range(FIRST_PAGES))
    first_cpu_s = (made.cpu_s()["web"] - cpu_before) / FIRST_PAGES
    before_mb = made.memory_mb()["web"]
    options = {"viewers": viewers, "url": made.url + "live", "cookie": made.cookie(), "probe": PROBE}
    with _probe(made) as probe, talking(module("region_viewers", **options)) as process:
        for _ in range(5):
            line_of(process)
        begin, cpu, said = time.monotonic(), made.cpu_s()["web"], []
        beside: list[float] = []
        while time.monotonic() - begin < seconds:
            assert process.stdin is not None
            process.stdin.write(f"{probe.change()}\n")
            process.stdin.flush()
            said += [json.loads(line_of(process)) for _ in range(4)]
            took_s, size = made.page_s()
            beside.append(took_s)
        passed = time.monotonic() - begin
        web_cpu = (made.cpu_s()["web"] - cpu) / passed
        memory_mb = made.memory_mb()["web"]
    return Pages(
        viewers=viewers,
        first_page_s=first,
        first_page_cpu_s=first_cpu_s,
        page_beside_s=median(beside),
        page_bytes=size,
        live_ms=[ms for one in said for ms in one["live_ms"]],
        open_streams=min(one["streams"] for one in said),
        bytes_a_s=sum(one["bytes"] for one in said) / passed / viewers,
        memory_a_viewer_mb=(memory_mb - before_mb) / viewers,
        web_cpu=web_cpu,
    )


class _Probe:
    """A kiosk whose state changes when it is told to."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._paused = False
        info = Info(
            kiosk=PROBE,
            library="Probe",
            software="0.1.0",
            journal=PROBE,
            profile="prusa-mk3s",
            printer_name="Probe",
            spool=Spool(material="PLA", colour="#E4572E"),
            session=1,
        )
        self._say(Topic.INFO, info)
        self._say(Topic.ONLINE, Online(online=True, session=1))
        self.change()

    def change(self) -> int:
        """The moment, in milliseconds."""
        self._paused = not self._paused
        now_ms = time.time_ns() // 1_000_000
        state = PrinterState.PAUSED if self._paused else PrinterState.IDLE
        printer = Printer(connected=True, state=state)
        self._say(Topic.STATE, State(ts_ms=now_ms, up_ms=1, session=1, printer=printer, job=None, queue=()))
        return now_ms

    def _say(self, topic: Topic, message: Any) -> None:
        self._client.publish(topic.of(PROBE), msgspec.json.encode(message), 1, retain=True)


@contextmanager
def _probe(made: Stack) -> Iterator[_Probe]:
    client = Client(CallbackAPIVersion.VERSION2, PROBE, protocol=MQTTProtocolVersion.MQTTv5)
    own = made.settings.pki / PROBE
    client.tls_set(str(made.settings.pki / "ca.crt"), f"{own}.crt", f"{own}.key")
    client.connect("127.0.0.1", made.settings.port)
    client.loop_start()
    try:
        yield _Probe(client)
    finally:
        client.disconnect()
        client.loop_stop()


@dataclass(frozen=True)
class Year:
    """The yearly page of so many kiosks with so many prints."""

    kiosks: int
    prints: int
    page_s: float


def year(folder: Path, kiosks: int) -> Year:
    """A year that is over, some prints a day in each library; the median of five."""
    make_pki(folder / "pki", ())
    with stack(folder, 0) as made:
        command = module("region_year", config=made.config, kiosks=kiosks)
        prints = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        made.start("web")
        made.sign_in()
        return Year(kiosks, prints, median(made.page_s(f"figures/year/?year={YEAR}")[0] for _ in range(5)))
