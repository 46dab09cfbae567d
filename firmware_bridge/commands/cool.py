"""`python -m firmware_bridge cool --port PATH`: heaters off, whatever state the printer was left in.

For the moment after the bridge has died, when nobody else speaks to the printer; needs none of its files.
"""

import argparse
import contextlib
import json
import select
import sys
import termios
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import msgspec
import serial

from firmware_bridge.config import ConfigError, load_local_config
from firmware_bridge.contract import Temperatures
from firmware_bridge.machine.cooling import Cooling, Verdict
from firmware_bridge.machine.plugged import resolve
from firmware_bridge.machine.port import (
    PortError,
    close_with_dtr_low,
    open_port,
    read_some,
    write_some,
)
from firmware_bridge.profile import Dialect, Profile, ProfileError, load_profile, profile_ids

TIMEOUT_S: Final = 8.0
OPEN_SHARE: Final = 0.3
"""Of the time, to open a port that a dying bridge still holds or that is just coming back."""
RETRY_S: Final = 0.1
TICK_S: Final = 0.05
DTR_LOW_S: Final = 0.25
USUAL_BAUDS: Final = (115_200, 250_000)
BAUD_S: Final = 0.9
"""So long at one speed without an intelligible word, then at the next."""
OFF, NOT_KNOWN, UNUSABLE = 0, 1, 2

_REMEDY: Final = "its heaters may be on: switch the printer off at the mains"
_WORDS: Final = {
    Verdict.COLD: "heaters off",
    Verdict.HALTED: "the printer has halted, its heaters are off; switched off and on, it may print again",
    Verdict.RESTARTED: "the printer has started anew, its heaters are off",
}


@dataclass(frozen=True)
class Target:
    """Which printer; `bauds` in the order of likelihood. `profile` is None where nobody said."""

    port: str
    bauds: tuple[int, ...]
    profile: Profile | None

    @property
    def dialect(self) -> Dialect:
        """Most speak as Marlin does."""
        return self.profile.dialect if self.profile else Dialect.MARLIN

    @property
    def resets_on_dtr(self) -> bool:
        """A board that nobody knows may well do so, and takes no harm otherwise."""
        return self.profile is None or self.profile.resets_on_open


