"""A kiosk with several brokers: it moves on within seconds and goes back when the first is well."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from support.bridge_client import client
from support.broker import Broker, mosquitto
from support.gcode import write_tower
from support.hand_bridge import hand_bridge
from support.programs import free_port
from support.region_client import region_client
from support.waiting import until


def test_a_kiosk_moves_on_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firmware_bridge.region.roster.LOOK_BACK_S", 3.0)
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    nowhere = Broker("127.0.0.1", free_port())
    with ExitStack() as stack:
        first = stack.enter_context(mosquitto(tmp_path / "a"))
        second = stack.enter_context(mosquitto(tmp_path / "b"))
        there = stack.enter_context(region_client(second))
        with region_client(first) as here:
            bridge = stack.enter_context(hand_bridge(tmp_path, [first, nowhere, second]))
            kiosk = stack.enter_context(client(bridge.socket))
            kiosk.until_connected()
            until(lambda: here.recorded, what="rows come to the first")
            assert here.latest["online"]["connection"] == 1 and here.latest["info"]["oldest"] == 1
            first.kill()
        until(lambda: there.latest.get("online"), what="it is at the last one")
        assert there.latest["online"] == {"v": 1, "online": True, "session": 1, "reason": "", "connection": 3}
        kiosk.submit(write_tower(tmp_path / "print.gcode"))
        until(
            lambda: [said for leaf, said in there.messages if leaf == "events" and said["job"]], what="a row there"
        )
        stack.enter_context(mosquitto(tmp_path / "a", first.port))
        with region_client(first) as here:
            until(lambda: here.latest.get("online"), what="it is back")
            assert here.latest["online"]["connection"] == 4
            until(lambda: here.latest.get("state"), what="it reports there")
