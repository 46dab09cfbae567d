"""Which firmware knows which commands.

A handler returns None when it is through, or a generator while it takes time (see `execution`).
"""

from typing import Final

from firmware_bridge.simulator.execution import Handler
from firmware_bridge.simulator.firmwares.form import Firmware
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
    "G80": motion.probe_bed,
    "M18": motion.finish_moves,
    "M31": people.print_time,
    "M75": people.start_timer,
    "M76": people.pause_timer,
    "M77": people.stop_timer,
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
    "M154": motion.report_position,
    "M140": heat.heat_bed,
    "M155": heat.report_temperatures,
    "M190": heat.heat_bed_and_wait,
    "M204": motion.acceleration,
    "M302": heat.allow_cold,
    "M400": motion.finish_moves,
    "M410": motion.quick_stop,
    "M503": people.settings,
    "M600": people.change_filament,
    "M876": people.answer,
    "T0": people.accept,
    "T1": people.tool,
}

_ONLY_SOME: Final = frozenset({"G80", "M31", "M154", "M410", "M503", "M876"})
"""Of those, what a firmware has only if it says so."""

_ACCEPTED: Final = frozenset(
    (
        *(
            "G21",
            "M17",
            "M73",
            "M92",
            "M106",
            "M107",
            "M113",
            "M117",
            "M119",
            "M200",
            "M201",
            "M203",
            "M205",
        ),
        *("M206", "M220", "M221", "M301", "M304", "M413", "M500", "M501", "M502", "M900", "M999"),
    )
)


def handlers_for(firmware: Firmware) -> dict[str, Handler]:
    """What that firmware knows."""
    known = (_DONE_HERE.keys() - _ONLY_SOME | _ACCEPTED | firmware.knows) - firmware.lacks
    return {code: _DONE_HERE.get(code, people.accept) for code in known}
