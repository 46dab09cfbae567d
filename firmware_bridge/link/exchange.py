"""What the rules of one connection share: the lines, the clocks, what is known for sure. The rules: window.py."""

from typing import Final

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.link.dialects import MANNERS
from firmware_bridge.link.patience import FIRST_DOUBT_S, LEAST_DOUBT_S, Patience
from firmware_bridge.link.recovery import Recovery
from firmware_bridge.link.sending import Limits, Sending
from firmware_bridge.profile import Dialect

RENUMBER_AT: Final = 9_000_000
"""Numbers of seven digits are what the vet leaves room for in a line (gcode.read.FRAME_BYTES)."""


class Exchange:
    """`synced`: the printer counts as the host does. `proven`: every line before that number is surely done.

    `straggles`: of several fences one was answered, and nobody knows which. `fence_answered`: since the last line
    went. `fence_passed_over`: an ok came that only a line behind the oldest fence can have earned.
    """

    def __init__(self, dialect: Dialect, limits: Limits) -> None:
        self.manners = MANNERS[dialect]
        self.sending = Sending(self.manners, limits)
        self.reel = self.sending.reel
        self.recovery = Recovery(limits.baud)
        # Where a missing ok is the end, nobody is in a hurry to miss it.
        self.patience = Patience(LEAST_DOUBT_S if self.manners.checks_lines else FIRST_DOUBT_S)
        self.failure: Fault | None = None
        self.synced = False
        self.proven = 1
        self.straggles = False
        self.fence_answered = False
        self.fence_passed_over = False
        self.resends = 0
        self.timeouts = 0
        self.strays = 0

    @property
    def is_open(self) -> bool:
        """No hello, recovery or fence comes before what is new."""
        return (
            self.recovery.quiet_until is None
            and not self.sending.has_repeats
            and not self.sending.fence_due
            and not self.straggles
            and self.synced
            and self.failure is None
            and self.reel.next < RENUMBER_AT
        )

    # --- what goes ----------------------------------------------------------------------------------

    def sent(self, was_idle: bool, now: float) -> None:
        """Something new is in flight."""
        self.fence_answered = False
        if was_idle:
            self.patience.alive(now)
            self.restart_patience(now)

    def repeat(self, now: float) -> None:
        """The next of the lines that are to be sent again."""
        was_idle = not self.reel.lines
        self.sending.repeat()
        self.sent(was_idle, now)

    def fence(self, now: float) -> None:
        """A question whose answer nothing else can have earned."""
        was_idle = not self.reel.lines
        self.sending.fence(now)
        self.sent(was_idle, now)

    def proceed(self, now: float) -> None:
        """Send again what is to be sent again, and the fence behind it, as far as the window allows."""
        is_quiet = self.recovery.quiet_until is not None
        if is_quiet or self.straggles or self.failure is not None or not self.synced:
            return
        sending = self.sending
        while sending.has_repeats and sending.fits(sending.repeat_size):
            self.repeat(now)
        if sending.fence_due and not sending.has_repeats and sending.fits(sending.fence_size):
            self.fence(now)

    # --- the numbers --------------------------------------------------------------------------------

    def greeted(self) -> None:
        """The printer counts from 1."""
        self.synced = True
        self.sending.fence_due = self.sending.trials > 0
        if self.reel.next >= RENUMBER_AT:
            self.sending.restart()
            self.proven = 1
            self.sending.fence_due = True

    @property
    def has_spent_numbers(self) -> bool:
        """It is time to `count_anew`."""
        return self.reel.next >= RENUMBER_AT

    def count_anew(self, now: float) -> None:
        """Count from 1 again, when every line is surely done: some firmwares do so only when M110 is executed."""
        if self.reel.lines or self.recovery.quiet_until is not None or self.failure is not None:
            return
        if self.synced and self.proven < self.reel.next:
            self.fence(now)
        elif self.synced or now >= self.patience.doubt_at:
            self.count_recovery()
            self.synced = False
            self.sending.hello()
            self.patience.restart(now, unbounded=True)

    # --- what went wrong ----------------------------------------------------------------------------

    def restart_patience(self, now: float) -> None:
        """The next ok is awaited from now on."""
        self.patience.restart(now, self.sending.alone)

    def become_careful(self) -> None:
        """The wire has lost something: few lines, and a question soon."""
        self.sending.opening.trouble()
        self.patience.was_founded()
        self.sending.fence_due = True

    def count_recovery(self) -> None:
        """One more; too many are a failure."""
        if not self.recovery.count():
            self.fail("the connection loses too much: nothing gets through any more")

    def fail(self, detail: str) -> None:
        """Nothing more can be exact."""
        self.give_up(Fault(code=FaultCode.BAD_CONNECTION, detail=detail))

    def give_up(self, fault: Fault) -> None:
        """The first fault stays."""
        self.failure = self.failure or fault
        # With half a line before them, the last words would be refused.
        self.sending.out.erase()
