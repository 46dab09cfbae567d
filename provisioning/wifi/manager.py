"""NetworkManager over D-Bus: names stay bytes, and a password is in no command line and in no file of ours."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    MatchRule,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from provisioning.wifi.joining import WIRELESS, Ended, Step, Trouble, Watch, settings
from provisioning.wifi.networks import AccessPoint, Network

NAME: Final = "org.freedesktop.NetworkManager"
ROOT: Final = "/org/freedesktop/NetworkManager"
ANSWER_S: Final = 25.0
SCAN_S: Final = 10.0
JOIN_S: Final = 100.0
"""NetworkManager itself gives up before: 25 s for the password, 45 s for an address."""
_LOOK_S: Final = 0.25
_WIFI_DEVICE: Final = 2
_TO_DISK: Final = 0x1
_PORTAL: Final = 2


class NetworkManagerError(Exception):
    """It is not there, or said no; the message is its own."""


class NetworkManager:
    """One connection to the system's bus."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus

    def wireless(self) -> str | None:
        """The first wireless card, switched on; None where there is none."""
        for device in self._call(ROOT, NAME, "GetDevices"):
            if self._get(device, f"{NAME}.Device", "DeviceType") == _WIFI_DEVICE:
                if not self._get(ROOT, NAME, "WirelessEnabled"):
                    self._send(Properties(_at(ROOT, NAME)).set("WirelessEnabled", "b", True))
                return str(device)
        return None

    def scan(self, card: str) -> None:
        """Returns when the card has looked around, or SCAN_S later."""
        address, deadline = f"{NAME}.Device.Wireless", time.monotonic() + SCAN_S
        before = self._get(card, address, "LastScan")
        with suppress(NetworkManagerError):  # it is looking already
            self._call(card, address, "RequestScan", "a{sv}", ({},))
        while self._get(card, address, "LastScan") == before and time.monotonic() < deadline:
            time.sleep(_LOOK_S)

    def access_points(self, card: str) -> Iterator[AccessPoint]:
        """All that the card knows of, hidden ones too."""
        for path in self._call(card, f"{NAME}.Device.Wireless", "GetAllAccessPoints"):
            with suppress(NetworkManagerError):  # gone meanwhile
                told = {
                    name: value
                    for name, (_, value) in self._send(
                        Properties(_at(path, f"{NAME}.AccessPoint")).get_all()
                    ).items()
                }
                bits = (int(told[name]) for name in ("Strength", "Flags", "WpaFlags", "RsnFlags"))
                yield AccessPoint(path, bytes(told["Ssid"]), *bits)

    def join(self, card: str, network: Network, password: str) -> Iterator[Step | Ended]:
        """Each step, then how it ended. A network that was not joined is not remembered."""
        changed = MatchRule(type="signal", interface=f"{NAME}.Device", member="StateChanged", path=card)
        Proxy(message_bus, self._bus, timeout=ANSWER_S).AddMatch(changed)
        with self._bus.filter(changed, bufsize=64) as states:
            # Volatile: it goes with the power, or with this process, until it is known to be good.
            options = {"persist": ("s", "volatile")}
            asked = (settings(network, password), card, network.point.path, options)
            profile, *_ = self._call(
                ROOT, NAME, "AddAndActivateConnection2", "a{sa{sv}}ooa{sv}", asked, whole=True
            )
            ended = None
            for said in self._followed(states, is_open=not password):
                if isinstance(said, Ended):
                    ended = said
                else:
                    yield said
        if ended == Ended():
            self._keep(profile, network.point.ssid)
            ended = Ended(Trouble.PORTAL) if self._is_portal() else ended
        else:
            with suppress(NetworkManagerError):  # it went by itself
                self._call(profile, f"{NAME}.Settings.Connection", "Delete")
        yield ended or Ended(Trouble.FAILED)

    def _followed(self, states: Any, is_open: bool) -> Iterator[Step | Ended]:
        watch, deadline = Watch(), time.monotonic() + JOIN_S
        while True:
            try:
                signal = self._bus.recv_until_filtered(states, timeout=max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                yield Ended(Trouble.OUT_OF_REACH)
                return
            state, _, reason = signal.body
            watch, said = watch.heard(state, reason, is_open)
            if said:
                yield said
            if isinstance(said, Ended):
                return

    def _keep(self, profile: str, ssid: bytes) -> None:
        """On the disk; what was known of a network of that name before is gone."""
        self._call(profile, f"{NAME}.Settings.Connection", "Update2", "a{sa{sv}}ua{sv}", ({}, _TO_DISK, {}), True)
        for other in self._call(f"{ROOT}/Settings", f"{NAME}.Settings", "ListConnections"):
            if other == profile:
                continue
            with suppress(NetworkManagerError):
                told = self._call(other, f"{NAME}.Settings.Connection", "GetSettings")
                if bytes(told.get(WIRELESS, {}).get("ssid", ("ay", b""))[1]) == ssid:
                    self._call(other, f"{NAME}.Settings.Connection", "Delete")

    def _is_portal(self) -> bool:
        """Where NetworkManager's own check of the connectivity is on; else it does not know."""
        with suppress(NetworkManagerError):
            return bool(self._call(ROOT, NAME, "CheckConnectivity") == _PORTAL)
        return False

    def _get(self, path: str, interface: str, name: str) -> Any:
        return self._send(Properties(_at(path, interface)).get(name))[1]

    def _call(
        self, path: str, interface: str, method: str, signature: str = "", body: Any = (), whole: bool = False
    ) -> Any:
        return self._send(new_method_call(_at(path, interface), method, signature or None, body), whole)

    def _send(self, message: Any, whole: bool = False) -> Any:
        """The answer's only value; all of them where `whole`."""
        try:
            answer = unwrap_msg(self._bus.send_and_get_reply(message, timeout=ANSWER_S))
        except DBusErrorResponse as error:
            raise NetworkManagerError(f"{error.name}: {' '.join(map(str, error.data or ()))}") from None
        except (OSError, TimeoutError) as error:
            raise NetworkManagerError(str(error)) from error
        return answer if whole or not answer else answer[0]


@contextmanager
def network_manager(bus: str = "SYSTEM") -> Iterator[NetworkManager]:
    """Raises NetworkManagerError where there is no bus."""
    try:
        connection = open_dbus_connection(bus)
    except OSError as error:
        raise NetworkManagerError(f"no system bus: {error}") from error
    with connection:
        yield NetworkManager(connection)


def _at(path: str, interface: str) -> DBusAddress:
    return DBusAddress(path, NAME, interface)
