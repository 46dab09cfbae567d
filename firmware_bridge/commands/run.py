"""`python -m firmware_bridge run --config FILE`: the printer's host, until SIGTERM or SIGINT."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from firmware_bridge.bridge import CONFIRMATIONS, AlreadyRunningError, Bridge
from firmware_bridge.config import ConfigError, load_config
from firmware_bridge.journal.journal import JournalError
from firmware_bridge.machine.confirmations import Confirmations
from firmware_bridge.machine.interface import EventHandler, Machine
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.service.systemd import notifier

log = logging.getLogger(__name__)

LOG_FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
STOPPED, CANNOT_START, BAD_CONFIG = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--config and --verbose."""
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the bridge's configuration (TOML)"
    )
    parser.add_argument("--verbose", action="store_true", help="log more")


def main(args: argparse.Namespace) -> int:
    """Run until a signal. Returns the exit code: 2 for a broken configuration, 1 when it cannot start."""
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.INFO, format=LOG_FORMAT)
    notify = notifier()
    try:
        config = load_config(args.config)
    except ConfigError as error:
        print(f"configuration: {error}", file=sys.stderr)
        return BAD_CONFIG
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    confirmations = Confirmations(config.data / CONFIRMATIONS)

    def make_machine(handler: EventHandler) -> Machine:
        return SerialMachine(config.port, config.profile, handler, config.baud, confirmations.has)

    try:
        bridge = Bridge(config, make_machine, confirmations=confirmations, alive=lambda: notify("WATCHDOG=1"))
    except (JournalError, AlreadyRunningError, OSError) as error:
        print(f"the bridge cannot start: {error}", file=sys.stderr)
        return CANNOT_START
    bridge.start()
    notify("READY=1")
    stop.wait()
    notify("STOPPING=1")
    log.info("stopping")
    bridge.close("shutdown")
    log.info("stopped")
    return STOPPED
