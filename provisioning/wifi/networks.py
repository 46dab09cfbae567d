"""From access points as NetworkManager reports them to networks that a person can choose.

Pure. A name is 32 bytes that anybody within reach may choose: nothing here believes it to be text.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

MOST: Final = 40
"""So many networks are told, the strongest: whoever sends out a thousand names fills no screen."""

# https://networkmanager.dev/docs/api/latest/nm-dbus-types.html
_PRIVACY: Final = 0x1
_PSK, _802_1X, _SAE, _OWE = 0x100, 0x200, 0x400, 0x800
_EAP_SUITE_B_192: Final = 0x2000

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of what is not drawn, or turns what stands around it."""
_MOST_MARKS: Final = 2
_REPLACEMENT: Final = "?"


class Access(Enum):
    """What it takes to join. The last three cannot be joined from the screen."""

    OPEN = "open"
    PASSWORD = "password"
    ENTERPRISE = "enterprise"
    OUTDATED = "outdated"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class AccessPoint:
    """As NetworkManager has it: `strength` in per cent, the three others its bit fields. `path`: its object."""

    path: str
    ssid: bytes
    strength: int
    flags: int
    wpa: int
    rsn: int


@dataclass(frozen=True)
class Network:
    """Access points of one name and one way in, as their strongest. `id` says both, in ASCII."""

    id: str
    name: str
    strength: int
    access: Access
    point: AccessPoint

    @property
    def key_management(self) -> str:
        """NetworkManager's word for it, "" for an open network."""
        suites = self.point.wpa | self.point.rsn
        if self.access is Access.PASSWORD:
            # "wpa-psk" is WPA2 and WPA3 where both are spoken.
            return "wpa-psk" if suites & _PSK else "sae"
        return "owe" if suites & _OWE else ""


def networks(points: Iterable[AccessPoint]) -> tuple[Network, ...]:
    """Those that can be joined first, then the strongest; of one name that is told twice, each is told apart."""
    strongest: dict[str, AccessPoint] = {}
    for point in points:
        key = network_id(point)
        if key not in strongest or point.strength > strongest[key].strength:
            strongest[key] = point
    ordered = sorted(strongest.items(), key=lambda item: (not _joinable(item[1]), -item[1].strength, item[0]))
    seen: Counter[str] = Counter()
    told = []
    for key, point in ordered[:MOST]:
        name = shown_name(point.ssid)
        seen[name] += 1
        told.append(Network(key, _numbered(name, seen[name]), point.strength, access(point), point))
    return tuple(told)


def network_id(point: AccessPoint) -> str:
    """The same for all access points of a network, another for its open twin."""
    return f"{point.ssid.hex()}:{access(point).value}"


def access(point: AccessPoint) -> Access:
    """What its bits say."""
    suites = point.wpa | point.rsn
    if not point.ssid.strip(b"\0"):
        return Access.HIDDEN
    if suites & (_PSK | _SAE):
        return Access.PASSWORD
    if suites & (_802_1X | _EAP_SUITE_B_192):
        return Access.ENTERPRISE
    if point.flags & _PRIVACY and not suites & _OWE:
        return Access.OUTDATED
    return Access.OPEN


def shown_name(ssid: bytes) -> str:
    """One line that can be drawn; what is not text, not seen or turns its surroundings becomes a question
    mark. "" for a hidden network."""
    if not ssid.strip(b"\0"):
        return ""
    shown, marks = [], 0
    for character in unicodedata.normalize("NFC", ssid.decode("utf-8", "replace").replace("\ufffd", _REPLACEMENT)):
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if marks > _MOST_MARKS:
            continue
        if category in _UNSEEN:
            character = _REPLACEMENT
        shown.append(" " if category == "Zs" else character)
    return " ".join("".join(shown).split()) or _REPLACEMENT


def _joinable(point: AccessPoint) -> bool:
    return access(point) in (Access.OPEN, Access.PASSWORD)


def _numbered(name: str, nth: int) -> str:
    return name if nth == 1 or not name else f"{name} ({nth})"
