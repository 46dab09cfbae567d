"""One function a command. It returns None when it is through, or a generator while it takes time."""

import re
from typing import Final

from firmware_bridge.simulator.firmware import Firmware, Handler, Wait
from firmware_bridge.simulator.heaters import Heater

EXTRUDE_MIN_C: Final = 170.0
EXTRUDE_MAX_MM: Final = 200.0
_HOMING_S: Final = 8.0
_MESH_S: Final = 45.0
_NUMBER: Final = rb"(-?\d*\.?\d*)"
_MOVE: Final = re.compile(
    rb"G[01](?: X" + _NUMBER + rb")?(?: Y" + _NUMBER + rb")?(?: Z" + _NUMBER + rb")?"
    rb"(?: E" + _NUMBER + rb")?(?: F" + _NUMBER + rb")?"
)
_WORD: Final = re.compile(rb"([A-Z])\s*([-+]?(?:\d+\.?\d*|\.\d+))?")


def numbers(text: bytes) -> dict[str, float]:
    """The words behind the code, leniently as firmware reads them; a bare letter is 0."""
    found: dict[str, float] = {}
    for letter, value in _WORD.findall(text[1:]):
        found.setdefault(letter.decode("ascii"), float(value) if value else 0.0)
    return found


def rest(text: bytes) -> bytes:
    """What follows the code, literally."""
    return text.partition(b" ")[2]


# --- motion ---


def move(fw: Firmware, text: bytes) -> Wait | None:
    """G0, G1: through when the planner has taken it."""
    match = _MOVE.fullmatch(text)
    if match is not None:
        try:
            words = [None if value is None else float(value) for value in match.groups()]
        except ValueError:
            return None
    else:
        found = numbers(text)
        words = [found.get(letter) for letter in "XYZEF"]
    if fw.motion.free_blocks(fw.now) > 0:
        _plan(fw, words)
        return None
    return _plan_when_free(fw, words)


def _plan_when_free(fw: Firmware, words: list[float | None]) -> Wait:
    while fw.motion.free_blocks(fw.now) <= 0:
        yield fw.motion.next_end
    _plan(fw, words)


def _plan(fw: Firmware, words: list[float | None]) -> None:
    motion = fw.motion
    feed = words[4]
    if feed is not None and feed > 0.0:
        motion.feed_mm_s = feed / 60.0
    goal = list(motion.position)
    for axis in range(4):
        value = words[axis]
        if value is not None:
            goal[axis] = motion.target(axis, value)
    filament = goal[3] - motion.position[3]
    if filament and fw.nozzle.reading_c < EXTRUDE_MIN_C and not fw.cold_extrusion_allowed:
        motion.position[3] = goal[3]
        fw.say("echo: cold extrusion prevented\n")
    elif abs(filament) > EXTRUDE_MAX_MM:
        motion.position[3] = goal[3]
        fw.say("echo: too long extrusion prevented\n")
    motion.enqueue(goal, fw.now)


def _drain(fw: Firmware) -> Wait:
    fw.motion.expect_pause()
    while fw.motion.ends_at(fw.now) > fw.now:
        yield fw.motion.ends_at(fw.now)


def finish_moves(fw: Firmware, text: bytes) -> Wait:
    """M400, M84: through when the planner is empty."""
    yield from _drain(fw)


def dwell(fw: Firmware, text: bytes) -> Wait:
    """G4."""
    yield from _drain(fw)
    found = numbers(text)
    until = fw.now + found.get("S", 0.0) + found.get("P", 0.0) / 1000.0
    if until > fw.now and not fw.manners.is_prusa:
        fw.say("//action:notification Sleep...\n")
    while fw.now < until:
        yield until


def home(fw: Firmware, text: bytes) -> Wait:
    """G28."""
    yield from _take_time(fw, _HOMING_S)
    axes = [axis for axis in range(3) if "XYZ"[axis].encode() in rest(text)] or [0, 1, 2]
    for axis in axes:
        fw.motion.position[axis] = 0.0
    if not fw.manners.is_prusa:
        fw.say(fw.manners.position(fw.motion.position))


