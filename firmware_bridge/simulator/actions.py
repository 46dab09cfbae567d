"""What can be done to the printer from outside while it runs: one word, and what belongs to it."""

from typing import Final

from firmware_bridge.simulator.bench import Action, Bench
from firmware_bridge.simulator.damage import Kind
from firmware_bridge.simulator.firmwares.form import Trouble
from firmware_bridge.simulator.handlers.people import show
from firmware_bridge.simulator.heaters import Fault

_REPLY: Final = "reply-"
_THERMAL: Final = {"runaway": Trouble.RUNAWAY, "slow": Trouble.HEATING_FAILED, "maxtemp": Trouble.MAXTEMP}


def _reset(bench: Bench, argument: str, wall: float) -> None:
    bench.board.power_on(wall, argument or "External Reset")


def _kill(bench: Bench, argument: str, wall: float) -> None:
    bench.board.halt(Trouble.KILL)


def _stop(bench: Bench, argument: str, wall: float) -> None:
    bench.board.halt(Trouble.STOP)


def _thermal(bench: Bench, argument: str, wall: float) -> None:
    heater, _, what = argument.partition(" ")
    trouble = _THERMAL.get(what or "runaway")
    if trouble is None:
        raise ValueError(f"'{what}' is none of {', '.join(_THERMAL)}")
    bench.board.halt(trouble, _is_bed(heater))


def _break(bench: Bench, argument: str, wall: float) -> None:
    heater, _, fault = argument.partition(" ")
    (bench.board.bed if _is_bed(heater) else bench.board.nozzle).break_with(Fault(fault or "no_power"))


def _mend(bench: Bench, argument: str, wall: float) -> None:
    bench.board.nozzle.break_with(Fault.NONE)
    bench.board.bed.break_with(Fault.NONE)


def _is_bed(name: str) -> bool:
    if name not in ("", "nozzle", "bed"):
        raise ValueError(f"'{name}' is not a heater; say nozzle or bed")
    return name == "bed"


def _hang(bench: Bench, argument: str, wall: float) -> None:
    bench.board.hung = True
    _put_off(bench, argument, wall, "wake")


def _wake(bench: Bench, argument: str, wall: float) -> None:
    bench.board.hung = False


def _mute(bench: Bench, argument: str, wall: float) -> None:
    bench.board.mute = True
    _put_off(bench, argument, wall, "unmute")


def _unmute(bench: Bench, argument: str, wall: float) -> None:
    bench.board.mute = False


def _unplug(bench: Bench, argument: str, wall: float) -> None:
    bench.plugged_in = False
    _put_off(bench, argument, wall, "plug")


def _plug(bench: Bench, argument: str, wall: float) -> None:
    bench.plugged_in = True


def _put_off(bench: Bench, seconds: str, wall: float, action: str) -> None:
    if seconds:
        bench.later(wall + float(seconds), action)


def _lose_ok(bench: Bench, argument: str, wall: float) -> None:
    bench.board.acknowledging.lose = int(argument or 1)


def _double_ok(bench: Bench, argument: str, wall: float) -> None:
    bench.board.acknowledging.double = int(argument or 1)


def _storm(bench: Bench, argument: str, wall: float) -> None:
    board = bench.board
    again = board.voice.resend(board.intake.checker.last_number, ok=board.acknowledging.resend_has_ok())
    board.say(again * int(argument or 10))


def _strike(kind: Kind, *, reply: bool) -> Action:
    def strike(bench: Bench, argument: str, wall: float) -> None:
        (bench.to_host if reply else bench.to_printer).strike(kind)

    return strike


def _rate(bench: Bench, argument: str, wall: float) -> None:
    name, _, number = argument.partition("=")
    rate = float(number)
    if name == "lose-ok":
        bench.board.acknowledging.lose_rate = rate
    elif name == "double-ok":
        bench.board.acknowledging.double_rate = rate
    else:
        damage = bench.to_host if name.startswith(_REPLY) else bench.to_printer
        damage.set_rate(Kind(name.removeprefix(_REPLY)), rate)


def _runout(bench: Bench, argument: str, wall: float) -> None:
    board = bench.board
    board.act(*board.firmware.runout)
    if "M600" not in board.firmware.lacks:
        board.inject(b"M600")


def _prompt(bench: Bench, argument: str, wall: float) -> None:
    question, *choices = argument.split("|")
    show(bench.board, question, *choices)
    bench.board.person.ask(question, tuple(choices), is_waited_for=False)


def _press(bench: Bench, argument: str, wall: float) -> None:
    board = bench.board
    if argument == "pause":
        board.act(*board.firmware.pause)
    elif argument == "resume":
        board.act(*board.firmware.resume)
    else:
        raise ValueError(f"'{argument}' is no button; say pause or resume")


def _continue(bench: Bench, argument: str, wall: float) -> None:
    bench.board.person.press_knob()


def _say(bench: Bench, argument: str, wall: float) -> None:
    bench.board.say(f"{argument}\n")


ACTIONS: Final[dict[str, Action]] = {
    "reset": _reset,
    "kill": _kill,
    "stop": _stop,
    "thermal": _thermal,
    "break": _break,
    "mend": _mend,
    "hang": _hang,
    "wake": _wake,
    "mute": _mute,
    "unmute": _unmute,
    "unplug": _unplug,
    "plug": _plug,
    "lose-ok": _lose_ok,
    "double-ok": _double_ok,
    "storm": _storm,
    "rate": _rate,
    "runout": _runout,
    "prompt": _prompt,
    "press": _press,
    "continue": _continue,
    "say": _say,
    **{kind.value: _strike(kind, reply=False) for kind in Kind},
    **{_REPLY + kind.value: _strike(kind, reply=True) for kind in Kind},
}

HELP: Final = """\
reset [REASON]         start anew, as by DTR or a brown-out ("reset Brown out Reset")
kill                   halt: last words, and what this firmware does then
stop                   stopped without a kill, as by a probe that fails: most still acknowledge
thermal [HEATER [WHAT]] the firmware's own protection trips (HEATER: nozzle or bed; WHAT: runaway, slow, maxtemp)
break HEATER [FAULT]   no_power, always_on or stuck_sensor
mend                   both heaters are well again
hang [S], wake         the firmware stands still (for S seconds); what arrives overflows
mute [S], unmute       nothing that it says reaches the host
unplug [S], plug       the cable
flip, drop, double, split, merge
                       the next line to the printer: one bit of one byte is another, a byte is lost or comes
                       twice, a line end appears in it, its line end is lost; reply-flip and so on: to the host
lose-ok [N], double-ok [N]
                       the next N oks are lost, or come twice
storm [N]              N Resends of the next line
rate KIND=P            from now on, each byte with probability P (KIND: flip to merge, reply-flip to reply-merge),
                       each ok (KIND: lose-ok, double-ok)
runout                 the filament has run out
prompt TEXT|A|B        the firmware asks; M876 S0 is A (status: last_choice)
press pause|resume     the button on the printer
continue               somebody presses the knob: yes, go on
say TEXT               the firmware says TEXT
status                 one JSON object, also with all that was counted"""
