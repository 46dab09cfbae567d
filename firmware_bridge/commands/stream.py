"""`python -m firmware_bridge stream FILE --port PATH`: prints one file and waits for its end."""

import argparse
import json
import queue
import resource
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Final

import msgspec

from firmware_bridge.commands.progress_bar import ProgressBar
from firmware_bridge.contract import Fault, FaultCode, LinkHealth, Origin, Refusal
from firmware_bridge.gcode.plan import Plan, plan_file
from firmware_bridge.gcode.read import GcodeError
from firmware_bridge.gcode.vet import vet_file
from firmware_bridge.machine.interface import (
    Connected,
    Disconnected,
    Ended,
    Heating,
    MachineEvent,
    Measured,
    NeedsAttention,
    Outcome,
    Paused,
    Printing,
)
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.profile import Profile, ProfileError, load_profile, profile_ids

JOB: Final = "stream"
FIND_S: Final = 45.0
"""A port that is there gets so long to turn out to be a printer, all bauds included."""
DONE, NOT_DONE, UNUSABLE = 0, 1, 2
_VERDICTS: Final = {
    Outcome.DONE: "done, heaters off",
    Outcome.CANCELLED: "cancelled, heaters off",
    Outcome.FAILED: "failed",
}


@dataclass
class Report:
    """What `--json` prints. Times are of the print, from its first line to its end; `reason` is '' when done."""

    outcome: str
    lines: int = 0
    seconds: float = 0.0
    lines_per_s: float = 0.0
    resends: int = 0
    timeouts: int = 0
    cpu_s: float = 0.0
    firmware: str = ""
    reason: str = ""


class StreamError(Exception):
    """The print did not begin."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --port, --baud, --profile, --json."""
    parser.description = (
        "Vet one G-code file, print it, and wait for its end. Ctrl-C cancels. Exit 0 only when done."
    )
    parser.add_argument("file", type=Path, help="the G-code")
    parser.add_argument("--port", required=True, metavar="PATH", help="the printer; see the command `ports`")
    parser.add_argument("--baud", type=int, metavar="N", help="default: the profile's")
    parser.add_argument(
        "--profile", metavar="ID", help=f"default: found by M115; one of: {', '.join(profile_ids())}"
    )
    parser.add_argument(
        "--rx-buffer",
        type=int,
        metavar="BYTES",
        help="the printer's receive buffer, where it has more than its profile says (native USB)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")


def main(args: argparse.Namespace) -> int:
    """Print the file. Returns 0 when done, 1 when it ended otherwise, 2 for a wrong profile."""
    try:
        profiles = tuple(load_profile(i) for i in ([args.profile] if args.profile else profile_ids()))
    except ProfileError as error:
        print(f"stream: {error}", file=sys.stderr)
        return UNUSABLE
    if args.rx_buffer:
        profiles = tuple(msgspec.structs.replace(p, rx_buffer_bytes=args.rx_buffer) for p in profiles)
    stream = _Stream(args.file, args.port, profiles, args.baud, ProgressBar(sys.stderr))
    report = stream.run()
    if args.json:
        print(json.dumps(asdict(report)), flush=True)
    return DONE if report.outcome == Outcome.DONE.value else NOT_DONE


