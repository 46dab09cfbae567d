"""Marlin: 1.1.9, 2.0.8 and 2.1.2. Seen on recorded sessions of 2.1.2, and in the sources of the others."""

from dataclasses import replace
from typing import Final

from firmware_bridge.simulator.firmwares.form import (
    AfterHalt,
    Cause,
    Firmware,
    Halt,
    LineRules,
    OkAfterResend,
    Texts,
    Trouble,
)

_REFUSALS: Final = {
    Cause.WRONG_NUMBER: "Error:Line Number is not Last Line Number+1, Last Line: {last}\n",
    Cause.WRONG_CHECKSUM: "Error:checksum mismatch, Last Line: {last}\n",
    Cause.NO_CHECKSUM: "Error:No Checksum with line number, Last Line: {last}\n",
    Cause.NO_NUMBER: "Error:No Line Number with checksum, Last Line: {last}\n",
}
_CAPS_2_1: Final = (
    "SERIAL_XON_XOFF:0 BINARY_FILE_TRANSFER:0 EEPROM:1 VOLUMETRIC:1 AUTOREPORT_POS:1 AUTOREPORT_TEMP:1 PROGRESS:0"
    " PRINT_JOB:1 AUTOLEVEL:0 RUNOUT:{runout} Z_PROBE:0 LEVELING_DATA:0 BUILD_PERCENT:0 SOFTWARE_POWER:0"
    " TOGGLE_LIGHTS:0 CASE_LIGHT_BRIGHTNESS:0 EMERGENCY_PARSER:{emergency} HOST_ACTION_COMMANDS:1"
    " PROMPT_SUPPORT:{prompts} SDCARD:0 REPEAT:0 SD_WRITE:0 AUTOREPORT_SD_STATUS:0 LONG_FILENAME:0 LFN_WRITE:0"
    " CUSTOM_FIRMWARE_UPLOAD:0 EXTENDED_M20:0 THERMAL_PROTECTION:{protection} MOTION_MODES:0 ARCS:1 BABYSTEPPING:0"
    " CHAMBER_TEMPERATURE:0 COOLER_TEMPERATURE:0 MEATPACK:0 CONFIG_EXPORT:0"
)
_CAPS_2_0: Final = (
    "SERIAL_XON_XOFF:0 BINARY_FILE_TRANSFER:0 EEPROM:1 VOLUMETRIC:1 AUTOREPORT_TEMP:1 PROGRESS:0 PRINT_JOB:1"
    " AUTOLEVEL:0 RUNOUT:{runout} Z_PROBE:0 LEVELING_DATA:0 BUILD_PERCENT:0 SOFTWARE_POWER:0 TOGGLE_LIGHTS:0"
    " CASE_LIGHT_BRIGHTNESS:0 EMERGENCY_PARSER:{emergency} PROMPT_SUPPORT:{prompts} SDCARD:0"
    " AUTOREPORT_SD_STATUS:0 LONG_FILENAME:0 THERMAL_PROTECTION:{protection} MOTION_MODES:0 CHAMBER_TEMPERATURE:0"
)
_CAPS_1_1: Final = (
    "SERIAL_XON_XOFF:0 EEPROM:1 VOLUMETRIC:1 AUTOREPORT_TEMP:1 PROGRESS:0 PRINT_JOB:1 AUTOLEVEL:0 Z_PROBE:0"
    " LEVELING_DATA:0 BUILD_PERCENT:0 SOFTWARE_POWER:0 TOGGLE_LIGHTS:0 CASE_LIGHT_BRIGHTNESS:0"
    " EMERGENCY_PARSER:{emergency}"
)


def _caps(names: str) -> str:
    return "".join(f"Cap:{name}\n" for name in names.split())


def _identity(version: str, rest: str) -> str:
    return (
        f"FIRMWARE_NAME:{version} SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0"
        " MACHINE_TYPE:{machine} EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff\n" + rest
    )


_BOX: Final = "{{min:{{x:0.00,y:0.00,z:0.00}},max:{{x:{x_max:.2f},y:{y_max:.2f},z:{z_max:.2f}}}}}"
_AREA: Final = f"area:{{{{full:{_BOX},work:{_BOX}}}}}\n"
_STOPPED: Final = (
    "Error:Printer stopped due to errors. Fix the error and use M999 to restart."
    " (Temperature is reset. Set it after restarting)\n"
)


def _halts(poweroff: str, m112: str, maxtemp: str) -> dict[Trouble, Halt]:
    killed = f"Error:Printer halted. kill() called!\n{poweroff}"
    thermal = "Error:{what}, system stopped! Heater_ID: {{heater}}\n"
    return {
        Trouble.KILL: Halt(killed, AfterHalt.SILENT),
        Trouble.M112: Halt(m112 + killed, AfterHalt.SILENT),
        Trouble.RUNAWAY: Halt(thermal.format(what="Thermal Runaway") + killed, AfterHalt.SILENT),
        Trouble.HEATING_FAILED: Halt(thermal.format(what="Heating failed") + killed, AfterHalt.SILENT),
        Trouble.MAXTEMP: Halt((maxtemp or thermal.format(what="MAXTEMP triggered")) + killed, AfterHalt.SILENT),
        Trouble.STOP: Halt(
            "STOP called because of BLTouch error - restart with M999\n",
            AfterHalt.REFUSES,
            refusal=_STOPPED,
            only_moves=True,
        ),
    }


_EARLY: Final = frozenset({"M108", "M112", "M410"})