def probe_bed(fw: Firmware, text: bytes) -> Wait:
    """G80."""
    yield from _take_time(fw, _MESH_S)


def _take_time(fw: Firmware, seconds: float) -> Wait:
    yield from _drain(fw)
    until = fw.now + seconds
    while fw.now < until:
        yield until


def absolute(fw: Firmware, text: bytes) -> None:
    """G90."""
    fw.motion.relative = False
    if not fw.manners.is_prusa:
        fw.motion.e_relative = False


def relative(fw: Firmware, text: bytes) -> None:
    """G91."""
    fw.motion.relative = True
    if not fw.manners.is_prusa:
        fw.motion.e_relative = True


def e_absolute(fw: Firmware, text: bytes) -> None:
    """M82."""
    fw.motion.e_relative = False


def e_relative(fw: Firmware, text: bytes) -> None:
    """M83."""
    fw.motion.e_relative = True


def set_position(fw: Firmware, text: bytes) -> None:
    """G92."""
    found = numbers(text)
    for axis, letter in enumerate("XYZE"):
        if letter in found or not found:
            fw.motion.position[axis] = found.get(letter, 0.0)


def acceleration(fw: Firmware, text: bytes) -> None:
    """M204."""
    found = numbers(text)
    value = found.get("P") or found.get("S")
    if value:
        fw.motion.acceleration_mm_s2 = value


def where(fw: Firmware, text: bytes) -> None:
    """M114."""
    fw.say(fw.manners.position(fw.motion.position))


def quick_stop(fw: Firmware, text: bytes) -> None:
    """M410."""
    fw.motion.stop(fw.now)


# --- heat ---


def heat_nozzle(fw: Firmware, text: bytes) -> None:
    """M104."""
    _set_target(fw, fw.nozzle, text)


def heat_bed(fw: Firmware, text: bytes) -> None:
    """M140."""
    _set_target(fw, fw.bed, text)


def heat_nozzle_and_wait(fw: Firmware, text: bytes) -> Wait:
    """M109."""
    _set_target(fw, fw.nozzle, text)
    yield from _until_hot(fw, fw.nozzle, is_bed=False, cools="R" in numbers(text))


def heat_bed_and_wait(fw: Firmware, text: bytes) -> Wait:
    """M190."""
    _set_target(fw, fw.bed, text)
    yield from _until_hot(fw, fw.bed, is_bed=True, cools="R" in numbers(text))


def _set_target(fw: Firmware, heater: Heater, text: bytes) -> None:
    found = numbers(text)
    target = found.get("S", found.get("R"))
    if target is not None:
        heater.target_c = target
        if fw.instant:
            heater.leap()


def _until_hot(fw: Firmware, heater: Heater, *, is_bed: bool, cools: bool) -> Wait:
    """Near the target for some seconds; M108 ends the wait. A target below needs no wait unless R asks for it."""
    stay_s = 3.0 if fw.manners.is_prusa else 10.0
    wait = fw.begin_heat_wait(is_bed)
    fw.motion.expect_pause()
    fw.user_continues = False
    while not fw.user_continues:
        off = heater.reading_c - heater.target_c
        if not cools and off > 1.0:
            return
        if abs(off) > 1.0:
            wait.near_since_s = None
        elif wait.near_since_s is None:
            wait.near_since_s = fw.now
        elif fw.now >= wait.near_since_s + stay_s:
            return
        yield _look_again(fw, wait.near_since_s is not None)


def _look_again(fw: Firmware, near: bool) -> float | None:
    if not fw.instant:
        return fw.now + 0.05 * fw.options.speed
    return fw.now + 1.0 if near else None


def temperatures(fw: Firmware, text: bytes) -> None:
    """M105: the answer is on the line of its ok."""


def report_temperatures(fw: Firmware, text: bytes) -> None:
    """M155."""
    fw.report_every(numbers(text).get("S", 0.0))


def allow_cold(fw: Firmware, text: bytes) -> None:
    """M302."""
    found = numbers(text)
    fw.cold_extrusion_allowed = bool(found.get("P", found.get("S") == 0.0))


# --- people and the host ---