class _Stream:
    """One run. The machine's thread puts events into a queue; this thread takes them out and shows them."""

    def __init__(
        self, file: Path, port: str, profiles: tuple[Profile, ...], baud: int | None, bar: ProgressBar
    ) -> None:
        self._file = file
        self._profiles = profiles
        self._bar = bar
        self._events: queue.SimpleQueue[MachineEvent] = queue.SimpleQueue()
        self._machine = SerialMachine(port, profiles, self._events.put, baud)
        self._health = LinkHealth()
        self._firmware = ""
        self._interrupted = False
        self._line = 0

    def run(self) -> Report:
        """From the vet to the end; never raises for what a user may meet."""
        previous = signal.signal(signal.SIGINT, self._interrupt)
        try:
            if len(self._profiles) == 1:
                self._vet(self._profiles[0])
            self._machine.start()
            profile = self._find()
            if len(self._profiles) > 1:
                self._vet(profile)
            return self._print(plan_file(self._file))
        except StreamError as error:
            self._bar.say(f"{error.outcome}: {error}")
            return Report(outcome=error.outcome, firmware=self._firmware, reason=str(error))
        except (OSError, GcodeError) as error:
            self._bar.say(f"refused: {error}")
            return Report(outcome="refused", firmware=self._firmware, reason=str(error))
        finally:
            self._machine.close()
            signal.signal(signal.SIGINT, previous)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._interrupted = True
        self._machine.cancel(Origin.KIOSK)

    def _vet(self, profile: Profile) -> None:
        verdict = vet_file(self._file, profile)
        if isinstance(verdict, Refusal):
            place = f"{self._file}:{verdict.line}" if verdict.line else str(self._file)
            raise StreamError("refused", f"{place}: {verdict.code}: {verdict.reason} (profile {profile.id})")

    def _find(self) -> Profile:
        """Wait until the printer is known. A port that is not there is not waited for."""
        self._bar.say("looking for the printer …")
        deadline = time.monotonic() + FIND_S
        fault = Fault(code=FaultCode.PRINTER_SILENT, detail="no answer")
        while time.monotonic() < deadline and not self._interrupted:
            event = self._next_event()
            if isinstance(event, Connected):
                self._firmware = event.firmware
                self._bar.say(f"{event.firmware} on {event.port}, profile {event.profile}")
                return load_profile(event.profile)
            if isinstance(event, Disconnected):
                fault = event.fault
                if fault.code is not FaultCode.PRINTER_SILENT:
                    break
        if self._interrupted:
            raise StreamError("cancelled", "cancelled before it began")
        raise StreamError("failed", f"{fault.code.value}: {fault.detail}")

    def _print(self, plan: Plan) -> Report:
        began, cpu = time.monotonic(), _cpu_s()
        self._machine.print_file(JOB, self._file)
        if self._interrupted:
            self._machine.cancel(Origin.KIOSK)
        end = self._until_ended(plan)
        seconds = time.monotonic() - began
        lines = plan.lines if end.outcome is Outcome.DONE else self._line
        reason = self._reason(end)
        self._bar.say(": ".join(filter(None, (_VERDICTS[end.outcome], reason))))
        return Report(
            outcome=end.outcome.value,
            lines=lines,
            seconds=round(seconds, 3),
            lines_per_s=round(lines / seconds, 1) if seconds > 0 else 0.0,
            resends=self._health.resends,
            timeouts=self._health.timeouts,
            cpu_s=round(_cpu_s() - cpu, 3),
            firmware=self._firmware,
            reason=reason,
        )

    def _until_ended(self, plan: Plan) -> Ended:
        while True:
            event = self._next_event()
            if isinstance(event, Ended):
                return event
            if isinstance(event, Measured):
                self._health = event.link
                self._line = event.progress.line if event.progress is not None else self._line
                self._bar.show(plan, self._line, event.temperatures)
            elif isinstance(event, Heating):
                self._bar.doing("heating", event.remaining_s)
            elif isinstance(event, Printing):
                self._bar.doing("printing")
            elif isinstance(event, Paused):
                self._bar.doing(f"paused by the {event.by.value}")
            elif isinstance(event, NeedsAttention):
                self._bar.doing(event.kind.value.replace("_", " ") if event.kind else "printing")

    def _next_event(self) -> MachineEvent | None:
        """The next one; None after a moment without, so that a signal is noticed."""
        try:
            return self._events.get(timeout=0.5)
        except queue.Empty:
            return None

    def _reason(self, end: Ended) -> str:
        if end.fault is not None:
            return f"{end.fault.code.value}: {end.fault.detail}" if end.fault.detail else end.fault.code.value
        if end.outcome is Outcome.CANCELLED:
            return "interrupted by Ctrl-C" if self._interrupted else f"cancelled by the {end.by.value}"
        return ""


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
