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
from pathlib import Path
from types import FrameType
from typing import BinaryIO, Final

from firmware_bridge.profile import Profile
from firmware_bridge.simulator.actions import ACTIONS
from firmware_bridge.simulator.bench import Bench
from firmware_bridge.simulator.board import Board, Options
from firmware_bridge.simulator.control import Control
from firmware_bridge.simulator.firmwares.form import Firmware
from firmware_bridge.simulator.handlers.table import handlers_for
from firmware_bridge.simulator.motion import Limits
from firmware_bridge.simulator.schedule import Schedule
from firmware_bridge.simulator.terminal import Terminal
from firmware_bridge.simulator.wire import Wire

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

    def __init__(self, args: argparse.Namespace, profile: Profile, firmware: Firmware, schedule: Schedule) -> None:
        volume = profile.volume
        reach = ((volume.x_min_mm, volume.x_mm), (volume.y_min_mm, volume.y_mm), (0.0, volume.z_mm))
        options = Options(
            speed=args.speed,
            rx_buffer_bytes=args.rx_buffer or firmware.lines.rx_buffer_bytes or profile.rx_buffer_bytes,
            boot_s=args.boot_s,
            seed=args.seed,
        )
        self._board = Board(firmware, profile.machine_names[0], Limits(reach), options, handlers_for(firmware))
        self._bench = Bench(self._board, args.seed, ACTIONS)
        self._schedule = schedule
        self._report: Path | None = args.report
        usual = profile.resets_on_open and firmware.resets_on_open
        self._resets_on_open = usual if args.reset_on_open is None else args.reset_on_open
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
        log.info("%s (%s) at %s", profile.name, firmware.name, args.link)

    def run(self) -> None:
        """The loop."""
        wake = self._signals.install()
        self._started = time.monotonic()
        self._board.power_on(self._started)
        while not self._signals.stop:
            ready = self._sleep(wake)
            now = time.monotonic()
            self._do(self._schedule.elapsed(now - self._started), now)
            self._bench.run(now)
            if ready - {self._terminal.fd}:
                self._mind_the_bench(now)
            self._mind_the_cable()
            self._exchange(now, is_readable=self._terminal.fd in ready)

    def close(self) -> None:
        """Remove the link and say what was counted."""
        self._terminal.unplug()
        if self._control:
            self._control.close()
        if self._log:
            self._log.close()
        report = json.dumps(self._bench.report())
        if self._report:
            self._report.write_text(report + "\n")
        print(report, file=sys.stderr, flush=True)

    def _mind_the_bench(self, now: float) -> None:
        """Signals, the control socket, and who opens or closes the port."""
        if self._signals.reset:
            self._signals.reset = False
            self._reset(now)
        if self._control:
            self._control.serve(lambda line: self._bench.obey(line, time.monotonic()))
        was_open = self._terminal.is_open
        if self._terminal.was_opened():
            if self._resets_on_open:
                self._reset(now)
            else:
                self._board.greet()
        if was_open and not self._terminal.is_open:
            self._to_host.clear()
            self._terminal.forget()

    def _mind_the_cable(self) -> None:
        if self._bench.plugged_in == self._terminal.is_plugged:
            return
        self._to_host.clear()
        if self._bench.plugged_in:
            self._terminal.plug()
        else:
            self._terminal.unplug()

    def _reset(self, now: float) -> None:
        self._to_printer.clear()
        self._to_host.clear()
        self._board.power_on(now, "External Reset")

    def _do(self, actions: list[str], now: float) -> None:
        """What was appointed; a mistake in it is said, not fatal."""
        for action in actions:
            answer = self._bench.obey(action, now)
            if answer != "ok":
                log.error("%s: %s", action, answer)
        self._mind_the_cable()

    def _exchange(self, now: float, *, is_readable: bool) -> None:
        """Bytes from the host, the firmware's turn, bytes to the host."""
        is_open = self._terminal.is_open
        if is_readable and is_open:
            for actions, piece in self._schedule.pieces(self._terminal.read(self._room())):
                if actions:
                    self._deliver(now)
                    self._do(actions, now)
                if not self._terminal.is_plugged:
                    break
                self._to_printer.push(self._bench.to_printer.pass_on(piece), now)
        self._deliver(now)
        self._board.run(now)
        executed = self._board.execution.take_executed()
        if executed:
            self._do(self._schedule.executed(self._board.execution.count), now)
            if self._log:
                self._log.write(b"\n".join(executed) + b"\n")
        said = self._board.take_output()
        if is_open and self._terminal.is_plugged:
            if said:
                self._to_host.push(self._bench.to_host.pass_on(said), now)
            ready = self._to_host.pop(now)
            if ready or self._terminal.unsent_bytes:
                self._terminal.write(ready)

    def _deliver(self, now: float) -> None:
        arrived = self._to_printer.pop(now)
        if arrived:
            self._board.receive(arrived, now)

    def _room(self) -> int:
        """How many bytes may be read from the host."""
        return self._board.intake.room() - self._to_printer.bytes_on_it

    def _sleep(self, wake: int) -> set[int]:
        """Until something is due or a descriptor is ready; which ones are readable."""
        appointed = self._schedule.next_time()
        due = [
            self._board.next_due(),
            self._to_printer.next_due(),
            self._to_host.next_due(),
            self._bench.next_due(),
            None if appointed is None else self._started + appointed,
        ]
        now = time.monotonic()
        timeout = min([_IDLE_S] + [max(0.0, moment - now) for moment in due if moment is not None])
        readers = [wake, *self._terminal.watched()]
        if self._control:
            readers += self._control.descriptors()
        if self._terminal.is_open and self._terminal.unsent_bytes < _BACKLOG_BYTES and self._room() > 0:
            readers.append(self._terminal.fd)
        writers = [self._terminal.fd] if self._terminal.unsent_bytes else []
        ready, _, _ = select.select(readers, writers, [], timeout)
        if wake in ready:
            os.read(wake, 64)
        return set(ready)
