"""Runs in the guest: NetworkManager with a radio that mac80211_hwsim makes, and access points on three others."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from slow.guest.line import Line
from support.waiting import until

CARD: Final = "wlan0"
USER: Final = "maakhoek-setup"
UID: Final = 4711
PROFILES: Final = Path("/etc/NetworkManager/system-connections")
RADIOS: Final = ("wlan1", "wlan2", "wlan3")
CONFIG: Final = f"""
[main]
plugins=keyfile
no-auto-default=*
[keyfile]
unmanaged-devices=interface-name:{";interface-name:".join(RADIOS)}
[device]
wifi.scan-rand-mac-address=no
"""


class WifiAgent:
    """The kiosk's question goes through the program that the unit runs, as its user, through the shipped rule."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._points: dict[str, list[subprocess.Popen[bytes]]] = {}

    def do_start(self) -> None:
        """Everything but access points."""
        with Path("/etc/passwd").open("a") as users:
            for name, uid in ((USER, UID), ("maakhoek-other", UID + 1)):
                users.write(f"{name}:x:{uid}:{uid}::/nonexistent:/usr/sbin/nologin\n")
        rule = self._root / "systemd/polkit/50-maakhoek-wifi.rules"
        Path("/etc/polkit-1/rules.d", rule.name).write_text(rule.read_text())
        Path("/etc/NetworkManager/conf.d").mkdir(parents=True, exist_ok=True)
        Path("/etc/NetworkManager/conf.d/test.conf").write_text(CONFIG)
        Path("/run/dbus").mkdir(exist_ok=True)
        _run("dbus-uuidgen", "--ensure")
        _run("ip", "link", "set", "lo", "up")
        _run("dbus-daemon", "--system", "--fork")
        _begun("polkitd", "/usr/lib/polkit-1/polkitd", "--no-debug")
        _begun("wpa", "wpa_supplicant", "-u", "-s")
        _begun("nm", "NetworkManager", "--no-daemon")
        until(lambda: "disconnected" in _nmcli("-f", "STATE", "device"), 120, "NetworkManager has its card")

    def do_point(self, radio: str, ssid: str, config: str, addresses: bool) -> None:
        """An access point; `ssid` in hexadecimal, `addresses`: it gives them."""
        path = Path(f"/run/{radio}.conf")
        path.write_text(f"interface={radio}\nssid2={ssid}\nhw_mode=g\nchannel=1\n{config}\n")
        path.chmod(0o600)
        number = RADIOS.index(radio) + 1
        _run("ip", "address", "replace", f"10.{number}.0.1/24", "dev", radio)
        self._points[radio] = [_begun(radio, "hostapd", str(path))]
        until(lambda: "AP-ENABLED" in Path(f"/run/{radio}.log").read_text(), 60, "the access point")
        if addresses:
            dhcp = ("--no-ping", "--port=0", "--bind-interfaces", f"--interface={radio}", "--keep-in-foreground")
            given = f"--dhcp-range=10.{number}.0.10,10.{number}.0.90"
            leases = f"--dhcp-leasefile=/run/{radio}.leases"
            served = _begun(
                f"{radio}-dhcp", "dnsmasq", *dhcp, given, leases, "--user=root", "--conf-file=/dev/null"
            )
            self._points[radio].append(served)

    def do_off(self, radio: str) -> None:
        """Gone."""
        for process in self._points.pop(radio):
            process.terminate()
            process.wait(30)

    def do_ask(self, question: dict[str, Any], folder: str = "/nonexistent", user: str = USER) -> Any:
        """All answers."""
        uid = str(UID if user == USER else UID + 1)
        command = (
            "setpriv",
            f"--reuid={uid}",
            f"--regid={uid}",
            "--clear-groups",
            "--no-new-privs",
            sys.executable,
        )
        done = subprocess.run(
            [*command, "-m", "provisioning.enrol", "--folder", folder, "serve"],
            input=json.dumps(question).encode() + b"\n",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        with Path("/run/said.log").open("ab") as log:
            log.write(done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def do_enrolled(self) -> str:
        """A folder with an identity."""
        folder = Path("/run/identity")
        folder.mkdir(mode=0o755)
        (folder / "identity.toml").write_text("")
        return str(folder)

    def do_address(self) -> str:
        """Of the kiosk's card."""
        return _nmcli("-f", "IP4.ADDRESS", "device", "show", CARD).strip()

    def do_profiles(self) -> Any:
        """What is remembered, over a power cut."""
        return sorted(path.read_text() for path in PROFILES.glob("*"))

    def do_known(self) -> str:
        """What NetworkManager has, also in memory."""
        return _nmcli("-f", "NAME", "connection")

    def do_forget(self) -> None:
        """All of it."""
        for uuid in _nmcli("-f", "UUID,TYPE", "connection").split():
            if "wireless" in uuid:
                _run("nmcli", "connection", "delete", uuid.split(":")[0])

    def do_logs(self) -> str:
        """Everything that anybody wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(Path("/run").glob("*.log")))


def _nmcli(*arguments: str) -> str:
    return subprocess.run(["nmcli", "-t", *arguments], capture_output=True, text=True, check=False).stdout


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _begun(name: str, *command: str) -> subprocess.Popen[bytes]:
    with Path(f"/run/{name}.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


if __name__ == "__main__":
    os.environ["PATH"] = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    line = Line(sys.argv[1])
    line.serve(WifiAgent(Path(__file__).parents[3]))
