"""The machine on a serial port: the one thread that owns the descriptor and touches no disk, no log, no MQTT."""

import contextlib
import select
import socket
import termios
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from firmware_bridge.contract import Fault, FaultCode, Origin
from firmware_bridge.machine.interface import Act, Disconnected, Ended, EventHandler, MachineEvent, Outcome
from firmware_bridge.machine.plugged import resolve
from firmware_bridge.machine.port import PortError, close_with_dtr_low, open_port, read_some, write_some
from firmware_bridge.machine.printer import Confirmed, Printer
from firmware_bridge.machine.priority import come_first
from firmware_bridge.machine.read_ahead import ReadAhead
from firmware_bridge.profile import Profile

TICK_S: Final = 0.1
RETRY_S: Final = (0.5, 1.0, 2.0, 5.0)
CLOSE_S: Final = 5.0
ALIVE_S: Final = 0.5
"""The thread goes round at least every TICK_S; after so long without it hangs."""


class SerialMachine:
    """`machine.Machine` on a serial port; `auto`: on the one printer that is plugged in.

    Give several profiles to let M115 choose among them.
    """

    def __init__(
        self,
        port: str | Path,
        profile: Profile | Sequence[Profile],
        handler: EventHandler,
        baud: int | None = None,
        confirmed: Confirmed = lambda _unproven: False,
    ) -> None:
        self._port = str(port)
        self._confirmed = confirmed
        self._profiles = (profile,) if isinstance(profile, Profile) else tuple(profile)
        self._bauds = (baud,) if baud else tuple(dict.fromkeys(b for p in self._profiles for b in p.bauds))
        self._handler = handler
        self._requests: deque[Callable[[Printer | None], None]] = deque()
        self._waker, self._wakened = socket.socketpair()
        self._waker.setblocking(False)
        self._wakened.setblocking(False)
        self._is_closing = False
        self._closing_at = self._close_by = 0.0
        self._round_at = 0.0
        self._source: ReadAhead | None = None
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)

    # --- Machine ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """See Machine.start."""
        self._round_at = time.monotonic()
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """See Machine.is_alive."""
        return time.monotonic() - self._round_at < ALIVE_S

    def print_file(self, job: str, path: Path) -> None:
        """See Machine.print_file."""
        self._ask(lambda printer: self._begin(printer, job, path))

    def pause(self, by: Origin) -> None:
        """See Machine.pause."""
        self._tell(lambda printer: printer.pause(by))

    def resume(self) -> None:
        """See Machine.resume."""
        self._tell(lambda printer: printer.resume())

    def cancel(self, by: Origin) -> None:
        """See Machine.cancel."""
        self._tell(lambda printer: printer.cancel(by))

    def act(self, act: Act) -> None:
        """See Machine.act."""
        self._tell(lambda printer: printer.act(act))

    def cool_down(self) -> None:
        """See Machine.cool_down."""
        self._tell(lambda printer: printer.cool_down())

    def answer(self, question: str, choice: int) -> None:
        """See Machine.answer."""
        self._tell(lambda printer: printer.answer(question, choice))

    def emergency(self) -> None:
        """See Machine.emergency."""
        self._tell(lambda printer: printer.emergency())

    def close(self) -> None:
        """See Machine.close."""
        self._is_closing = True
        self._wake()
        if self._thread.is_alive():
            self._thread.join()
        self._drop_source()

    def _tell(self, request: Callable[[Printer], None]) -> None:
        def tell(printer: Printer | None) -> None:
            if printer is not None:
                request(printer)

        self._ask(tell)

    def _ask(self, request: Callable[[Printer | None], None]) -> None:
        self._requests.append(request)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._waker.send(b"\0")

    # --- the thread ------------------------------------------------------------------------------------

    def _run(self) -> None:
        come_first()
        attempt = 0
        poller = select.poll()
        poller.register(self._wakened, select.POLLIN)
        while not self._is_closing:
            was_met = False
            try:
                was_met = self._connect(poller, self._bauds[attempt % len(self._bauds)])
            except PortError as error:
                self._handler(Disconnected(error.fault))
            attempt = 0 if was_met else attempt + 1
            self._rest(poller, RETRY_S[min(attempt, len(RETRY_S) - 1)])

    def _connect(self, poller: select.poll, baud: int) -> bool:
        """One connection from open to close; whether the printer was met."""
        path = resolve(self._port, self._profiles)
        port = open_port(path, baud)
        descriptor: int = port.fd
        printer = Printer(self._profiles, path, baud, time.monotonic(), self._confirmed)
        poller.register(descriptor, select.POLLIN)
        try:
            self._converse(poller, descriptor, printer)
        finally:
            poller.unregister(descriptor)
            if printer.wants_reset:
                close_with_dtr_low(port)
            else:
                with contextlib.suppress(OSError, termios.error):
                    port.close()
            self._hand_on(printer.take_events())
            self._drop_source()
        return printer.profile is not None

    def _converse(self, poller: select.poll, descriptor: int, printer: Printer) -> None:
        clock = time.monotonic
        pending = b""
        timeout_ms = 0.0
        while True:
            data: bytes | None = b""
            for ready, _ in poller.poll(timeout_ms):
                if ready == descriptor:
                    data = read_some(descriptor)
                else:
                    self._take_requests(printer)
            now = self._round_at = clock()
            if data and printer.take_oks(data, now):
                pending = self._send(poller, descriptor, printer, pending)
                printer.prepare()
                timeout_ms = TICK_S * 1000.0
                continue
            if data:
                printer.receive(data, now)
            elif data is None:
                printer.lose(Fault(code=FaultCode.PRINTER_MISSING, detail=f"{self._port}: unplugged"))
            else:
                printer.tick(now)
            pending = self._send(poller, descriptor, printer, pending)
            events = printer.take_events()
            if events:
                self._hand_on(events)
            if printer.is_over or (self._is_closing and self._may_close(printer, now)):
                write_some(descriptor, printer.outgoing())
                return
            timeout_ms = _timeout_s(printer.deadline(), now) * 1000.0

    def _send(self, poller: select.poll, descriptor: int, printer: Printer, pending: bytes) -> bytes:
        """Write what can be written and return the rest, to be finished as soon as the port takes it."""
        rest = write_some(descriptor, pending + printer.outgoing())
        if bool(rest) != bool(pending):
            poller.modify(descriptor, select.POLLIN | select.POLLOUT if rest else select.POLLIN)
        return rest

    def _may_close(self, printer: Printer, now: float) -> bool:
        """The bridge stops: the job is ended first, for a few seconds at most."""
        if not self._closing_at:
            self._closing_at = now
            self._close_by = now + CLOSE_S if printer.shut_down() else now
        if now < self._close_by and not printer.has_rest:
            return False
        printer.lose(Fault(code=FaultCode.BRIDGE_STOPPED, detail="the bridge was stopped"))
        return True

    def _hand_on(self, events: list[MachineEvent]) -> None:
        for event in events:
            if isinstance(event, Ended):
                self._drop_source()
            self._handler(event)

    def _take_requests(self, printer: Printer | None) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wakened.recv(4096):
                pass
        while self._requests:
            self._requests.popleft()(printer)

    def _begin(self, printer: Printer | None, job: str, path: Path) -> None:
        if printer is None:
            fault = Fault(code=FaultCode.PRINTER_MISSING, detail=f"{self._port}: no printer there")
            self._handler(Ended(job, Outcome.FAILED, Origin.FAULT, fault))
            return
        source = ReadAhead(path, self._wake)
        if not printer.is_printing:
            self._drop_source()
            self._source = source
        printer.print(job, source)

    def _drop_source(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def _rest(self, poller: select.poll, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._is_closing and (left := until - time.monotonic()) > 0:
            self._round_at = time.monotonic()
            if poller.poll(min(left, TICK_S) * 1000.0):
                self._take_requests(None)


def _timeout_s(deadline: float | None, now: float) -> float:
    """How long nothing needs to be done, at most a tick."""
    return TICK_S if deadline is None else min(TICK_S, max(0.0, deadline - now))
