"""From an open port to a known printer: wake it, count from one, ask who it is, make it safe. Pure."""

from collections.abc import Callable, Sequence
from typing import Final

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.link.dialects import MANNERS, dialect_of
from firmware_bridge.link.window import Limits, Link
from firmware_bridge.machine.console import Console, Procedure
from firmware_bridge.profile import Dialect, Profile, ThermalProtection

BOOT_S: Final = 12.0
"""From the reset that opening the port causes to the first answer; bootloaders and Prusa's self-tests included."""
QUIET_S: Final = 0.3
HELLO_S: Final = 1.5
ANSWER_S: Final = 5.0
RX_MARGIN_BYTES: Final = 1
"""A ring buffer of n bytes holds n - 1."""
FREE_COMMANDS: Final = 1
"""Without an emergency parser M108 and M112 act when they are read, and a full command queue reads nothing."""
PROTECTION: Final = "THERMAL_PROTECTION"


Confirmed = Callable[[str, str], bool]
"""Whether a technician has vouched for (profile, firmware)."""


class HandshakeError(Exception):
    """This printer cannot be used; `fault` says why. `unproven`: the firmware that a technician may vouch for."""

    def __init__(self, fault: Fault, unproven: str = "") -> None:
        super().__init__(fault.detail)
        self.fault = fault
        self.unproven = unproven


def link_for(profile: Profile, baud: int, dialect: Dialect | None = None) -> Link:
    """A fresh link as this printer can bear it; `dialect` where the firmware has said another than the profile."""
    limits = Limits(
        bytes=profile.rx_buffer_bytes - RX_MARGIN_BYTES, lines=profile.command_buffer - FREE_COMMANDS, baud=baud
    )
    return Link(dialect or profile.dialect, limits)


def shake_hands(console: Console, profiles: Sequence[Profile], baud: int, confirmed: Confirmed) -> Procedure[None]:
    """Ends with `console.profile` set, temperatures coming in and both heaters off.

    Raises HandshakeError. The printer is silent for all bauds but one: PRINTER_SILENT says to try the next.
    """
    yield from _meet(console, baud)
    console.profile = _known(console, profiles)
    _check_protection(console, confirmed)
    said = dialect_of(console.identity.firmware)
    fitting = link_for(console.profile, baud, said)
    if (fitting.limits, fitting.dialect) != (console.link.limits, console.link.dialect):
        yield from _meet(console, baud, said)
    # Where M105's answer stands on a line of its own, a report that nobody asked for would be taken for it.
    reports = console.identity.capabilities.get("AUTOREPORT_TEMP", False)
    console.reports_by_itself = reports and not MANNERS[console.link.dialect].reports_apart
    if console.reports_by_itself:
        console.say(b"M155 S1")
    yield from console.until_done()
    # Whoever heated it, a bridge that was killed perhaps: nothing is hot without a job.
    if console.temperatures.nozzle_target_c != 0.0:
        console.say(b"M104 S0")
    if console.temperatures.bed_target_c != 0.0:
        console.say(b"M140 S0")
    yield from console.until_done()


def _meet(console: Console, baud: int, dialect: Dialect | None = None) -> Procedure[None]:
    """Greet until the printer has counted from one and said who it is; in its own dialect, once that is known."""
    deadline = console.now + BOOT_S
    while console.now < deadline:
        yield from console.until_quiet(QUIET_S, at_most_s=ANSWER_S)
        console.forget()
        console.has_started = False
        console.link = link_for(console.profile, baud, dialect)
        console.link.hello(console.now)
        greeted = yield from console.until(lambda: console.link.synced or console.has_started, HELLO_S)
        if not greeted or console.has_started:
            continue
        asked = console.until_done()
        console.say(b"M115")
        if (yield from _within(console, asked, ANSWER_S)) and console.identity.fields:
            return
        dialect = dialect_of(console.identity.firmware) or dialect
    detail = "what answers there does not speak as a printer does" if console.has_heard else "no answer"
    raise HandshakeError(Fault(code=FaultCode.PRINTER_SILENT, detail=detail))


def _within(console: Console, procedure: Procedure[None], timeout_s: float) -> Procedure[bool]:
    """Whether the procedure ended in time, before a restart, a failure, or the name of another dialect."""
    deadline = console.now + timeout_s
    for _ in procedure:
        said = dialect_of(console.identity.firmware)
        is_stranger = said is not None and said is not console.link.dialect
        if console.now >= deadline or console.has_started or console.link.failure is not None or is_stranger:
            return False
        yield
    return True


def _known(console: Console, profiles: Sequence[Profile]) -> Profile:
    said = console.identity.text
    for profile in profiles:
        if any(name.lower() in said.lower() for name in profile.machine_names):
            return profile
    wanted = ", ".join(name for profile in profiles for name in profile.machine_names)
    detail = f"the printer calls itself '{console.identity.fields.get('MACHINE_TYPE', said)}'; expected: {wanted}"
    raise HandshakeError(Fault(code=FaultCode.WRONG_PRINTER, detail=detail))


def _check_protection(console: Console, confirmed: Confirmed) -> None:
    """What the firmware says counts; where it says nothing, what the profile or a technician knows."""
    reported = console.identity.capabilities.get(PROTECTION)
    if reported is False:
        detail = "the firmware says that it has no thermal protection; the printer needs another firmware"
        raise HandshakeError(Fault(code=FaultCode.UNSAFE_FIRMWARE, detail=detail))
    profile, firmware = console.profile, console.identity.firmware
    if reported or profile.thermal_protection is ThermalProtection.KNOWN or confirmed(profile.id, firmware):
        return
    detail = (
        f"'{firmware}' does not say whether it has thermal protection (M115 lists no such capability):"
        " a technician must look it up and confirm it once at the kiosk, or the printer needs another firmware"
    )
    raise HandshakeError(Fault(code=FaultCode.UNSAFE_FIRMWARE, detail=detail), unproven=firmware)
