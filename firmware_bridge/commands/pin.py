"""`python -m firmware_bridge pin ROLE --config FILE`: the PIN comes on standard input, never as an argument."""

import argparse
import getpass
import sys
from pathlib import Path

from firmware_bridge.config import ConfigError, load_local_config
from firmware_bridge.contract import Role
from firmware_bridge.service.pins import ROLES, PinError, PinStore

DONE, REFUSED, BAD_CONFIG = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROLE, --config and --remove."""
    parser.add_argument("role", choices=[role.value for role in ROLES], help="who is to unlock with it")
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the bridge's configuration (TOML)"
    )
    parser.add_argument("--remove", action="store_true", help="take the PIN of that role away")


def main(args: argparse.Namespace) -> int:
    """Exit code 1 for a PIN that is not taken, 2 for a broken configuration. A running bridge knows it at once."""
    try:
        folder = load_local_config(args.config).data
    except ConfigError as error:
        print(f"configuration: {error}", file=sys.stderr)
        return BAD_CONFIG
    role = Role(args.role)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = PinStore(folder)
        if args.remove:
            print(f"the PIN of {role.value} is gone" if store.remove(role) else f"{role.value} had no PIN")
        else:
            store.set(role, _ask(role))
            print(f"{role.value} unlocks with that PIN from now on")
    except (PinError, OSError) as error:
        print(f"pin: {error}", file=sys.stderr)
        return REFUSED
    return DONE


def _ask(role: Role) -> str:
    """Twice from a person, once from a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass(f"PIN for {role.value} (4 to 12 digits): ")
    if getpass.getpass("once more: ") != pin:
        raise PinError("the two are not the same; nothing has changed")
    return pin
