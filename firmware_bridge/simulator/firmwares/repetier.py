"""Repetier-Firmware 1.0, out of its source; and as OctoPrint's virtual printer imitates it, recorded."""

from dataclasses import replace
from typing import Final

from firmware_bridge.simulator.firmwares.form import (
    AfterHalt,
    Cause,
    Firmware,
    Halt,
    LineRules,
    Texts,
    TooLong,
    Trouble,
)

_TEXTS: Final = Texts(
    banner="start\n{reason}",
    power_up="Info:PowerUp\n",
    reset_reason="Info:{reason}\n",
    ok="ok {last}",
    ok_with="ok {last} {words}",
    refusals={
        Cause.WRONG_NUMBER: "Error:expected line {next} got {got}\n",
        Cause.WRONG_CHECKSUM: "Error:Wrong checksum\n",
        Cause.NO_CHECKSUM: "Error:Missing checksum\n",
        Cause.TOO_LONG: "",
        Cause.BROKEN_OFF: "",
    },
    resend="\nResend:{next}\n",
    skip="skip {got}\n",
    identity=(
        "FIRMWARE_NAME:Repetier_1.0.4 COMPILED:Nov 22 2021 FIRMWARE_URL:https://github.com/repetier/Repetier-Firmware/"
        " PROTOCOL_VERSION:1.0 MACHINE_TYPE:{machine} EXTRUDER_COUNT:1 REPETIER_PROTOCOL:3\n"
        "Cap:PROGRESS:0\nCap:AUTOREPORT_TEMP:1\nCap:EEPROM:1\nCap:AUTOREPORT_SD_STATUS:0\n"
        "Cap:EMERGENCY_PARSER:{emergency}\nCap:THERMAL_PROTECTION:{protection}\n"
    ),
    temperatures=(
        "T:{nozzle:.2f} /{nozzle_target:.0f} B:{bed:.2f} /{bed_target:.0f} B@:{bed_power} @:{nozzle_power}"
    ),
    temperatures_on_ok=False,
    report="{temperatures}\n",
    heat_wait="{temperatures}\n",
    heat_wait_bed="{temperatures}\n",
    target_nozzle="TargetExtr0:{target:.0f}\n",
    target_bed="TargetBed:{target:.0f}\n",
    position="X:{x:.2f} Y:{y:.2f} Z:{z:.3f} E:{e:.4f}",
    busy="busy:processing\n",
    busy_heating="busy:heating\n",
    busy_user="busy:paused for user interaction\n",
    waiting="wait\n",
    unknown="Unknown command:{command}\n",
    invalid_tool="Unknown command:{command}\n",
    cold_extrusion="",
    too_long_extrusion="",
    user_message="",
    echo="{message}\n",
    action="// action:{action}\n",
)


def _halts(lead: str) -> dict[Trouble, Halt]:
    """Said at once and after every command, each still acknowledged; M112 resets the board."""

    def fatal(reason: str) -> Halt:
        said = (
            f"{lead}{reason} - Printer stopped and heaters disabled due to this error."
            " Fix error and restart with M999.\n"
        )
        return Halt(said, AfterHalt.REFUSES, refusal=said)

    return {
        Trouble.KILL: fatal("Killed"),
        Trouble.M112: Halt("", AfterHalt.RESTARTS),
        Trouble.RUNAWAY: fatal("Heater decoupled"),
        Trouble.HEATING_FAILED: fatal("Heater decoupled"),
        Trouble.MAXTEMP: fatal("Heater/sensor error"),
        Trouble.STOP: fatal("Door open"),
    }


REPETIER: Final = Firmware(
    name="repetier",
    about="Repetier 1.0: ok with the line's number before the answer, `wait`, skip, fatal after every command",
    lines=LineRules(
        queue_lines=1,
        too_long=TooLong.REFUSED,
        skipped_repeats=40,
        skipped_after_resend=14,
        number_bits=16,
        m110_last_n_wins=True,
        checksum_first=True,
        refuses=frozenset(
            {Cause.WRONG_NUMBER, Cause.WRONG_CHECKSUM, Cause.NO_CHECKSUM, Cause.TOO_LONG, Cause.BROKEN_OFF}
        ),
        broken_off_s=0.2,
    ),
    texts=_TEXTS,
    halts=_halts("fatal:"),
    knows=frozenset({"M108", "M410"}),
    emergency_parser=True,
    acknowledges_first=True,
    runout=("out_of_filament T0", "pause"),
)

REPETIER_LIKE: Final = replace(
    REPETIER,
    name="repetier-like",
    about="Repetier as OctoPrint's virtual printer imitates it: answers on the ok line",
    lines=replace(REPETIER.lines, broken_off_s=0.0),
    texts=replace(
        _TEXTS,
        refusals={**_TEXTS.refusals, Cause.WRONG_CHECKSUM: "Error: Missing checksum\n"},
        resend="Resend:{next}\n",
        ok_alone="ok {last}",
        identity=(
            "FIRMWARE_NAME:Repetier_1.0.4 PROTOCOL_VERSION:1.0\n"
            "Cap:AUTOREPORT_TEMP:1\nCap:AUTOREPORT_SD_STATUS:1\nCap:AUTOREPORT_POS:0\nCap:EMERGENCY_PARSER:{emergency}\nCap:EXTENDED_M20:0\nCap:LFN_WRITE:0\n"
        ),
        temperatures="T:{nozzle:.2f} B:{bed:.2f} @:64",
        temperatures_on_ok=True,
        position="X:{x} Y:{y} Z:{z} E:{e} Count: A:0 B:0 C:0",
        position_on_ok=True,
    ),
    halts=_halts("fatal: "),
    acknowledges_first=False,
)
