"""Prints one file with the whole OctoPrint server as it is installed, through its web API, with nobody watching.

What is switched off would disturb the measurement and is no part of printing: the first-run wizard, calls to the
outside and the analysis of files. Arguments: port, baud, file, a scratch folder, the `octoprint` program.
"""

import http.client
import json
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

START_S = 120.0
POLL_S = 1.0


def configuration(key: str, web_port: int, printer_port: str) -> dict[str, Any]:
    """OctoPrint's config.yaml (JSON is YAML)."""
    return {
        "api": {"key": key},
        "server": {
            "host": "127.0.0.1",
            "port": web_port,
            "firstRun": False,
            "onlineCheck": {"enabled": False},
            "pluginBlacklist": {"enabled": False},
        },
        "serial": {"additionalPorts": [printer_port]},
        "gcodeAnalysis": {"runAt": "never"},
        "plugins": {
            "_disabled": ["announcements", "discovery", "softwareupdate", "pluginmanager"],
            "tracking": {"enabled": False},
        },
    }


class Server:
    """The web API of one server."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._headers = {"X-Api-Key": key, "Content-Type": "application/json"}

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST where there is a body. Raises OSError."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/api/{path}", data, self._headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.loads(response.read() or b"{}")

    def state(self) -> str:
        """OctoPrint's own word for what goes on; empty while it does not answer."""
        try:
            return str(self.call("connection")["current"]["state"])
        except (OSError, http.client.HTTPException):
            # While it starts, a stand-in answers with less than HTTP.
            return ""

    def wait_for(self, state: str) -> None:
        """Until that state. Raises TimeoutError."""
        deadline_s = time.monotonic() + START_S
        while (found := self.state()) != state:
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"OctoPrint is '{found}' instead of '{state}' after {START_S:.0f} s")
            time.sleep(0.2)


def main() -> int:
    """Exit code 0 when the job is done."""
    printer_port, baud, file, folder, program = sys.argv[1:]
    base = Path(folder)
    shutil.rmtree(base, ignore_errors=True)
    (base / "uploads").mkdir(parents=True)
    shutil.copy(file, base / "uploads" / "print.gcode")
    with socket.create_server(("127.0.0.1", 0)) as free:
        web_port = free.getsockname()[1]
    key = secrets.token_hex(16)
    (base / "config.yaml").write_text(json.dumps(configuration(key, web_port, printer_port)))
    server = Server(f"http://127.0.0.1:{web_port}", key)
    process = subprocess.Popen([program, "serve", "--iknowwhatimdoing", "--basedir", base])
    try:
        server.wait_for("Closed")
        connect = {"command": "connect", "port": printer_port, "baudrate": int(baud)}
        server.call("connection", connect)
        server.wait_for("Operational")
        server.call("files/local/print.gcode", {"command": "select", "print": True})
        while (job := server.call("job"))["state"] in ("Starting", "Printing", "Finishing") or not job["progress"]:
            time.sleep(POLL_S)
        done = job["state"] == "Operational" and job["progress"]["completion"] == 100
        print(f"{job['state']}, {job['progress']}", file=sys.stderr)
        return 0 if done else 1
    except (OSError, TimeoutError) as error:
        print(f"OctoPrint's server: {error}", file=sys.stderr)
        return 1
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


if __name__ == "__main__":
    sys.exit(main())
