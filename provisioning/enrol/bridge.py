"""What the enrolment asks of the bridge: its state; and its restart, which must not cost a print."""

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Final

UNIT: Final = "maakhoek-bridge.service"
SOCKET: Final = Path("/run/maakhoek/bridge.sock")
LOOK_S: Final = 5.0
ON_PRINTER: Final = ("heating", "printing", "paused", "cooling")


def state(path: Path = SOCKET) -> dict[str, Any]:
    """The contract's State as JSON. Raises OSError, ValueError."""
    return _result("state", {}, path)


def role_of(pin: str, path: Path = SOCKET) -> str:
    """Whose PIN it is; "" where it is nobody's, or none is looked at now. The role ends with the connection."""
    try:
        return str(_result("staff.unlock", {"pin": pin}, path)["role"])
    except (OSError, ValueError):
        return ""


def _result(method: str, params: dict[str, Any], path: Path) -> dict[str, Any]:
    """On a connection of its own. Raises OSError, and ValueError where the bridge says no."""
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(5)
        wire.connect(str(path))
        wire.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
        for line in wire.makefile("rb"):
            said = json.loads(line)
            if said.get("id") == 1:
                if "result" not in said:
                    raise ValueError(f"the bridge refuses {method}")
                return dict(said["result"])
    raise OSError("the bridge has hung up")


def restart_when_idle(path: Path = SOCKET) -> None:
    """Waits as long as something prints; a bridge that does not answer prints nothing."""
    while is_printing(path):
        time.sleep(LOOK_S)
    subprocess.run(("systemctl", "restart", UNIT), check=True)


def is_printing(path: Path) -> bool:
    """Whether a job is on the printer, as the bridge says."""
    try:
        job = state(path).get("job")
    except (OSError, ValueError):
        return False
    return job is not None and job["state"] in ON_PRINTER
