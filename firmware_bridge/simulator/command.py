"""`python -m firmware_bridge simulate`: a printer that is not there, on a pseudo-terminal."""

import argparse
import json
import logging
import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from firmware_bridge.profile import Profile, ProfileError, load_profile, profile_ids
from firmware_bridge.simulator import faults
from firmware_bridge.simulator.control import Control
from firmware_bridge.simulator.faults import Bench
from firmware_bridge.simulator.firmware import Firmware, Options
from firmware_bridge.simulator.handlers import handlers_for
from firmware_bridge.simulator.manners import manners_for
from firmware_bridge.simulator.motion import Limits
from firmware_bridge.simulator.terminal import Terminal
from firmware_bridge.simulator.wire import Noise, Wire

log = logging.getLogger("simulator")

_CLOSED_POLL_S = 0.01
"""A pseudo-terminal tells when its last user closes it, but not when the next one opens it."""
_IDLE_S = 1.0
_BACKLOG_BYTES = 65_536

_EPILOG = f"""\
A pseudo-terminal has no DTR line. Instead, every opening of the port resets a board that does so in reality
(--reset-on-open, the profile's habit unless given); SIGUSR1 resets it too.

--control PATH is a UNIX socket that takes one line at a time and answers each with one:
{faults.HELP}

At the end one JSON object with what was counted goes to stderr.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--link and everything else."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    add = parser.add_argument
    add(
        "--link", type=Path, required=True, metavar="PATH", help="the port's name: a symlink, replaced and removed"
    )
    add("--profile", default="ender3", metavar="ID", help=f"one of: {', '.join(profile_ids())} (default: ender3)")
    add("--speed", type=float, default=1.0, metavar="X", help="heat and motion X times as fast; 0: at once")
    add("--instant", action="store_const", dest="speed", const=0.0, help="the same as --speed 0")
    add("--log", type=Path, metavar="FILE", help="append every executed command, one a line")
    add("--control", type=Path, metavar="PATH", help="a UNIX socket for faults, see below")
    add(
        "--baud",
        type=int,
        default=0,
        metavar="N",
        help="pace bytes both ways as this baud rate does (default: no)",
    )
    add("--latency-ms", type=float, default=0.0, metavar="MS", help="replies arrive this much later")
    add("--rx-buffer", type=int, default=0, metavar="N", help="receive buffer in bytes (default: the profile's)")
    add(
        "--boot-s",
        type=float,
        default=0.5,
        metavar="S",
        help="silence after a reset; bytes are lost (default: 0.5)",
    )
    add("--reset-on-open", action=argparse.BooleanOptionalAction, help="opening the port resets the board")
    add("--advanced-ok", action="store_true", help="Marlin's ADVANCED_OK: ok N1 P15 B3")
    add("--no-emergency-parser", action="store_true", help="M108, M112, M410 wait until they are in the queue")
    add("--no-thermal-protection", action="store_true", help="firmware without it, and saying so")
    add("--noise", type=float, default=0.0, metavar="N", help="corrupt one arriving byte in N")
    add("--drop-ok", type=float, default=0.0, metavar="P", help="lose an ok with this probability")
    add("--seed", type=int, default=1, metavar="N", help="for --noise and --drop-ok")


def main(args: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT; 2 where it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        profile = load_profile(args.profile)
        simulation = _Simulation(args, profile)
    except (ProfileError, OSError) as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 2
    try:
        simulation.run()
    finally:
        simulation.close()
    return 0


@dataclass
class _Signals:
    """What was asked by signal since the last look."""

    stop: bool = False
    reset: bool = False

    def install(self) -> int:
        """Returns a descriptor that becomes readable at a signal."""
        wake, write = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, self._note)
        return wake

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGUSR1:
            self.reset = True
        else:
            self.stop = True


class _Simulation:
    """The firmware, its two wires, the terminal, and the loop that moves bytes between them."""

    def __init__(self, args: argparse.Namespace, profile: Profile) -> None:
        volume = profile.volume
        manners = manners_for(
            profile,
            advanced_ok=args.advanced_ok,
            emergency_parser=not args.no_emergency_parser,
            thermal_protection=not args.no_thermal_protection,
        )
        reach = ((volume.x_min_mm, volume.x_mm), (volume.y_min_mm, volume.y_mm), (0.0, volume.z_mm))
        options = Options(
            speed=args.speed,
            rx_buffer_bytes=args.rx_buffer or profile.rx_buffer_bytes,
            boot_s=args.boot_s,
            drop_ok=args.drop_ok,
            seed=args.seed,
        )
        self._firmware = Firmware(manners, Limits(reach), options, handlers_for(prusa=manners.is_prusa))
        self._noise = Noise(args.noise, args.seed)
        self._bench = Bench(self._firmware, self._noise)
        self._resets_on_open = profile.resets_on_open if args.reset_on_open is None else args.reset_on_open
        rate = args.baud / 10.0 if args.baud else None
        self._to_printer = Wire(rate)
        self._to_host = Wire(rate, args.latency_ms / 1000.0)
        self._signals = _Signals()
        self._is_open = False
        self._log: BinaryIO | None = None
        self._control: Control | None = None
        args.link.parent.mkdir(parents=True, exist_ok=True)
        if args.log:
            self._log = args.log.open("ab", buffering=0)
        if args.control:
            self._control = Control(args.control)
        self._terminal = Terminal(args.link)
        log.info("%s (%s) at %s", profile.name, manners.machine_type, args.link)

    def run(self) -> None:
        """The loop."""
        wake = self._signals.install()
        self._firmware.power_on(time.monotonic())
        while not self._signals.stop:
            now = time.monotonic()
            self._mind_the_bench(now)
            self._exchange(now)
            self._sleep(wake)

    def close(self) -> None:
        """Remove the link and say what was counted."""
        self._terminal.unplug()
        if self._control:
            self._control.close()
        if self._log:
            self._log.close()
        print(json.dumps(self._bench.statistics()), file=sys.stderr, flush=True)

    def _mind_the_bench(self, now: float) -> None:
        """Signals, the control socket, and the cable that they may pull."""
        if self._signals.reset:
            self._signals.reset = False
            self._reset(now)
        if self._control:
            self._control.serve(lambda line: self._bench.obey(line, time.monotonic()))
        if self._bench.plugged_in != self._terminal.is_plugged:
            if self._bench.plugged_in:
                self._terminal.plug()
            else:
                self._terminal.unplug()
                self._was_closed()
        if not self._is_open and self._terminal.is_plugged and self._terminal.is_open():
            self._is_open = True
            if self._resets_on_open:
                self._reset(now)

    def _was_closed(self) -> None:
        self._is_open = False
        self._to_host.clear()

    def _reset(self, now: float) -> None:
        self._to_printer.clear()
        self._to_host.clear()
        self._firmware.resets += 1
        self._firmware.power_on(now, " External Reset")

    def _exchange(self, now: float) -> None:
        """Bytes from the host, the firmware's turn, bytes to the host."""
        if (
            self._is_open
            and self._terminal.unsent_bytes < _BACKLOG_BYTES
            and len(self._to_printer) < _BACKLOG_BYTES
        ):
            data = self._terminal.read()
            if data is None:
                self._was_closed()
                self._terminal.forget()
            elif data:
                self._to_printer.push(self._noise.corrupt(data), now)
        arrived = self._to_printer.pop(now)
        if arrived:
            self._firmware.receive(arrived, now)
        self._firmware.run(now)
        executed = self._firmware.take_executed()
        if executed and self._log:
            self._log.write(b"\n".join(executed) + b"\n")
        said = self._firmware.take_output()
        if self._is_open:
            if said:
                self._to_host.push(said, now)
            ready = self._to_host.pop(now)
            if ready or self._terminal.unsent_bytes:
                self._terminal.write(ready)

    def _sleep(self, wake: int) -> None:
        due = [self._firmware.next_due(), self._to_printer.next_due(), self._to_host.next_due()]
        now = time.monotonic()
        timeout = min([_IDLE_S] + [max(0.0, moment - now) for moment in due if moment is not None])
        readers: list[object] = [wake]
        writers: list[object] = []
        if self._control:
            readers += self._control.descriptors()
        if self._is_open:
            readers.append(self._terminal.fd)
            if self._terminal.unsent_bytes:
                writers.append(self._terminal.fd)
        else:
            timeout = min(timeout, _CLOSED_POLL_S)
        ready, _, _ = select.select(readers, writers, [], timeout)
        if wake in ready:
            os.read(wake, 64)
