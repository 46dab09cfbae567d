"""The screen's door to this kiosk's set-up: one question a connection, each answer a line of JSON.

    {"ask": "checks"}                           -> {"is_set_up", "wifi", "checks"}
    {"ask": "networks", "pin"}                  -> {"networks": [{"id", "name", "strength", "access"}]}
    {"ask": "join", "network", "password", "pin"}   -> {"step"} ..., {"joined": true}
    either of the last two                      -> {"trouble"}

The Wi-Fi is chosen by anybody while the kiosk is no region's yet: who sets it up stands before it. From then on
it takes a technician's PIN, which the bridge checks. What is typed is in no log.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from provisioning.enrol import bridge
from provisioning.enrol.checks import checks, is_set_up, wifi_choice
from provisioning.enrol.look import look
from provisioning.wifi.joining import Ended, Trouble, is_password
from provisioning.wifi.manager import NetworkManager, NetworkManagerError, network_manager
from provisioning.wifi.networks import Access, Network, networks

log = logging.getLogger(__name__)

MOST_BYTES: Final = 4096
Answer = dict[str, Any]


class Checks(msgspec.Struct, tag_field="ask", tag="checks", frozen=True):
    """How far is it?"""


class Networks(msgspec.Struct, tag_field="ask", tag="networks", frozen=True):
    """Which Wi-Fi is there? `pin`: a technician's, where it takes one."""

    pin: str = ""


class Join(msgspec.Struct, tag_field="ask", tag="join", frozen=True):
    """That one, by the id that it was told with."""

    network: str
    password: str = ""
    pin: str = ""


@dataclass(frozen=True)
class Places:
    """Where this kiosk's identity, the enrolment's status and the bridge are."""

    folder: Path
    status: Path
    bridge: Path


def answers(line: bytes, places: Places) -> Iterator[Answer]:
    """To one question. Nothing in it is repeated, whatever it is."""
    try:
        asked = msgspec.json.decode(line, type=Checks | Networks | Join)
    except msgspec.MsgspecError:
        yield {"trouble": "not_understood"}
        return
    if isinstance(asked, Checks):
        facts = look(places.folder, places.status, places.bridge)
        yield {"is_set_up": is_set_up(facts), "wifi": wifi_choice(facts).value, "checks": checks(facts)}
        return
    if not _may_choose(asked.pin, places):
        yield _no(Trouble.NOT_ALLOWED)
        return
    try:
        with network_manager() as manager:
            yield from _wifi(manager, asked)
    except NetworkManagerError as error:
        log.warning("NetworkManager: %s", error)
        yield _no(Trouble.FAILED)


def _may_choose(pin: str, places: Places) -> bool:
    if not (places.folder / "identity.toml").exists():
        return True
    return bool(pin) and bridge.role_of(pin, places.bridge) == "technician"


def _wifi(manager: NetworkManager, asked: Networks | Join) -> Iterator[Answer]:
    card = manager.wireless()
    if card is None:
        yield _no(Trouble.NO_CARD)
        return
    if isinstance(asked, Networks):
        manager.scan(card)
        yield {"networks": [_told(network) for network in networks(manager.access_points(card))]}
        return
    there = {network.id: network for network in networks(manager.access_points(card))}
    network = there.get(asked.network)
    if network is None:
        yield _no(Trouble.OUT_OF_REACH)
    elif network.access is Access.PASSWORD and not is_password(asked.password):
        yield _no(Trouble.WRONG_PASSWORD)
    elif network.access in (Access.OPEN, Access.PASSWORD):
        yield from _joined(manager, card, network, asked.password)
    else:
        yield _no(Trouble.FAILED)


def _joined(manager: NetworkManager, card: str, network: Network, password: str) -> Iterator[Answer]:
    for said in manager.join(card, network, password):
        if not isinstance(said, Ended):
            yield {"step": said.value}
        elif said.trouble:
            log.info("the Wi-Fi was not joined: %s", said.trouble.value)
            yield _no(said.trouble)
        else:
            log.info("the Wi-Fi was joined")
            yield {"joined": True}


def _told(network: Network) -> Answer:
    return {
        "id": network.id,
        "name": network.name,
        "strength": network.strength,
        "access": network.access.value,
    }


def _no(trouble: Trouble) -> Answer:
    return {"trouble": trouble.value}