def wait_for_user(fw: Firmware, text: bytes) -> Wait:
    """M0, M1."""
    message = rest(text).decode("latin-1")
    if message:
        fw.say(f"echo:{message}\r\n")
    yield from _drain(fw)
    yield from _ask(fw, message or "M0/1 Break Called")


def change_filament(fw: Firmware, text: bytes) -> Wait:
    """M600: parks, then waits for somebody."""
    yield from _take_time(fw, 3.0)
    yield from _ask(fw, "Nozzle Parked")
    yield from _take_time(fw, 3.0)


def _ask(fw: Firmware, message: str) -> Wait:
    fw.say("//action:prompt_end\n")
    fw.say(f"//action:prompt_begin {message}\n//action:prompt_button Continue\n//action:prompt_show\n")
    fw.waits_for_user = True
    fw.user_continues = False
    while not fw.user_continues:
        yield None
    fw.waits_for_user = False


def identify(fw: Firmware, text: bytes) -> None:
    """M115; Prusa's `M115 U` only compares versions."""
    if not (fw.manners.is_prusa and b"U" in text):
        fw.say(fw.manners.identity())


def echo(fw: Firmware, text: bytes) -> None:
    """M118."""
    words = rest(text)
    lead = ""
    for mark, said in ((b"E1 ", "echo:"), (b"A1 ", "//")):
        if words.startswith(mark):
            lead, words = said, words[len(mark) :]
    fw.say(f"{lead}{words.decode('latin-1')}\r\n")


def line_number(fw: Firmware, text: bytes) -> None:
    """M110: Marlin has counted already; Prusa counts now."""
    if fw.manners.is_prusa:
        fw.intake.last_number = int(numbers(text).get("N", fw.intake.last_number))


def pause_timer(fw: Firmware, text: bytes) -> None:
    """M76."""
    if not fw.manners.is_prusa:
        fw.say("//action:pause\n")


def halt(fw: Firmware, text: bytes) -> None:
    """M112, where nobody minded it earlier."""
    fw.kill("M112")


def tool(fw: Firmware, text: bytes) -> None:
    """T1 and up: there is one extruder."""
    fw.say(f"echo:{text.decode('latin-1')} Invalid extruder\n")


def accept(fw: Firmware, text: bytes) -> None:
    """Known, and of no consequence here."""


_DONE_HERE: Final[dict[str, Handler]] = {
    "G0": move,
    "G1": move,
    "G4": dwell,
    "G28": home,
    "G90": absolute,
    "G91": relative,
    "G92": set_position,
    "M0": wait_for_user,
    "M1": wait_for_user,
    "M18": finish_moves,
    "M76": pause_timer,
    "M82": e_absolute,
    "M83": e_relative,
    "M84": finish_moves,
    "M104": heat_nozzle,
    "M105": temperatures,
    "M109": heat_nozzle_and_wait,
    "M110": line_number,
    "M112": halt,
    "M114": where,
    "M115": identify,
    "M118": echo,
    "M140": heat_bed,
    "M155": report_temperatures,
    "M190": heat_bed_and_wait,
    "M204": acceleration,
    "M302": allow_cold,
    "M400": finish_moves,
    "M600": change_filament,
    "T0": accept,
    "T1": tool,
}

_ACCEPTED: Final[dict[str, Handler]] = dict.fromkeys(
    (
        *("G21", "M17", "M73", "M75", "M77", "M92", "M106", "M107", "M113", "M117", "M200", "M201", "M203"),
        *("M205", "M206", "M220", "M221", "M301", "M304", "M413", "M500", "M501", "M502", "M900"),
    ),
    accept,
)

_MARLIN: Final[dict[str, Handler]] = {"M108": accept, "M410": quick_stop, "M876": accept}

_PRUSA: Final[dict[str, Handler]] = dict.fromkeys(
    ["M79", "M907", "M862.1", "M862.2", "M862.3", "M862.4", "M862.5", "M862.6"], accept
)
_PRUSA["G80"] = probe_bed


def handlers_for(*, prusa: bool) -> dict[str, Handler]:
    """What that firmware knows."""
    return _DONE_HERE | _ACCEPTED | (_PRUSA if prusa else _MARLIN)
