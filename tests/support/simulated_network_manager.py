"""A NetworkManager that is not there: as much of its D-Bus interface as the kiosk uses, in a process of its own.

    python -m support.simulated_network_manager SCENARIO.json CALLS

It answers on the bus that DBUS_SYSTEM_BUS_ADDRESS names and writes a line of JSON into CALLS for each thing that
it is told to change. A real one is spoken to by tests/slow/test_wifi.py.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

from provisioning.wifi.manager import NAME, ROOT
from support.programs import program, running
from support.waiting import until

CARD, PROFILE, OTHER = f"{ROOT}/Devices/2", f"{ROOT}/Settings/7", f"{ROOT}/Settings/1"
CONNECTED = ((40, 0), (50, 0), (60, 0), (40, 0), (50, 0), (70, 0), (80, 0), (90, 0), (100, 0))
WRONG_PASSWORD = ((40, 0), (50, 0), (60, 0), (40, 0), (50, 0), (60, 8), (120, 7), (30, 0))
NO_ADDRESS = ((40, 0), (50, 0), (70, 0), (120, 5), (30, 0))
"""States and reasons of the device, as a real one went through them."""


class Point(msgspec.Struct, frozen=True):
    """An access point; `ssid` in hexadecimal."""

    ssid: str
    strength: int = 50
    flags: int = 0
    wpa: int = 0
    rsn: int = 0


class Scenario(msgspec.Struct, frozen=True):
    """`states`: what joining goes through. `known`: the name, in hexadecimal, of a network of before."""

    points: tuple[Point, ...] = ()
    states: tuple[tuple[int, int], ...] = CONNECTED
    has_card: bool = True
    is_on: bool = True
    connectivity: int = 4
    known: str = ""


class Simulated:
    """Answers one message after the other."""

    def __init__(self, scenario: Scenario, calls: Path) -> None:
        self._scenario, self._calls = scenario, calls
        self._is_on, self._scans = scenario.is_on, 0
        self._bus = open_dbus_connection("SYSTEM")
        self._bus.send_and_get_reply(message_bus.RequestName(NAME))
        self._note("ready")

    def serve(self) -> None:
        """Until it is killed."""
        while True:
            message = self._bus.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            fields = message.header.fields
            method = getattr(self, f"_{fields[HeaderFields.member]}", None)
            answer = method(fields[HeaderFields.path], *message.body) if method else None
            if answer is None:
                self._bus.send(new_error(message, f"{NAME}.UnknownMethod"))
                continue
            self._bus.send(new_method_return(message, *answer))
            if fields[HeaderFields.member] == "AddAndActivateConnection2":
                self._go_through()

    def _GetDevices(self, _path: str) -> Any:  # noqa: N802
        wired = f"{ROOT}/Devices/1"
        return "ao", ([wired, CARD] if self._scenario.has_card else [wired],)

    def _Get(self, path: str, _interface: str, name: str) -> Any:  # noqa: N802
        values = {
            "DeviceType": ("u", 2 if path == CARD else 1),
            "WirelessEnabled": ("b", self._is_on),
            "LastScan": ("x", self._scans),
        }
        return "v", (values[name],)

    def _Set(self, _path: str, _interface: str, name: str, value: tuple[str, Any]) -> Any:  # noqa: N802
        self._is_on = value[1]
        self._note("set", name, value[1])
        return "", ()

    def _GetAll(self, path: str, _interface: str) -> Any:  # noqa: N802
        point = self._scenario.points[int(path.rsplit("/", 1)[1])]
        numbers = {"Flags": point.flags, "WpaFlags": point.wpa, "RsnFlags": point.rsn}
        told = {name: ("u", value) for name, value in numbers.items()}
        told |= {"Ssid": ("ay", bytes.fromhex(point.ssid)), "Strength": ("y", point.strength)}
        return "a{sv}", (told,)

    def _RequestScan(self, _path: str, _options: object) -> Any:  # noqa: N802
        self._scans += 1
        return "", ()

    def _GetAllAccessPoints(self, _path: str) -> Any:  # noqa: N802
        return "ao", ([f"{ROOT}/AccessPoint/{number}" for number in range(len(self._scenario.points))],)

    def _AddAndActivateConnection2(  # noqa: N802
        self, _path: str, settings: dict[str, Any], card: str, point: str, options: dict[str, Any]
    ) -> Any:
        plain = {group: {name: value for name, (_, value) in told.items()} for group, told in settings.items()}
        plain["802-11-wireless"]["ssid"] = plain["802-11-wireless"]["ssid"].hex()
        self._note("join", plain, card == CARD, point.rsplit("/", 1)[1], options["persist"][1])
        return "ooa{sv}", (PROFILE, f"{ROOT}/ActiveConnection/3", {})

    def _Update2(self, path: str, _settings: object, flags: int, _arguments: object) -> Any:  # noqa: N802
        self._note("keep", path == PROFILE, flags)
        return "a{sv}", ({},)

    def _ListConnections(self, _path: str) -> Any:  # noqa: N802
        return "ao", ([OTHER, PROFILE],)

    def _GetSettings(self, _path: str) -> Any:  # noqa: N802
        known = bytes.fromhex(self._scenario.known)
        return "a{sa{sv}}", ({"802-11-wireless": {"ssid": ("ay", known)}} if known else {},)

    def _Delete(self, path: str) -> Any:  # noqa: N802
        self._note("forget", "this" if path == PROFILE else "other")
        return "", ()

    def _CheckConnectivity(self, _path: str) -> Any:  # noqa: N802
        return "u", (self._scenario.connectivity,)

    def _go_through(self) -> None:
        """The state of before first: the card leaves another network for this one."""
        device, before = DBusAddress(CARD, interface=f"{NAME}.Device"), 100
        for state, reason in ((110, 60), (30, 60), *self._scenario.states):
            self._bus.send(new_signal(device, "StateChanged", "uuu", (state, before, reason)))
            before = state

    def _note(self, *what: object) -> None:
        with self._calls.open("a") as calls:
            calls.write(json.dumps(what) + "\n")


@contextmanager
def simulated_network_manager(folder: Path, scenario: Scenario) -> Iterator[dict[str, str]]:
    """A bus with nothing else on it, in `folder`; gives the environment of who speaks on it. `folder/calls` is
    what it was told."""
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder / 'bus'}"}
    address = f"--address={environment['DBUS_SYSTEM_BUS_ADDRESS']}"
    (folder / "scenario.json").write_bytes(msgspec.json.encode(scenario))
    bus = (program("dbus-daemon"), "--session", "--nofork", "--nopidfile", address)
    manager = (
        sys.executable,
        "-m",
        "support.simulated_network_manager",
        folder / "scenario.json",
        folder / "calls",
    )
    here = Path(__file__).parents[1]
    path = os.pathsep.join((str(here), str(here.parent)))
    with running(bus, folder / "bus.log"):
        until((folder / "bus").exists, what="the bus")
        with running(manager, folder / "manager.log", env={**environment, "PYTHONPATH": path}):
            until((folder / "calls").exists, what=f"the manager; see {folder / 'manager.log'}")
            yield environment


if __name__ == "__main__":
    described = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Scenario)
    Simulated(described, Path(sys.argv[2])).serve()
