"""The kiosk that is upgraded: whether it is in use, whether it is well, and its new start."""

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import msgspec

from firmware_bridge.contract import ActState, Info, State
from provisioning.upgrade.rules import Look

UNITS: Final = ("maakhoek-bridge.service", "maakhoek-kiosk.service")
SOCKET: Final = Path("/run/maakhoek/bridge.sock")
_ANSWER_S: Final = 10.0
_MOST_BYTES: Final = 1_000_000


def is_idle() -> bool:
    """Nobody prints, waits for a print or has one to collect. Not idle is also what does not answer."""
    state = _ask("state", State)
    return state is not None and is_free(state)


def may_restart() -> bool:
    """Nothing is lost: it is idle, or has no print to lose since it does not even answer."""
    state = _ask("state", State)
    return state is None or is_free(state)


def is_free(state: State) -> bool:
    """Nothing on the printer, nothing on the plate, nobody in the queue, no staff at work."""
    act = state.act
    is_working = act is not None and (act.state is ActState.RUNNING or act.off_in_s is not None)
    return state.job is None and not state.queue and not state.for_staff and not is_working


def restart() -> None:
    """Both, with what is installed now; also what has given up. What does not start shows itself later: systemd
    tries a touchscreen that never comes up again and again, and who waited for it would wait for ever."""
    subprocess.run(("systemctl", "stop", *UNITS), check=False)
    # How the old ones ended says nothing of the new ones.
    subprocess.run(("systemctl", "reset-failed", *UNITS), check=False)
    subprocess.run(("systemctl", "--no-block", "start", *UNITS), check=False)


def look() -> Look:
    """As it is now."""
    told = [_show(unit) for unit in UNITS]
    info = _ask("hello", Info)
    return Look(
        at_s=time.monotonic(),
        units_up=all(unit["ActiveState"] == "active" for unit in told),
        gave_up=any(unit["ActiveState"] == "failed" for unit in told),
        software=info.software if info is not None else "",
        restarts=sum(int(unit["NRestarts"]) for unit in told),
    )


def _show(unit: str) -> dict[str, str]:
    command = ("systemctl", "show", "-p", "ActiveState,NRestarts", unit)
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def _ask(method: str, kind: type[Any]) -> Any:
    """The bridge's answer; None where there is none that can be understood."""
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {}}
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_ANSWER_S)
            connection.connect(str(SOCKET))
            connection.sendall(json.dumps(request).encode() + b"\n")
            with connection.makefile("rb") as lines:
                answer = json.loads(lines.readline(_MOST_BYTES))
        return msgspec.convert(answer["result"], kind)
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return None
