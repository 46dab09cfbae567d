"""Readers of the kiosk's own machine: on real files, and on a disk that is really full or cannot be written."""

from pathlib import Path

import pytest
from support.bridge_client import client
from support.hand_bridge import hand_bridge
from support.waiting import until

from firmware_bridge.service.host import WRITE_TEST_S, HostReader, Sources, wifi_dbm

WIRELESS = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   48.  -62.  -256        0      0      0      3      0        0
"""


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "temp").write_text("61322\n")
    (tmp_path / "wireless").write_text(WIRELESS)
    return Sources(tmp_path / "temp", tmp_path / "wireless", tmp_path / "withdrawn")


def test_it_reads_what_the_kernel_tells(tmp_path: Path, sources: Sources) -> None:
    reader = HostReader(tmp_path, sources)
    host = reader.read()
    assert (host.cpu_c, host.wifi_dbm, host.storage_ok) == (61.3, -62.0, True)
    assert host.storage_free_mb and host.storage_write_ms is not None
    assert reader.withdrawn() == ""
    sources.withdrawn.write_text("0.3.0\n")
    assert reader.withdrawn() == "0.3.0"


def test_where_nothing_tells_it_says_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    host = HostReader(tmp_path, Sources(nowhere, nowhere, nowhere)).read()
    assert (host.cpu_c, host.wifi_dbm) == (None, None)
    assert wifi_dbm(WIRELESS.replace("-62.", "48.")) is None, "a share, not dBm"


def test_the_card_is_written_to_seldom(tmp_path: Path, sources: Sources) -> None:
    now_s = 0.0
    reader = HostReader(tmp_path, sources, lambda: now_s)
    reader.read()
    probe = tmp_path / "card-test"
    first = probe.read_bytes()
    now_s = WRITE_TEST_S - 1
    reader.read()
    assert probe.read_bytes() == first
    now_s = WRITE_TEST_S
    reader.read()
    assert probe.read_bytes() != first


def test_a_card_that_takes_no_writes_is_failing(tmp_path: Path, sources: Sources) -> None:
    host = HostReader(tmp_path / "gone", sources).read()
    assert (host.storage_ok, host.storage_write_ms, host.storage_free_mb) == (False, None, None)


def test_a_full_one_is_not(tmp_path: Path, sources: Sources) -> None:
    # The one full disk that every machine has: each write to it fails with ENOSPC.
    (tmp_path / "card-test").symlink_to("/dev/full")
    host = HostReader(tmp_path, sources).read()
    assert (host.storage_ok, host.storage_write_ms) == (None, None)


def test_a_bridge_tells_of_its_machine(tmp_path: Path) -> None:
    with hand_bridge(tmp_path) as bridge, client(bridge.socket) as kiosk:
        kiosk.call("subscribe")
        host = until(lambda: (kiosk.read() or {}).get("params", {}).get("host"), what="the machine's figures")
    assert host["storage_ok"] is True and host["storage_write_ms"] >= 0
