"""Staff at a real bridge process on a simulated printer: a kill gives no more tries, acts reach the wire."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.bridge_client import BridgeError, client
from support.bridge_process import bridge_process, simulated_printer
from support.hand_bridge import write_config
from support.waiting import until

from firmware_bridge.contract import ErrorCode
from firmware_bridge.service.tries import FREE_TRIES


def set_pin(folder: Path, role: str, pin: str) -> None:
    config = write_config(folder)
    command = [sys.executable, "-m", "firmware_bridge", "pin", role, "--config", str(config)]
    subprocess.run(command, input=pin, text=True, check=True, capture_output=True)


def test_staff_loads_filament(tmp_path: Path) -> None:
    set_pin(tmp_path, "staff", "4711")
    with (
        simulated_printer(tmp_path) as printer,
        bridge_process(tmp_path, printer.port) as bridge,
        client(bridge.socket) as kiosk,
    ):
        kiosk.until_connected()
        kiosk.call("staff.unlock", pin="4711")
        kiosk.call("staff.load")
        act = until(lambda: (a := kiosk.state()["act"]) and a["state"] != "running" and a, what="it is in")
        assert (act["kind"], act["state"], act["fault"]) == ("load", "done", None)
        assert 0 < act["off_in_s"] <= 600
        executed = printer.executed()
        assert "M104 S215" in executed
        assert sum(float(line.split("E")[1].split()[0]) for line in executed if line.startswith("G1 E")) == 100
        kiosk.call("staff.cool")
        until(lambda: printer.status()["nozzle_target_c"] == 0, what="the nozzle is off")
        assert until(lambda: (a := kiosk.state()["act"])["off_in_s"] is None and a, what="it says so")
        kiosk.call("staff.jog", axis="z", mm=5.0)
        act = until(lambda: (a := kiosk.state()["act"])["kind"] == "jog" and a["refusal"] and a, what="not homed")
        assert act["refusal"]["code"] == "not_homed"
    assert "4711" not in bridge.log()


def test_killing_the_bridge_gives_no_more_tries(tmp_path: Path) -> None:
    set_pin(tmp_path, "staff", "4711")
    with simulated_printer(tmp_path) as printer:
        with bridge_process(tmp_path, printer.port) as bridge, client(bridge.socket) as kiosk:
            for left in reversed(range(1, FREE_TRIES)):
                with pytest.raises(BridgeError) as error:
                    kiosk.call("staff.unlock", pin="9999")
                assert error.value.data["tries_left"] == left
            bridge.process.kill()
            bridge.process.wait()
        with bridge_process(tmp_path, printer.port) as bridge, client(bridge.socket) as kiosk:
            with pytest.raises(BridgeError) as error:
                kiosk.call("staff.unlock", pin="9999")
            assert error.value.data["tries_left"] == 0
            assert error.value.data["wait_s"] > 0
            with pytest.raises(BridgeError) as error:
                kiosk.call("staff.unlock", pin="4711")
            assert error.value.code == ErrorCode.WRONG_PIN
