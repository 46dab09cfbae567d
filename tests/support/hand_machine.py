"""A `machine.Machine` that the test works by hand: for the bridge's own states, without wire or firmware."""

import threading
from pathlib import Path

from firmware_bridge.contract import ActState, Fault, FaultCode, LinkHealth, Origin, Progress, Temperatures
from firmware_bridge.machine.interface import (
    Act,
    Acted,
    Asked,
    Connected,
    Disconnected,
    Ended,
    EventHandler,
    Heating,
    Measured,
    Outcome,
    Paused,
    Printing,
)

COLD = Temperatures(nozzle_c=22.0, nozzle_target_c=0.0, bed_c=21.0, bed_target_c=0.0)
HOT = Temperatures(nozzle_c=210.0, nozzle_target_c=210.0, bed_c=60.0, bed_target_c=60.0)


class HandMachine:
    """Obeys the Protocol; events come on the thread that works it."""

    def __init__(self, handler: EventHandler) -> None:
        self._tell = handler
        self._lock = threading.RLock()
        self.job: str | None = None
        self.files: list[Path] = []
        self.contents: list[bytes] = []
        self.acts: list[Act] = []
        self.cooled_down = 0
        self.answers: list[tuple[str, int]] = []

    # --- the Protocol ---

    def start(self) -> None:
        """Connected at once."""
        self._tell(Connected("Hand 1.0", "/dev/hand"))
        self.measure(COLD)

    is_alive = True

    def print_file(self, job: str, path: Path) -> None:
        """Heats until `print_on`."""
        with self._lock:
            self.files.append(path)
            self.contents.append(path.read_bytes())
            # Last: who waits for it looks at the other two next.
            self.job = job
            self._tell(Heating(job, 42.0))

    def pause(self, by: Origin) -> None:
        """At once."""
        with self._lock:
            if self.job is not None:
                self._tell(Paused(self.job, by))

    def resume(self) -> None:
        """At once."""
        with self._lock:
            if self.job is not None:
                self._tell(Printing(self.job))

    def cancel(self, by: Origin) -> None:
        """At once."""
        self._end(Outcome.CANCELLED, by, None)

    def act(self, act: Act) -> None:
        """Runs until `end_act`."""
        self.acts.append(act)
        self._tell(Acted(act.kind, ActState.RUNNING))

    def cool_down(self) -> None:
        """Only counted."""
        self.cooled_down += 1

    def answer(self, question: str, choice: int) -> None:
        """Remembered, and the question is gone."""
        self.answers.append((question, choice))
        self._tell(Asked(None))

    def emergency(self) -> None:
        """At once."""
        fault = Fault(code=FaultCode.EMERGENCY_STOP)
        self._end(Outcome.FAILED, Origin.FAULT, fault)
        self._tell(Disconnected(fault))

    def close(self) -> None:
        """Ends what runs."""
        self._end(Outcome.FAILED, Origin.FAULT, Fault(code=FaultCode.BRIDGE_STOPPED))

    # --- the hand ---

    def print_on(self, line: int = 0) -> None:
        """It is hot, and this many lines are done."""
        with self._lock:
            assert self.job is not None
            self._tell(Printing(self.job))
            self.measure(HOT, line)

    def measure(self, temperatures: Temperatures, line: int = 0) -> None:
        """What it tells once a second."""
        progress = None
        if self.job is not None:
            progress = Progress(line=line, lines=0, layer=0, layers=0, done=0.0, elapsed_s=0.0, remaining_s=None)
        self._tell(Measured(temperatures, progress, LinkHealth(lines_per_s=100.0)))

    def end_act(self, state: ActState = ActState.DONE, off_in_s: float | None = None) -> None:
        """The last act is done."""
        self._tell(Acted(self.acts[-1].kind, state, off_in_s=off_in_s))

    def finish(self) -> None:
        """The file is done."""
        self._end(Outcome.DONE, Origin.PRINTER, None)

    def fail(self, code: FaultCode) -> None:
        """The print is lost."""
        self._end(Outcome.FAILED, Origin.FAULT, Fault(code=code, detail="as the firmware says it"))

    def unplug(self) -> None:
        """The cable is pulled."""
        fault = Fault(code=FaultCode.PRINTER_MISSING, detail="no such device")
        self._end(Outcome.FAILED, Origin.FAULT, fault)
        self._tell(Disconnected(fault))

    def _end(self, outcome: Outcome, by: Origin, fault: Fault | None) -> None:
        with self._lock:
            if self.job is not None:
                job, self.job = self.job, None
                self._tell(Ended(job, outcome, by, fault))
