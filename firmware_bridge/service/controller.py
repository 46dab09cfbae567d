"""The service's one thread: it owns what the bridge knows and takes one action after another from its inbox.

Printer, socket, region, intake and writer run on threads of their own and only leave actions here. Nothing here
waits: what touches the disk goes to the writer or the intake, what touches the printer returns at once.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from firmware_bridge.contract import AlertCode, EventType, Host, Info, State
from firmware_bridge.jobs import life, turns
from firmware_bridge.jobs.files import JobFiles
from firmware_bridge.jobs.intake import Intake
from firmware_bridge.journal.journal import Journal, NewEvent
from firmware_bridge.machine.confirmations import Confirmations
from firmware_bridge.machine.interface import EventHandler, Machine
from firmware_bridge.service import alerts, wellbeing
from firmware_bridge.service.access import Access
from firmware_bridge.service.clock import Clock, Trust
from firmware_bridge.service.closing import ClosingWatch
from firmware_bridge.service.desk import Desk
from firmware_bridge.service.ledger import Action, Ledger
from firmware_bridge.service.library import Library
from firmware_bridge.service.log_tail import LogTail
from firmware_bridge.service.opinions import Opinions
from firmware_bridge.service.pins import PinStore
from firmware_bridge.service.printer_events import PrinterEvents
from firmware_bridge.service.printer_verbs import PrinterVerbs
from firmware_bridge.service.queueing import Queueing
from firmware_bridge.service.reporter import Outlets, Reporter
from firmware_bridge.service.situation import ENDED_KEPT, Situation
from firmware_bridge.service.upkeep import Upkeep
from firmware_bridge.service.verbs import Verbs
from firmware_bridge.service.watchman import Watchman

log = logging.getLogger(__name__)

TICK_S: Final = 1.0
DISK_CHECK_S: Final = 10.0
CLEANING_S: Final = 3600.0
KEEP_FILES_S: Final = 7 * 24 * 3600.0
"""A visitor's text lives in a job's files: never longer than that."""


class Controller:
    """Doors call `verbs` and others in actions that they `post`. `alive` is called about once a second, as long as
    both this thread and the machine's go round."""

    def __init__(
        self,
        *,
        info: Info,
        journal: Journal,
        files: JobFiles,
        intake: Intake,
        outlets: Outlets,
        make_machine: Callable[[EventHandler], Machine],
        pins: PinStore,
        library: Library,
        alive: Action,
        clock: Clock,
        confirmations: Confirmations,
    ) -> None:
        self._files = files
        self._intake = intake
        self._alive = alive
        self._inbox: queue.SimpleQueue[Action] = queue.SimpleQueue()
        now_s = clock.monotonic_s()
        self._situation = Situation(
            board=journal.board(),
            since_s=now_s,
            alerts=journal.alerts(),
            health=wellbeing.still_open(journal.alerts()),
            standing=journal.standing,
            ended={job.id: job for job in journal.ended_jobs(ENDED_KEPT)},
        )
        info = replace(info, spool=journal.standing.spool or info.spool)
        self.ledger = Ledger(self._situation, journal, files, clock, self.post)
        self._reporter = Reporter(info, outlets, clock)
        printer_events = PrinterEvents(self.ledger)
        self._machine = make_machine(lambda event: self.post(lambda: printer_events.handle(event)))
        rules = library.rules
        self.verbs = Verbs(self.ledger, intake, self._machine, rules)
        self.queueing = Queueing(self.ledger)
        self.opinions = Opinions(self.ledger, self.verbs)
        self.desk = Desk(self.ledger, self._reporter)
        self.upkeep = Upkeep(self.ledger, self.verbs, self._machine, library.caps)
        self.access = Access(self.ledger, pins)
        self.log_tail = LogTail()
        trust = Trust(clock, always=rules.trust_clock)
        self._closing = ClosingWatch(self.ledger, self._machine, library.hours, rules, trust)
        self.printer_verbs = PrinterVerbs(self.ledger, self._machine, confirmations)
        self._watchman = Watchman(self.ledger)
        self._watchers: list[Action] = []
        self._stop_reason: str | None = None
        self._next_disk_check_s = self._next_cleaning_s = now_s
        self._thread = threading.Thread(target=self._run, name="controller")

    # --- from any thread ---

    def start(self) -> None:
        """Take up what the journal holds, look for the printer, and go on until `close`."""
        logging.getLogger("firmware_bridge").addHandler(self.log_tail)
        self._files.erase_others(self._situation.board.job_ids)
        self.ledger.writer.start()
        self._thread.start()

    def remember_cursor(self, seq: int) -> None:
        """The region has recorded all events up to that number."""
        self.ledger.writer.put(lambda: self.ledger.journal.set_cursor(seq))

    def machine_measured(self, host: Host, withdrawn: str) -> None:
        """The kiosk's own machine, and the version of ours that was taken back on it ("" for none)."""

        def keep() -> None:
            self._situation.host, self._situation.withdrawn = host, withdrawn

        self.post(keep)

    def post(self, action: Action) -> None:
        """Have `action` run on the controller's thread."""
        self._inbox.put(action)

    def close(self, reason: str) -> None:
        """End the running print safely, write everything down, join the thread."""

        def stop() -> None:
            self._stop_reason = reason

        self.post(stop)
        self._thread.join()
        logging.getLogger("firmware_bridge").removeHandler(self.log_tail)

    # --- on the thread ---

    def watch(self, watcher: Action) -> None:
        """Have `watcher` called after each action. Before `start`."""
        self._watchers.append(watcher)

    @property
    def info(self) -> Info:
        """Who we are."""
        return self._reporter.info

    @property
    def state(self) -> State:
        """The whole snapshot."""
        return self._reporter.state(self._situation)

    def _run(self) -> None:
        self._guarded(self._take_up)
        self._machine.start()
        next_tick_s = self.ledger.now_s()
        while self._stop_reason is None:
            action = self._next_action(next_tick_s - self.ledger.now_s())
            if action is None:
                action = self._tick
                next_tick_s = self.ledger.now_s() + TICK_S
            self._guarded(action)
        self._shut_down(self._stop_reason)

    def _next_action(self, wait_s: float) -> Action | None:
        """None when it is time for a tick, however much is waiting."""
        if wait_s <= 0:
            return None
        try:
            return self._inbox.get(timeout=wait_s)
        except queue.Empty:
            return None

    def _guarded(self, action: Action) -> None:
        """A mistake in one action must not end the service."""
        try:
            action()
            if self.ledger.review_alerts():
                self._reporter.tell_alerts(self._situation)
            self._reporter.tell_changes(self._situation)
            for watcher in self._watchers:
                watcher()
        except Exception:
            log.exception("an action failed; going on")

    def _take_up(self) -> None:
        known = {alert.code: alert for alert in self._situation.alerts}
        for code in (AlertCode.PRINTER_MISSING, AlertCode.PRINTER_FAULT):
            if code in known:  # it stands until the printer shows itself, and is not raised a second time
                self._situation.fault = known[code].fault
                self._situation.since_s -= alerts.MISSING_AFTER_S
        fault = self._situation.fault
        if fault is not None and fault.code.is_latched:
            self._situation.latched = fault
        data = {"session": self.info.session, "software": self.info.software}
        self.ledger.record(NewEvent(EventType.BRIDGE_STARTED, data=data))
        self._closing.look()
        board = self._situation.board
        self.ledger.apply(life.restored(board, self.ledger.now_ms(), self.ledger.now_s()))
        self._reporter.tell_alerts(self._situation)

    def _shut_down(self, reason: str) -> None:
        self._guarded(self.verbs.close)
        self._machine.close()
        self._intake.close()
        self.access.close()
        while not self._inbox.empty():
            self._guarded(self._inbox.get())
        self.ledger.record(NewEvent(EventType.BRIDGE_STOPPED, data={"reason": reason}))
        self.ledger.writer.close()

    # --- once a second ---

    def _tick(self) -> None:
        now_s = self.ledger.now_s()
        if self._machine.is_alive:
            self._alive()
        self._closing.tick()
        self._watchman.tick(now_s)
        self._pass_turns(now_s)
        if now_s >= self._next_disk_check_s:
            self._next_disk_check_s = now_s + DISK_CHECK_S
            self._situation.disk_has_room = self._files.has_room()
        if now_s >= self._next_cleaning_s:
            self._next_cleaning_s = now_s + CLEANING_S
            self._clean(self.ledger.now_ms())
        self._reporter.tell_figures(self._situation)

    def _pass_turns(self, now_s: float) -> None:
        situation = self._situation
        is_closed = situation.today is not None and not situation.today.is_open
        is_usable = situation.connected and situation.latched is None
        if is_usable and situation.standing.out_of_order is None and not is_closed:
            self.ledger.apply(turns.pass_turn(situation.board, now_s, self.ledger.now_ms()))
        else:
            situation.board = turns.restart_turn(situation.board, now_s)

    def _clean(self, now_ms: int) -> None:
        before_ms = now_ms - round(KEEP_FILES_S * 1000)
        self.ledger.apply(turns.drop_old(self._situation.board, before_ms, self.ledger.now_s(), now_ms))
        running = self._situation.board.running
        for job in self._files.older_than(KEEP_FILES_S):
            if running is None or job != running.id:
                self.ledger.erase_files(job)
        self.ledger.writer.put(lambda: self.ledger.journal.prune(now_ms))
        self.ledger.writer.put(self.ledger.journal.keep_reserve)