_SETTINGS: Final = """\
echo:; Linear Units:
echo:  G21 ; (mm)
echo:; Temperature Units:
echo:  M149 C ; Units in Celsius
echo:; Filament settings (Disabled):
echo:  M200 S0 D1.75
echo:; Steps per unit:
echo:  M92 X80.00 Y80.00 Z400.00 E500.00
echo:; Max feedrates (units/s):
echo:  M203 X300.00 Y300.00 Z5.00 E25.00
echo:; Max Acceleration (units/s2):
echo:  M201 X3000.00 Y3000.00 Z100.00 E10000.00
echo:; Acceleration (units/s2) (P<print-accel> R<retract-accel> T<travel-accel>):
echo:  M204 P3000.00 R3000.00 T3000.00
echo:; Advanced (B<min_segment_time_us> S<min_feedrate> T<min_travel_feedrate> J<junc_dev>):
echo:  M205 B20000.00 S0.00 T0.00 J0.01
echo:; Home offset:
echo:  M206 X0.00 Y0.00 Z0.00
echo:; Hotend PID:
echo:  M301 P22.20 I1.08 D114.00
"""

_TEXTS: Final = Texts(
    banner=(
        "start\n{reason}Marlin 2.1.2.1\n"
        "echo: Last Updated: 2023-05-16 | Author: (none, default config)\n"
        "echo: Compiled: May 16 2023\n"
        "echo: Free Memory: 5410  PlannerBufferBytes: 1136\n"
        "echo:EEPROM version mismatch (EEPROM=? Marlin=V88)\n"
        "//action:notification Err: EEPROM Version\n"
        "//action:notification Err: EEPROM Version\n"
        "//action:notification Hardcoded Default Settings Loaded\n"
        "echo:Hardcoded Default Settings Loaded\n"
        "//action:prompt_end\n"
    ),
    refusals=_REFUSALS,
    identity=_identity("Marlin 2.1.2.1 (May 16 2023 12:00:00)", _caps(_CAPS_2_1) + _AREA),
    position_after_homing=True,
    dwell="//action:notification Sleep...\n",
    pause_timer="//action:pause\n",
    print_time="//action:notification {seconds}s\r\necho:Print time: {seconds}s\n",
    settings=_SETTINGS,
)

MARLIN_2_1: Final = Firmware(
    name="marlin-2.1",
    about="Marlin 2.1.2: an ok behind every Resend; the last number once more is dropped silently",
    lines=LineRules(m110_last_n_wins=True, silent_repeats=True, erases=True),
    texts=_TEXTS,
    halts=_halts("//action:poweroff\n", "echo:M112 Shutdown\n", ""),
    knows=frozenset({"M31", "M108", "M154", "M410", "M503", "M876"}),
    emergency_parser=True,
    minds_early=_EARLY,
    prompts=True,
    runout=("prompt_end", "prompt_begin FilamentRunout T0", "prompt_show", "paused filament_runout 0"),
    pause=("prompt_end", "prompt_begin UI Pause", "prompt_button Resume", "prompt_show", "pause"),
)

MARLIN_2_1_ADVANCED_OK: Final = replace(
    MARLIN_2_1,
    name="marlin-2.1-advanced-ok",
    about="the same with ADVANCED_OK: ok N1 P15 B3",
    texts=replace(_TEXTS, ok="ok P{planner} B{free}", ok_numbered="ok N{number} P{planner} B{free}"),
)

MARLIN_2_0: Final = replace(
    MARLIN_2_1,
    name="marlin-2.0",
    about="Marlin 2.0.8: no ok behind a Resend; the last number once more is refused",
    lines=LineRules(m110_last_n_wins=True),
    texts=replace(
        _TEXTS,
        banner=(
            "start\n{reason}\nMarlin 2.0.8\n\n"
            "echo: Last Updated: 2021-05-15 | Author: (none, default config)\necho:Compiled: May 15 2021\n"
            "echo: Free Memory: 5410  PlannerBufferBytes: 1136\necho:Hardcoded Default Settings Loaded\n"
        ),
        power_up="echo:PowerUp\n",
        reset_reason="echo: {reason}\n",
        identity=_identity("Marlin 2.0.8 (May 15 2021 12:00:00)", _caps(_CAPS_2_0)),
        dwell="",
    ),
    resends_with=OkAfterResend.NEVER,
)

MARLIN_1_1: Final = replace(
    MARLIN_2_1,
    name="marlin-1.1",
    about="Marlin 1.1.9: sometimes an ok behind a Resend; no emergency parser, prompts or word of its protection",
    lines=LineRules(m110_last_n_wins=True, complains=frozenset({Cause.NO_NUMBER})),
    texts=replace(
        _TEXTS,
        banner=(
            "start\n{reason}Marlin 1.1.9\n\n"
            "echo: Last Updated: 2018-07-31 | Author: (none, default config)\necho:Compiled: Jul 31 2018\n"
            "echo: Free Memory: 3840  PlannerBufferBytes: 1232\necho:Hardcoded Default Settings Loaded\n"
        ),
        power_up="echo:PowerUp\n",
        reset_reason="echo: {reason}\n",
        identity=_identity("Marlin 1.1.9 (Github)", _caps(_CAPS_1_1)),
        dwell="",
        pause_timer="",
    ),
    # Two lines, the cause on the second.
    halts=_halts("", "", "Error:{heater}\n: Extruder switched off. MAXTEMP triggered !\n"),
    heater_names=("0", "bed"),
    resends_with=OkAfterResend.IF_SLOT_SAYS_SO,
    knows=frozenset({"M31", "M108", "M410", "M503"}),
    emergency_parser=False,
    prompts=False,
    runout=(),
    pause=("pause",),
)
