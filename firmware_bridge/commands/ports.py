"""`python -m firmware_bridge ports`: what is plugged in."""

import argparse
import json
from dataclasses import asdict

from firmware_bridge.machine.plugged import PluggedPort, plugged_ports


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


def _sentence(port: PluggedPort) -> str:
    profiles = ", ".join(port.profiles) or "no profile knows it"
    lines = [f"{port.path}  {port.usb or 'no USB'}  {port.description}", f"    profiles: {profiles}"]
    if port.by_id:
        lines.append(f"    {port.by_id}")
    return "\n".join(lines)
