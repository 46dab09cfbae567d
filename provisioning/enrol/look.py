"""What `checks` judges, looked up on this machine."""

import json
import re
import socket
import ssl
import tomllib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from provisioning import files, setup_file
from provisioning.enrol import bridge, portal
from provisioning.enrol.checks import SetupFacts
from provisioning.setup_file import SetupFileError

NET: Final = Path("/sys/class/net")
TRIE: Final = Path("/proc/net/fib_trie")
PRINTED: Final = "printed"
"""In the identity's folder: a print has come to its end on this kiosk."""
KEPT_OFF: Final = ("unreachable", "not_our_region", "nonsense", "clock")
"""Troubles of the enrolment that a network may make which answers in the region's place."""
BROKER_WAIT_S: Final = 5.0
_ETHERNET: Final = "1"


def look(folder: Path, status: Path, socket_path: Path) -> SetupFacts:
    """Asks the kernel, the enrolment's status, the broker's TLS and the bridge."""
    cards = [card for card in NET.iterdir() if _read(card / "type") == _ETHERNET]
    wireless = [card for card in cards if (card / "wireless").exists() or (card / "phy80211").exists()]
    said = _status(status)
    identity = _identity(folder)
    own = addresses(TRIE.read_text())
    trouble = said.get("trouble", "") if identity is None else ""
    is_broker_there = identity is not None and broker_answers(identity["broker"])
    is_kept_off = trouble in KEPT_OFF if identity is None else not is_broker_there
    state = _state(socket_path)
    printer, job = state.get("printer") or {}, state.get("job") or {}
    if job.get("state") in ("ready", "collected"):
        with suppress(OSError):
            files.write(folder / PRINTED, "")
    return SetupFacts(
        addresses=own,
        has_cable=any(_read(card / "carrier") == "1" for card in cards if card not in wireless),
        has_wireless=bool(wireless),
        now=datetime.now(UTC),
        clock_is_synchronised=bool(state.get("clock_trusted")),
        is_enrolled=identity is not None,
        step=said.get("step", "") if identity is None else "",
        trouble=trouble,
        message=said.get("message", "") if identity is None else "",
        broker_answers=is_broker_there,
        bridge_answers=bool(state),
        printer_connected=bool(printer.get("connected")),
        printer_fault=str((printer.get("fault") or {}).get("code", "")),
        has_printed=(folder / PRINTED).exists() or job.get("state") in ("ready", "collected"),
        is_printing=job.get("state") in bridge.ON_PRINTER,
        portal_card=_portal_card(folder, identity, cards) if own and is_kept_off else "",
    )


def addresses(trie: str) -> tuple[str, ...]:
    """This machine's own IPv4 addresses, without loopback, out of the kernel's table of routes."""
    own = re.findall(r"\|-- (\d+\.\d+\.\d+\.\d+)\n\s+/32 host LOCAL", trie)
    return tuple(dict.fromkeys(address for address in own if not address.startswith("127.")))


def broker_answers(broker: dict[str, Any]) -> bool:
    """A TLS server that our root vouches for. What it lets us say, the bridge finds out."""
    try:
        context = ssl.create_default_context(cafile=broker["ca"])
        where = (broker["host"], broker["port"])
        with (
            socket.create_connection(where, BROKER_WAIT_S) as wire,
            context.wrap_socket(wire, server_hostname=broker["host"]),
        ):
            return True
    except (OSError, KeyError):
        return False


def _portal_card(folder: Path, identity: dict[str, Any] | None, cards: list[Path]) -> str:
    """The address of the card that is on the network, where a page stands before the region; else ''."""
    try:
        host = identity["region"]["host"] if identity else setup_file.load(folder / "setup.toml").address[0]
    except (KeyError, SetupFileError):
        return ""
    if not portal.answers_for(host, portal.PORT):
        return ""
    used = [card for card in cards if _read(card / "carrier") == "1"]
    return _read((used or cards)[0] / "address") if cards else "?"


def _identity(folder: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads((folder / "identity.toml").read_text())
    except (OSError, tomllib.TOMLDecodeError):
        return None


def _status(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def _state(path: Path) -> dict[str, Any]:
    try:
        return bridge.state(path)
    except (OSError, ValueError):
        return {}


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:  # `carrier` of a card that is down
        return ""
