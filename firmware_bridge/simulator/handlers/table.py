"""Which firmware knows which commands.

A handler returns None when it is through, or a generator while it takes time (see `firmware`).
"""

from typing import Final

from firmware_bridge.simulator.firmware import Handler
from firmware_bridge.simulator.handlers import heat, motion, people

_DONE_HERE: Final[dict[str, Handler]] = {
    "G0": motion.move,
    "G1": motion.move,
    "G4": motion.dwell,
    "G28": motion.home,
    "G90": motion.absolute,
    "G91": motion.relative,
    "G92": motion.set_position,
    "M0": people.wait_for_user,
    "M1": people.wait_for_user,
    "M18": motion.finish_moves,
    "M76": people.pause_timer,
    "M82": motion.e_absolute,
    "M83": motion.e_relative,
    "M84": motion.finish_moves,
    "M104": heat.heat_nozzle,
    "M105": heat.temperatures,
    "M109": heat.heat_nozzle_and_wait,
    "M110": people.line_number,
    "M112": people.halt,
    "M114": motion.where,
    "M115": people.identify,
    "M118": people.echo,
    "M140": heat.heat_bed,
    "M155": heat.report_temperatures,
    "M190": heat.heat_bed_and_wait,
    "M204": motion.acceleration,
    "M302": heat.allow_cold,
    "M400": motion.finish_moves,
    "M600": people.change_filament,
    "T0": people.accept,
    "T1": people.tool,
}

_ACCEPTED: Final[dict[str, Handler]] = dict.fromkeys(
    (
        *("G21", "M17", "M73", "M75", "M77", "M92", "M106", "M107", "M113", "M117", "M200", "M201", "M203"),
        *("M205", "M206", "M220", "M221", "M301", "M304", "M413", "M500", "M501", "M502", "M900"),
    ),
    people.accept,
)

_MARLIN: Final[dict[str, Handler]] = {"M108": people.accept, "M410": motion.quick_stop, "M876": people.accept}

_PRUSA: Final[dict[str, Handler]] = dict.fromkeys(
    ["M79", "M907", "M862.1", "M862.2", "M862.3", "M862.4", "M862.5", "M862.6"], people.accept
)
_PRUSA["G80"] = motion.probe_bed


def handlers_for(*, prusa: bool) -> dict[str, Handler]:
    """What that firmware knows."""
    return _DONE_HERE | _ACCEPTED | (_PRUSA if prusa else _MARLIN)