@dataclass(frozen=True)
class Report:
    """What `--json` prints. `outcome`: a Verdict, `no_port` or `held`; `escalations`: M410, M112, DTR."""

    outcome: str
    text: str
    seconds: float
    temperatures: Temperatures | None = None
    escalations: tuple[str, ...] = ()

    @property
    def is_off(self) -> bool:
        """The heaters are known to be off."""
        return self.outcome in {verdict.value for verdict in _WORDS}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--port or --config, --baud, --profile, --timeout, --json."""
    parser.description = (
        "Switch the heaters off, whatever state the printer was left in: M104 S0 and M140 S0; M112 where that "
        "does not help; then a reset by DTR. Nothing else may have the port open. Exit 0 only when the heaters "
        "are known to be off, else 1."
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", metavar="PATH", help="the printer; see the command `ports`")
    where.add_argument("--config", type=Path, metavar="FILE", help="port, baud and profile as the bridge has them")
    parser.add_argument("--baud", type=int, metavar="N", help="tried first (default: the profile's)")
    parser.add_argument("--profile", metavar="ID", help=f"one of: {', '.join(profile_ids())}")
    parser.add_argument(
        "--timeout", type=float, default=TIMEOUT_S, metavar="S", help="for all of it (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def main(args: argparse.Namespace) -> int:
    """Returns 0 when the heaters are known to be off, 1 when not, 2 for wrong arguments."""
    try:
        target = _target(args)
    except (ProfileError, ConfigError) as error:
        print(f"cool: {error}", file=sys.stderr)
        return UNUSABLE
    report = cool(target, args.timeout)
    if args.json:
        print(json.dumps(asdict(report) | {"temperatures": msgspec.to_builtins(report.temperatures)}), flush=True)
    else:
        print(report.text, file=sys.stdout if report.is_off else sys.stderr, flush=True)
    return OFF if report.is_off else NOT_KNOWN


def cool(target: Target, timeout_s: float) -> Report:
    """From opening to closing the port, in about `timeout_s` at most."""
    began = time.monotonic()
    try:
        port = _open(target, target.bauds[0], began + OPEN_SHARE * timeout_s)
        left_s = began + timeout_s - time.monotonic()
        cooling = Cooling(target.dialect, time.monotonic(), left_s, resets_on_dtr=target.resets_on_dtr)
        _Conversation(target, port, cooling).hold()
    except PortError as error:
        outcome = "held" if error.is_held else "no_port"
        return Report(
            outcome, f"{error.fault.detail}; nothing could be said to the printer, {_REMEDY}", _since(began)
        )
    return _report(target, cooling, _since(began))


class _Conversation:
    """The descriptor and the clock around a Cooling."""

    def __init__(self, target: Target, port: serial.Serial, cooling: Cooling) -> None:
        self._target = target
        self._port = port
        self._cooling = cooling
        self._attempt = 0
        self._speed_since = time.monotonic()

    def hold(self) -> None:
        """Until there is a verdict. Raises PortError when the port goes away."""
        pending = b""
        while self._cooling.verdict is None:
            if self._is_wrong_speed():
                pending = b""
                self._try_next_speed()
            pending = write_some(self._port.fd, pending + self._cooling.outgoing())
            if self._cooling.take_reset():
                pending = b""
                self._pulse_dtr()
            self._listen()
        write_some(self._port.fd, pending + self._cooling.outgoing())
        if self._cooling.verdict is Verdict.UNKNOWN:
            # A device that takes nothing would hold up the close for half a minute.
            self._port.reset_output_buffer()
        self._port.close()

    def _is_wrong_speed(self) -> bool:
        return (
            len(self._target.bauds) > 1
            and not self._cooling.has_understood
            and time.monotonic() - self._speed_since >= BAUD_S
        )

    def _try_next_speed(self) -> None:
        self._attempt += 1
        self._speed_since = time.monotonic()
        with contextlib.suppress(OSError, ValueError, termios.error):
            self._port.baudrate = self._baud
        self._cooling.begin_anew()

    @property
    def _baud(self) -> int:
        return self._target.bauds[self._attempt % len(self._target.bauds)]

    def _listen(self) -> None:
        data: bytes | None = b""
        if select.select([self._port.fd], [], [], TICK_S)[0]:
            data = read_some(self._port.fd)
        if data is None:
            self._reopen()
        if data:
            self._cooling.receive(data, time.monotonic())
        else:
            self._cooling.tick(time.monotonic())

    def _pulse_dtr(self) -> None:
        close_with_dtr_low(self._port)
        time.sleep(DTR_LOW_S)
        self._reopen()

    def _reopen(self) -> None:
        """Also after a reset that has taken the device off the bus for a moment."""
        self._port.close()
        self._port = _open(self._target, self._baud, time.monotonic() + OPEN_SHARE * TIMEOUT_S)


def _open(target: Target, baud: int, until: float) -> serial.Serial:
    """Try again for a while. Raises PortError."""
    while True:
        try:
            profiles = (target.profile,) if target.profile else ()
            return open_port(resolve(target.port, profiles), baud)
        except PortError:
            if time.monotonic() >= until:
                raise
        time.sleep(RETRY_S)


def _target(args: argparse.Namespace) -> Target:
    """Raises ProfileError and ConfigError."""
    if args.config is not None:
        config = load_local_config(args.config)
        return Target(config.port, _bauds(args.baud, config.baud, *config.profile.bauds), config.profile)
    profile = load_profile(args.profile) if args.profile else None
    return Target(args.port, _bauds(args.baud, *(profile.bauds if profile else USUAL_BAUDS)), profile)


def _bauds(*wanted: int | None) -> tuple[int, ...]:
    """Each once, the likeliest first."""
    return tuple(dict.fromkeys(baud for baud in wanted if baud))


def _report(target: Target, cooling: Cooling, seconds: float) -> Report:
    verdict = cooling.verdict or Verdict.UNKNOWN
    if verdict is not Verdict.UNKNOWN:
        said = _WORDS[verdict]
    elif cooling.has_heard:
        said = f"what answers there did not say that its heaters are off; {_REMEDY}"
    else:
        said = f"the printer does not answer; {_REMEDY}"
    text = f"{target.port}: {said} ({_tried(cooling)}{seconds:.1f} s)"
    return Report(verdict.value, text, seconds, cooling.temperatures, tuple(cooling.escalations))


def _tried(cooling: Cooling) -> str:
    measured = cooling.temperatures
    words = [f"after {', '.join(cooling.escalations)}"] if cooling.escalations else []
    if measured.nozzle_c is not None:
        words.append(f"nozzle {measured.nozzle_c:.0f} °C")
    if measured.bed_c is not None:
        words.append(f"bed {measured.bed_c:.0f} °C")
    return "".join(f"{word}, " for word in words)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
