"""Prints one file with our daemon as the appliance runs it: journal, telemetry, a subscribed kiosk on its socket.

Arguments: port, baud, file, profile, a scratch folder.
"""

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

START_S = 30.0
CONFIG = """\
kiosk = "bench"
library = "Bench"
profile = "{profile}"
port = "{port}"
baud = {baud}
data = "{folder}/data"
socket = "{folder}/bridge.sock"
[spool]
material = "PLA"
colour = "#E4572E"
"""


class Bridge:
    """One connection to the daemon's socket. `state` is the latest it told."""

    def __init__(self, path: Path) -> None:
        deadline_s = time.monotonic() + START_S
        self._socket = socket.socket(socket.AF_UNIX)
        while self._socket.connect_ex(str(path)):
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"nobody listens on {path}")
            time.sleep(0.05)
        self._socket.settimeout(600)
        self._lines = self._socket.makefile("rb")
        self._calls = 0
        self.state: dict[str, Any] = {}

    def call(self, method: str, descriptors: list[int] | None = None, **params: object) -> Any:
        """The result of one request. Raises RuntimeError with the daemon's words."""
        self._calls += 1
        request = {"jsonrpc": "2.0", "id": self._calls, "method": method, "params": params}
        data = json.dumps(request).encode() + b"\n"
        socket.send_fds(self._socket, [data], descriptors or [])
        while (message := self._read()).get("id") != self._calls:
            pass
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def next_state(self) -> dict[str, Any]:
        """The next state that the daemon tells by itself."""
        while self._read().get("method") != "state":
            pass
        return self.state

    def _read(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise RuntimeError("the daemon closed its socket")
        message: dict[str, Any] = json.loads(line)
        if message.get("method") == "state":
            self.state = message["params"]
        return message


def print_file(bridge: Bridge, file: Path) -> str:
    """The job's last state."""
    bridge.state = bridge.call("subscribe")
    while not bridge.state["printer"]["connected"]:
        bridge.next_state()
    with file.open("rb") as gcode:
        job = bridge.call(
            "job.submit", [gcode.fileno()], card="bench", personal=False, estimate_s=60, grams=1, parts=["gcode"]
        )
    while not any(j["id"] == job["id"] and j["state"] == "waiting_for_plate" for j in bridge.state["queue"]):
        bridge.next_state()
    bridge.call("job.start", job=job["id"], plate_is_empty=True)
    while True:
        current = bridge.next_state()["job"]
        if current and current["id"] == job["id"] and current["state"] not in ("heating", "printing", "cooling"):
            print(json.dumps(current), file=sys.stderr)
            return str(current["state"])


def main() -> int:
    """Exit code 0 when the print is ready."""
    port, baud, file, profile, scratch = sys.argv[1:]
    folder = Path(scratch)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config = folder / "bridge.toml"
    config.write_text(CONFIG.format(profile=profile, port=port, baud=baud, folder=folder))
    process = subprocess.Popen([sys.executable, "-m", "firmware_bridge", "run", "--config", config])
    try:
        return 0 if print_file(Bridge(folder / "bridge.sock"), Path(file)) == "ready" else 1
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
