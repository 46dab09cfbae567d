"""The printer put together, and the one loop that moves its bytes."""

import argparse
import json
import logging
import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from types import FrameType
from typing import BinaryIO, Final

from firmware_bridge.profile import Profile
from firmware_bridge.simulator.control import Control
from firmware_bridge.simulator.faults import Bench
from firmware_bridge.simulator.firmware import Firmware, Options
from firmware_bridge.simulator.handlers.table import handlers_for
from firmware_bridge.simulator.manners import manners_for
from firmware_bridge.simulator.motion import Limits
from firmware_bridge.simulator.terminal import Terminal
from firmware_bridge.simulator.wire import Noise, Wire

log = logging.getLogger("simulator")

_IDLE_S: Final = 1.0
_BACKLOG_BYTES: Final = 65_536


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


class Simulation:
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
            ready = self._sleep(wake)
            now = time.monotonic()
            if ready - {self._terminal.fd}:
                self._mind_the_bench(now)
            self._exchange(now, is_readable=self._terminal.fd in ready)

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
            self._to_host.clear()
            if self._bench.plugged_in:
                self._terminal.plug()
            else:
                self._terminal.unplug()
        was_open = self._terminal.is_open
        if self._terminal.was_opened() and self._resets_on_open:
            self._reset(now)
        if was_open and not self._terminal.is_open:
            self._to_host.clear()
            self._terminal.forget()

    def _reset(self, now: float) -> None:
        self._to_printer.clear()
        self._to_host.clear()
        self._firmware.power_on(now, " External Reset")

    def _exchange(self, now: float, *, is_readable: bool) -> None:
        """Bytes from the host, the firmware's turn, bytes to the host."""
        is_open = self._terminal.is_open
        if is_readable and is_open:
            data = self._terminal.read()
            if data:
                self._to_printer.push(self._noise.corrupt(data), now)
        arrived = self._to_printer.pop(now)
        if arrived:
            self._firmware.receive(arrived, now)
        self._firmware.run(now)
        executed = self._firmware.take_executed()
        if executed and self._log:
            self._log.write(b"\n".join(executed) + b"\n")
        said = self._firmware.take_output()
        if is_open:
            if said:
                self._to_host.push(said, now)
            ready = self._to_host.pop(now)
            if ready or self._terminal.unsent_bytes:
                self._terminal.write(ready)

    def _sleep(self, wake: int) -> set[int]:
        """Until something is due or a descriptor is ready; which ones are readable."""
        due = [self._firmware.next_due(), self._to_printer.next_due(), self._to_host.next_due()]
        now = time.monotonic()
        timeout = min([_IDLE_S] + [max(0.0, moment - now) for moment in due if moment is not None])
        readers = [wake, *self._terminal.watched()]
        if self._control:
            readers += self._control.descriptors()
        if (
            self._terminal.is_open
            and max(self._terminal.unsent_bytes, self._to_printer.waiting_bytes) < _BACKLOG_BYTES
        ):
            readers.append(self._terminal.fd)
        writers = [self._terminal.fd] if self._terminal.unsent_bytes else []
        ready, _, _ = select.select(readers, writers, [], timeout)
        if wake in ready:
            os.read(wake, 64)
        return set(ready)
