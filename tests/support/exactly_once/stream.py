"""Host, wire and printer on one virtual clock, and the verdict on what was executed."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from firmware_bridge.link.sending import Limits
from support.exactly_once.faults import (
    ENDS_THE_JOB,
    IN_PRINTER,
    ON_THE_WAY,
    SPOILS_A_LINE,
    Fault,
    Planned,
    ToHost,
    ToPrinter,
)
from support.exactly_once.firmware import Command, Machine
from support.exactly_once.firmwares import MODELS, Kind
from support.exactly_once.host import Host
from support.exactly_once.wire import Lane

LIMIT_S: Final = 1000.0
"""Of virtual time without a line more: then the stream hangs."""
LONGEST_STORM: Final = 10
"""Refusals more than lines were sent for."""
_TICK_S: Final = 0.0005
_PTY_BYTES: Final = 4096
_OWN: Final = ("M105", "M110")


@dataclass(frozen=True)
class Setting:
    """One printer on one wire."""

    machine: Machine
    limits: Limits
    byte_s: float = 1.0 / 11_520.0
    latency_s: float = 0.0
    seed: int = 0


class Stream:
    """One print, line by line; `fired` counts the faults that have really happened."""

    def __init__(self, kind: Kind, setting: Setting) -> None:
        self.kind = kind
        self.fired: Counter[Fault] = Counter()
        self.now = 1.0
        rng = random.Random(setting.seed)
        self.printer = MODELS[kind](setting.machine, rng)
        self.host = Host(kind, setting.limits)
        self.down = ToPrinter(Lane(setting.byte_s, setting.latency_s), rng, self.fired)
        self.up = ToHost(Lane(setting.byte_s, setting.latency_s), rng, self.fired)
        self.written = bytearray()
        self.plans = 0
        self.executed_at_stop: int | None = None
        self._in_printer: list[tuple[int, Planned]] = []
        self._storms: list[Planned] = []
        self._run(lambda: self.host.is_synced, ends=False)

    def plan(self, planned: Planned) -> None:
        """From now on, this is to happen."""
        self.plans += 1
        fault = planned.fault
        if fault is Fault.NOISE:
            self.set_noise(planned.size * 1e-4, planned.after * 23)
            return
        if fault in IN_PRINTER:
            self._in_printer.append((self.printer.accepted + planned.after, planned))
            return
        if fault in SPOILS_A_LINE:
            self.down.plan(Planned(Fault.FLIP_DOWN, planned.after * 20, 1 << planned.size % 7))
            self.up.plan(Planned(fault, 0, planned.size))
            return
        if fault.name.endswith("_DOWN") or fault in (Fault.STAR_TO_NEWLINE, Fault.LINE_LOST, Fault.LINE_DOUBLED):
            self.down.plan(planned)
        else:
            self.up.plan(planned)

    def set_noise(self, rate: float, first: int | None = None) -> None:
        """From now on each byte is hit with this probability, both ways; the `first` so many bytes ahead."""
        self.down.set_noise(rate, first)
        self.up.set_noise(rate)

    def send(self, commands: list[str]) -> None:
        """Go on with these lines until they are all on their way."""
        self.host.extend(commands)
        self._run(lambda: self.host.has_sent_all, ends=False)

    def rest(self, seconds: float) -> None:
        """Send no lines for a while."""
        until = self.now + seconds
        self.host.is_resting = True
        self._run(lambda: self.now >= until, ends=False)
        self.host.is_resting = False

    def finish(self) -> None:
        """Until the last line is surely done, or the job has failed."""
        self._run(lambda: self.host.is_done, ends=True)
        while self.host.is_done and not self.printer.is_idle and not self.printer.hung:
            # Where an ok says that a line was taken, the last ones are still to be done.
            self.now = max(self.now, self.printer.wakes_at(None) or 0.0)
            self.printer.run(self.now)

    def _run(self, is_done: Callable[[], bool], ends: bool) -> None:
        host, printer, down, up = self.host, self.printer, self.down, self.up
        until = self.now + LIMIT_S
        sent = -1
        while not is_done() and not host.has_failed:
            now = self.now
            if host.sent != sent:
                sent, until = host.sent, now + LIMIT_S
            assert now < until, "the stream hangs"
            arrived = up.lane.take(now, b"")
            if arrived:
                host.receive(arrived, now)
            if not printer.flow_controlled or down.lane.size + printer.unread < _PTY_BYTES:
                out = host.run(now, ends)
                if out:
                    self.written += out
                    down.write(out, now)
            self._let_printer_run(now)
            if not is_done():
                self.now = self._next(now)

    def _let_printer_run(self, now: float) -> None:
        printer = self.printer
        arrived = self.down.lane.take(now, "")
        if arrived:
            printer.receive(arrived, now)
        refusals = printer.refusals
        printer.run(now)
        if self._in_printer:
            self._break_printer(now)
        if self._storms and printer.refusals > refusals:
            printer.storm(min(self._storms.pop().size, LONGEST_STORM))
            self.fired[Fault.STORM] += 1
        for reply in printer.out:
            self.up.write(reply, now)
        printer.out.clear()

    def _next(self, now: float) -> float:
        times = [
            self.up.lane.part_arrives_at,
            self.host.wakes_at(),
            self.printer.wakes_at(self.down.lane.line_arrives_at()),
        ]
        following = min((time for time in times if time is not None), default=None)
        if following is None:
            return now + 1.0
        return following if following > now else now + _TICK_S

    def _break_printer(self, now: float) -> None:
        printer = self.printer
        for entry in self._in_printer[:]:
            place, planned = entry
            if printer.accepted < place:
                continue
            self._in_printer.remove(entry)
            fault = planned.fault
            if fault in ENDS_THE_JOB and printer.says_ok_when_taken and self.host.has_asked_for_the_end:
                # The bridge's last line there is an M400: what comes behind it is too late for the print.
                continue
            if fault is Fault.STORM and self.kind.checks:
                self._storms.append(planned)
                self.down.plan(Planned(Fault.FLIP_DOWN, 7, 1))
                continue
            self.fired[fault] += 1
            if fault in ENDS_THE_JOB and self.executed_at_stop is None:
                self.executed_at_stop = len(printer.executed)
            if fault is Fault.STORM:
                printer.storm(min(planned.size, LONGEST_STORM))
            elif fault is Fault.STALL:
                self._stall(planned, now)
            elif fault is Fault.BUSY:
                printer.extra_s = planned.seconds
            elif fault is Fault.HANG:
                printer.hung = True
            elif fault is Fault.RESET:
                printer.reset()
            elif fault is Fault.HALT:
                printer.halt()
            else:
                printer.overheat()

    def _stall(self, planned: Planned, now: float) -> None:
        """Reads nothing for a while, `size` times, each time after another line."""
        self.printer.stalled_until = now + planned.seconds
        if planned.size > 1:
            again = replace(planned, size=planned.size - 1)
            self._in_printer.append((self.printer.accepted + 1, again))


@dataclass(frozen=True)
class Verdict:
    """`wrong`: what must not be, in words; empty where the print was exact or has failed as it should.

    `unseen`: commands that the wire has changed in a way that this protocol cannot see.
    """

    wrong: str
    failed: bool
    reason: str
    unseen: int


def judge(stream: Stream) -> Verdict:
    """What became of the file."""
    host = stream.host
    executed = [command for command in stream.printer.executed if not command.text.startswith(_OWN)]
    unseen = sum(
        command.unseen and (command.number is None or host.numbers.get(command.number) != command.text)
        for command in executed
    )
    wrong = ""
    if host.has_failed:
        if not host.reason:
            wrong = "failed without a reason"
    elif stream.executed_at_stop is not None and stream.executed_at_stop < len(stream.printer.executed):
        wrong = "the job went on after the printer had stopped"
    elif stream.kind.checks:
        wrong = _differs(host, executed)
    elif not unseen:
        wrong = _compare([command.text for command in executed], host.file)
    if not stream.kind.checks:
        wrong = wrong or _sent_twice(stream) or _missed(stream)
    return Verdict(wrong, host.has_failed, host.reason, unseen)


def _differs(host: Host, executed: list[Command]) -> str:
    texts = []
    for command in executed:
        if command.number is None:
            if not command.unseen:
                return f"a fragment was executed: {command.text!r}"
            continue
        asked = host.numbers.get(command.number)
        if asked is None and command.unseen:
            # One of the host's own.
            continue
        if asked is None:
            return f"line {command.number} is not the file's: {command.text!r}"
        if asked != command.text and not command.unseen:
            return f"line {command.number} was executed as {command.text!r} instead of {asked!r}"
        texts.append(asked)
    return _compare(texts, host.file)


def _compare(executed: list[str], file: list[str]) -> str:
    for place, (got, asked) in enumerate(zip(executed, file, strict=False)):
        if got != asked:
            return f"command {place + 1} was {got!r} instead of {asked!r}"
    if len(executed) != len(file):
        return f"{len(executed)} of {len(file)} commands were executed"
    return ""


def _missed(stream: Stream) -> str:
    """Where nothing is checked, an ok for each line is all there is: one too few, and the job must have failed.

    Not after two faults: a fence that has become another command brings the plain ok that a lost line lacks.
    """
    if stream.host.has_failed or stream.fired.keys() - ON_THE_WAY or stream.fired.total() > 1:
        return ""
    missing = stream.written.count(b"\n") - stream.printer.accepted
    return f"{missing} lines got no ok, and the job went on" if missing > 0 else ""


def _sent_twice(stream: Stream) -> str:
    """Where nothing is checked, the bytes that left the host must be the file's, once each and in order."""
    lines = [line.decode() for line in bytes(stream.written).split(b"\n")]
    sent = [line for line in lines if line and not line.startswith(_OWN)]
    return "" if sent == stream.host.file[: len(sent)] else "a line was sent twice, or out of order"
