"""`python -m firmware_bridge ports`: what is plugged in."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from firmware_bridge.profile import load_profile, profile_ids

BY_ID: Final = Path("/dev/serial/by-id")


@dataclass(frozen=True)
class PluggedPort:
    """`by_id` is the name that stays when the device is plugged in anew; `usb` is `vid:pid`; '' where unknown."""

    path: str
    by_id: str
    usb: str
    description: str
    profiles: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="print one JSON array instead of a table")


def main(args: argparse.Namespace) -> int:
    """List the ports; 0 also where there are none."""
    ports = plugged_ports()
    if args.json:
        print(json.dumps([asdict(port) for port in ports], indent=1))
    elif not ports:
        print("no serial port is there; is the printer plugged in and switched on?")
    else:
        print("\n".join(_sentence(port) for port in ports))
    return 0


def plugged_ports() -> tuple[PluggedPort, ...]:
    """Serial ports with a device behind them, by path."""
    found = sorted(list_ports.comports(), key=lambda info: str(info.device))
    return tuple(_port(info) for info in found if info.hwid and info.hwid != "n/a")


def matching_profiles(usb: str) -> tuple[str, ...]:
    """Ids of the profiles whose printers have this USB id; a common serial chip says little."""
    return tuple(i for i in profile_ids() if usb in load_profile(i).usb)


def _port(info: ListPortInfo) -> PluggedPort:
    usb = f"{info.vid:04x}:{info.pid:04x}" if info.vid is not None and info.pid is not None else ""
    return PluggedPort(
        path=str(info.device),
        by_id=_by_id(Path(info.device)),
        usb=usb,
        description=str(info.description or ""),
        profiles=matching_profiles(usb),
    )


def _by_id(device: Path, links: Path = BY_ID) -> str:
    names: Sequence[Path] = sorted(links.iterdir()) if links.is_dir() else ()
    return next((str(name) for name in names if name.resolve() == device.resolve()), "")


def _sentence(port: PluggedPort) -> str:
    profiles = ", ".join(port.profiles) or "no profile knows it"
    lines = [f"{port.path}  {port.usb or 'no USB'}  {port.description}", f"    profiles: {profiles}"]
    if port.by_id:
        lines.append(f"    {port.by_id}")
    return "\n".join(lines)
