"""The booted kiosk's screen: what it shows, and a picture of it."""

import contextlib
import json
import re
import socket
from typing import Any

from support.waiting import until

from appliance.machine import PATIENCE_S, Machine
from appliance.root import CACHE
from appliance.scenes import KIOSK

PICTURES = CACHE / "pictures"
RUNTIME = "/run/maakhoek-kiosk"


def open_to_look(*environment: str) -> dict[str, str]:
    """A drop-in: the kiosk tells what is on its screen, and where; and it may draw as slowly as this machine must.
    `environment`: assignments for the kiosk alone, not for its compositor."""
    assignments = " ".join(f'"{assignment}"' for assignment in environment)
    kiosk = f"/usr/lib/maakhoek/kiosk --config /etc/maakhoek/kiosk.toml --inspect {RUNTIME}/inspect"
    command = f"/usr/bin/cage -d -- /usr/bin/env {assignments} {kiosk}"
    return {KIOSK: f"[Service]\nWatchdogSec=2min\nExecStart=\nExecStart={command}\n"}


def picture(machine: Machine, name: str) -> bytes:
    """What cage shows, as a PNG; a copy is kept."""
    _as_kiosk(machine, f"grim {RUNTIME}/picture.png")
    taken = machine.path(f"{RUNTIME}/picture.png").read_bytes()
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(taken)
    return taken


def look(machine: Machine) -> dict[str, Any]:
    """The screen's name and its widgets, as kiosk/ui/inspect.py tells them, once it does."""
    return until(lambda: _told(machine), PATIENCE_S, "the screen tells what is on it", 0.3)


def _told(machine: Machine) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(machine.path(f"{RUNTIME}/inspect")))
        connection.sendall(b"look\n")
        seen: dict[str, Any] = json.loads(connection.makefile("rb").readline())
        return seen
    return None


def words(machine: Machine) -> str:
    """All that can be read."""
    return "\n".join(widget["text"] for widget in look(machine)["widgets"])


def reads(machine: Machine, pattern: str) -> None:
    """Wait until that can be read."""
    until(lambda: re.search(pattern, words(machine)), PATIENCE_S, f"'{pattern}' on the screen", 0.3)


def _as_kiosk(machine: Machine, command: str) -> None:
    screen = f"XDG_RUNTIME_DIR={RUNTIME} WAYLAND_DISPLAY=wayland-0"
    machine.run(f"su maakhoek-kiosk -s /bin/sh -c 'export {screen}; {command}'")
