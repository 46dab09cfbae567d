"""What can be done to the printer from outside while it runs: one text line, one answer."""

import json
from collections.abc import Callable
from typing import Final

from firmware_bridge.simulator.firmware import Firmware
from firmware_bridge.simulator.heaters import Fault
from firmware_bridge.simulator.wire import Noise


class Bench:
    """The printer on the bench. `plugged_in` is obeyed by the terminal."""

    def __init__(self, firmware: Firmware, noise: Noise) -> None:
        self.firmware = firmware
        self.noise = noise
        self.plugged_in = True

    def obey(self, line: str, wall: float) -> str:
        """Do what one line asks; returns `ok`, a JSON object (status) or `error: ...`."""
        name, _, argument = line.strip().partition(" ")
        action = _ACTIONS.get(name)
        if action is None:
            return f"error: there is no '{name}'; there are: {', '.join(sorted(_ACTIONS))}"
        try:
            return action(self, argument.strip(), wall) or "ok"
        except ValueError as error:
            return f"error: {name}: {error}"

    def status(self) -> dict[str, object]:
        """What a test wants to know."""
        firmware = self.firmware
        x, y, z, e = firmware.motion.position
        return {
            "booting": firmware.booting,
            "dead": firmware.dead,
            "nozzle_c": round(firmware.nozzle.reading_c, 2),
            "nozzle_target_c": firmware.nozzle.target_c,
            "bed_c": round(firmware.bed.reading_c, 2),
            "bed_target_c": firmware.bed.target_c,
            "x": round(x, 3),
            "y": round(y, 3),
            "z": round(z, 3),
            "e": round(e, 3),
            "waits_for_user": firmware.waits_for_user,
        } | self.statistics()

    def statistics(self) -> dict[str, object]:
        """What was counted since the start."""
        firmware = self.firmware
        return {
            "executed": firmware.executed_count,
            "resends": firmware.intake.resends,
            "overflowed_bytes": firmware.intake.overflowed_bytes,
            "corrupted_bytes": self.noise.corrupted,
            "runs_dry": firmware.motion.runs_dry,
            "dry_longest_s": round(firmware.motion.dry_longest_s, 3),
            "starts": firmware.starts,
        }


def _reset(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.power_on(wall, f" {argument}" if argument else " External Reset")


def _kill(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.kill()


def _thermal(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.thermal_error("Thermal Runaway", _is_bed(argument))


def _break(bench: Bench, argument: str, wall: float) -> None:
    heater, _, fault = argument.partition(" ")
    firmware = bench.firmware
    (firmware.bed if _is_bed(heater) else firmware.nozzle).break_with(Fault(fault or "no_power"))


def _mend(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.nozzle.break_with(Fault.NONE)
    bench.firmware.bed.break_with(Fault.NONE)


def _is_bed(name: str) -> bool:
    if name not in ("", "nozzle", "bed"):
        raise ValueError(f"'{name}' is not a heater; say nozzle or bed")
    return name == "bed"


def _hang(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.hung = True


def _wake(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.hung = False


def _mute(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.mute = True


def _unmute(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.mute = False


def _drop_ok(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.lose_oks = int(argument or 1)


def _noise(bench: Bench, argument: str, wall: float) -> None:
    bench.noise.set(float(argument or 0))


def _runout(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.say("//action:out_of_filament T0\n//action:paused\n")
    bench.firmware.inject(b"M600")


def _continue(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.user_continues = True


def _say(bench: Bench, argument: str, wall: float) -> None:
    bench.firmware.say(f"{argument}\n")


def _unplug(bench: Bench, argument: str, wall: float) -> None:
    bench.plugged_in = False


def _plug(bench: Bench, argument: str, wall: float) -> None:
    bench.plugged_in = True


def _status(bench: Bench, argument: str, wall: float) -> str:
    return json.dumps(bench.status())


_ACTIONS: Final[dict[str, Callable[[Bench, str, float], str | None]]] = {
    "reset": _reset,
    "kill": _kill,
    "thermal": _thermal,
    "break": _break,
    "mend": _mend,
    "hang": _hang,
    "wake": _wake,
    "mute": _mute,
    "unmute": _unmute,
    "drop-ok": _drop_ok,
    "noise": _noise,
    "runout": _runout,
    "continue": _continue,
    "say": _say,
    "unplug": _unplug,
    "plug": _plug,
    "status": _status,
}

HELP: Final = """\
reset [REASON]         start anew, as by DTR or a brown-out ("reset Brown out Reset")
kill                   halt: last words, then silence until a reset
thermal [HEATER]       the firmware's own protection trips (HEATER: nozzle or bed)
break HEATER [FAULT]   no_power, always_on or stuck_sensor
mend                   both heaters are well again
hang, wake             the firmware stands still; what arrives overflows
mute, unmute           nothing that it says reaches the host
drop-ok [N]            the next N oks are lost
noise N                one byte in N is corrupted (0: none)
runout                 the filament has run out
continue               somebody presses the knob
say TEXT               the firmware says TEXT
unplug, plug           the cable
status                 one JSON object"""
