"""Prusa-Firmware 3.13 and 3.14 for the MK2.5 and MK3: out of its source."""

from dataclasses import replace
from typing import Final

from firmware_bridge.simulator.firmwares.form import (
    M110,
    AfterHalt,
    Cause,
    Firmware,
    Halt,
    LineRules,
    Texts,
    TooLong,
    Trouble,
)

_IDENTITY: Final = (
    "FIRMWARE_NAME:Prusa-Firmware {version} based on Marlin FIRMWARE_URL:https://github.com/prusa3d/Prusa-Firmware"
    " PROTOCOL_VERSION:1.0 MACHINE_TYPE:{{machine}} EXTRUDER_COUNT:1 UUID:00000000-0000-0000-0000-000000000000\n"
    "Cap:AUTOREPORT_TEMP:1\nCap:AUTOREPORT_FANS:1\nCap:AUTOREPORT_POSITION:1\nCap:EXTENDED_M20:1\nCap:PRUSA_MMU2:1\n"
)
_BANNER: Final = "start\necho: {version}-{build}\necho: Free Memory: 1896  PlannerBufferBytes: 1760\n"

_KILLED: Final = "Error:Printer halted. kill() called!\n"

_TEXTS: Final = Texts(
    banner=_BANNER.format(version="3.13.3", build=7094),
    refusals={
        Cause.WRONG_NUMBER: "Error:Line Number is not Last Line Number+1, Last Line: {last}\n",
        Cause.WRONG_CHECKSUM: "Error:checksum mismatch, Last Line: {last}\n",
        Cause.NO_CHECKSUM: "Error:No Checksum with line number, Last Line: {last}\n",
        Cause.NO_NUMBER: "Error:No Line Number with checksum, Last Line: {last}\n",
        Cause.BROKEN_OFF: "RX timeout\n",
    },
    identity=_IDENTITY.format(version="3.13.3"),
    temperatures=(
        "T:{nozzle:.1f} /{nozzle_target:.1f} B:{bed:.1f} /{bed_target:.1f} T0:{nozzle:.1f} /{nozzle_target:.1f}"
        " @:{nozzle_power} B@:{bed_power} P:0.0 A:28.4"
    ),
    report="{temperatures}\n",
    heat_wait="T:{nozzle:.1f} E:0 W:{left}\n",
    heat_wait_bed="T:{nozzle:.2f} E:0 B:{bed:.1f}\n",
    position="X:{x:.2f} Y:{y:.2f} Z:{z:.2f} E:{e:.2f} Count X: {x:.2f} Y:{y:.2f} Z:{z:.2f} E:{e:.2f}",
    unknown="Unknown {letter} code: {command}\n",
    not_a_code='echo:Unknown command: "{command}"\n',
    user_message="echo:{message}\n",
    echo="{message}\n",
    action="// action:{action}\n",
)

PRUSA_3_13: Final = Firmware(
    name="prusa-3.13",
    about="Prusa-Firmware 3.13: M110 counts when executed, a kill resets the board, `// action:` with a space",
    lines=LineRules(
        too_long=TooLong.SPLIT,
        m110=M110.WHEN_EXECUTED,
        first_star=True,
        refuses=frozenset({Cause.WRONG_NUMBER, Cause.WRONG_CHECKSUM, Cause.NO_CHECKSUM, Cause.NO_NUMBER}),
        complains=frozenset({Cause.BROKEN_OFF}),
        ignores_high_bytes=True,
        broken_off_s=2.0,
    ),
    texts=_TEXTS,
    halts={
        Trouble.KILL: Halt(_KILLED, AfterHalt.RESTARTS),
        Trouble.M112: Halt(_KILLED + "Error:M112 called. Emergency Stop.\n", AfterHalt.RESTARTS),
        Trouble.RUNAWAY: Halt("Error:{heater} THERMAL RUNAWAY\n" + _KILLED, AfterHalt.RESTARTS),
        Trouble.HEATING_FAILED: Halt("Error: THERMAL RUNAWAY ( PREHEAT {heater})\n" + _KILLED, AfterHalt.RESTARTS),
        Trouble.MAXTEMP: Halt("Error:0: Heaters switched off. MAXTEMP triggered!\n" + _KILLED, AfterHalt.RESTARTS),
        # Lines are dropped without an ok and without being counted.
        Trouble.STOP: Halt(
            "Error:Printer stopped due to errors. Supervision required.\n",
            AfterHalt.REFUSES,
            refusal_ok=False,
            forgets_lines=True,
        ),
    },
    heater_names=("HOTEND", "BED"),
    knows=frozenset(
        {"M79", "M907", "M601", "M602", "M603", "M862.1", "M862.2", "M862.3", "M862.4", "M862.5", "M862.6", "G80"}
    ),
    minds_early=frozenset({"M112"}),
    heat_stay_s=3.0,
    e_follows_g91=False,
)

PRUSA_3_14: Final = replace(
    PRUSA_3_13,
    name="prusa-3.14",
    about="Prusa-Firmware 3.14: the same, `//action:` without a space",
    texts=replace(
        _TEXTS,
        banner=_BANNER.format(version="3.14.1", build=8237),
        identity=_IDENTITY.format(version="3.14.1"),
        action="//action:{action}\n",
    ),
)
