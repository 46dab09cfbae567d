"""Joining, without the bus: what NetworkManager is asked, and what its device's states mean for a person. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from provisioning.wifi.networks import Access, Network

PROFILE: Final = "maakhoek-wifi"
WIRELESS: Final = "802-11-wireless"
SHORTEST, LONGEST = 8, 63
"""Of a WPA passphrase; 64 hexadecimal digits are the key itself."""

# https://networkmanager.dev/docs/api/latest/nm-dbus-types.html: NMDeviceState and NMDeviceStateReason
_DISCONNECTED, _PREPARE, _CONFIG, _NEED_AUTH, _IP_CONFIG = 30, 40, 50, 60, 70
_ACTIVATED, _FAILED = 100, 120
_UNAVAILABLE: Final = 20


class Step(Enum):
    """How far joining is."""

    CONNECTING = "connecting"
    CHECKING = "checking"
    ADDRESS = "address"


class Trouble(Enum):
    """Why not, as far as a person can do something about it."""

    WRONG_PASSWORD = "wrong_password"
    NO_ADDRESS = "no_address"
    OUT_OF_REACH = "out_of_reach"
    PORTAL = "portal"
    """Joined; but the network wants somebody to agree on a web page first."""
    NO_CARD = "no_card"
    NOT_ALLOWED = "not_allowed"
    FAILED = "failed"


_REASONS: Final = {
    5: Trouble.NO_ADDRESS,  # IP_CONFIG_UNAVAILABLE
    6: Trouble.NO_ADDRESS,  # IP_CONFIG_EXPIRED
    7: Trouble.WRONG_PASSWORD,  # NO_SECRETS: it asks for another one
    8: Trouble.WRONG_PASSWORD,  # SUPPLICANT_DISCONNECT
    9: Trouble.FAILED,  # SUPPLICANT_CONFIG_FAILED
    10: Trouble.WRONG_PASSWORD,  # SUPPLICANT_FAILED
    11: Trouble.OUT_OF_REACH,  # SUPPLICANT_TIMEOUT
    15: Trouble.NO_ADDRESS,  # DHCP_START_FAILED
    16: Trouble.NO_ADDRESS,  # DHCP_ERROR
    17: Trouble.NO_ADDRESS,  # DHCP_FAILED
    35: Trouble.NO_CARD,  # FIRMWARE_MISSING
    36: Trouble.NO_CARD,  # REMOVED
    53: Trouble.OUT_OF_REACH,  # SSID_NOT_FOUND
}
_STEPS: Final = {
    _PREPARE: Step.CONNECTING,
    _CONFIG: Step.CONNECTING,
    _NEED_AUTH: Step.CHECKING,
    _IP_CONFIG: Step.ADDRESS,
}


@dataclass(frozen=True)
class Ended:
    """`trouble` None: joined."""

    trouble: Trouble | None = None


@dataclass(frozen=True)
class Watch:
    """What the device went through since it was asked; what it did for the network before does not count."""

    has_begun: bool = False

    def heard(self, state: int, reason: int, is_open: bool) -> tuple["Watch", Step | Ended | None]:
        """The next of its states: how far it is, how it ended, or None: nothing new."""
        if state == _PREPARE:
            return Watch(True), Step.CONNECTING
        if not self.has_begun:
            return self, None
        if state == _ACTIVATED:
            return self, Ended()
        if state == _FAILED or state <= _DISCONNECTED:
            trouble = _REASONS.get(reason, Trouble.NO_CARD if state <= _UNAVAILABLE else Trouble.FAILED)
            if is_open and trouble is Trouble.WRONG_PASSWORD:
                trouble = Trouble.OUT_OF_REACH
            return self, Ended(trouble)
        return self, _STEPS.get(state)


def is_password(text: str) -> bool:
    """Whether a network could have it: ASCII of 8 to 63, or 64 hexadecimal digits."""
    if len(text) == LONGEST + 1:
        return all(character in "0123456789abcdefABCDEF" for character in text)
    return SHORTEST <= len(text) <= LONGEST and text.isascii() and text.isprintable()


def settings(network: Network, password: str) -> dict[str, dict[str, tuple[str, Any]]]:
    """A connection in NetworkManager's own words, each value with its D-Bus type."""
    made: dict[str, dict[str, tuple[str, Any]]] = {
        "connection": {"id": ("s", PROFILE), "type": ("s", WIRELESS), "autoconnect": ("b", True)},
        WIRELESS: {"ssid": ("ay", network.point.ssid), "mode": ("s", "infrastructure")},
        "ipv4": {"method": ("s", "auto")},
        "ipv6": {"method": ("s", "auto")},
    }
    if network.key_management:
        made["802-11-wireless-security"] = {"key-mgmt": ("s", network.key_management)}
    if network.access is Access.PASSWORD:
        made["802-11-wireless-security"]["psk"] = ("s", password)
    return made
