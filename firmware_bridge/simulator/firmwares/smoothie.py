"""Smoothieware, as it talks over its own USB port: out of its source."""

from typing import Final

from firmware_bridge.simulator.firmwares.form import (
    AfterHalt,
    Cause,
    Firmware,
    Flow,
    Halt,
    LineRules,
    OkAfterResend,
    Texts,
    Trouble,
)

_HALTED: Final = "reset or M999 required"


def _halt(words: str) -> Halt:
    return Halt(
        words,
        AfterHalt.REFUSES,
        refusal="!!\n",
        refusal_ok=False,
        allowed=frozenset({"M105", "M106", "M107", "M114", "M115", "M119"}),
        left="WARNING: After HALT you should HOME as position is currently unknown\n",
    )


SMOOTHIE: Final = Firmware(
    name="smoothie",
    about="Smoothieware over USB: `rs N5` without ok, an ok for every command of a line, `!!` once it is halted",
    lines=LineRules(
        queue_lines=1,
        line_max_bytes=255,
        flow=Flow.HOLDS,
        rx_buffer_bytes=256,
        refuses=frozenset({Cause.WRONG_NUMBER, Cause.WRONG_CHECKSUM}),
        checksum_first=True,
        flushes=False,
        comment=b";(",
        empty_line_ok=True,
        splits_commands=True,
        first_star=True,
    ),
    texts=Texts(
        banner="Smoothie\nok\n",
        greeting="Smoothie\nok\n",
        refusals={Cause.WRONG_NUMBER: "", Cause.WRONG_CHECKSUM: ""},
        resend="rs N{next}\n",
        identity=(
            "FIRMWARE_NAME:Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org,"
            " X-SOURCE_CODE_URL:https://github.com/Smoothieware/Smoothieware, FIRMWARE_VERSION:edge-9e5477518,"
            " X-FIRMWARE_BUILD_DATE:Jul  2 2021 17:01:30, X-SYSTEM_CLOCK:120MHz, X-AXES:3, X-GRBL_MODE:0,"
            " X-ARCS:1, MACHINE_TYPE:{machine}\n"
        ),
        temperatures=(
            "T:{nozzle:.1f} /{nozzle_target:.1f} @{nozzle_power} B:{bed:.1f} /{bed_target:.1f} @{bed_power}"
        ),
        heat_wait="{temperatures}\n",
        heat_wait_bed="{temperatures}\n",
        position="C: X:{x:.4f} Y:{y:.4f} Z:{z:.4f} E:{e:.4f}",
        position_on_ok=True,
        busy="",
        busy_heating="",
        busy_user="",
        unknown="",
        invalid_tool="",
        cold_extrusion="",
        too_long_extrusion="",
        user_message="",
        echo="{message}\n",
        action="// action:{action}\n",
        line_end="\r\n",
    ),
    halts={
        Trouble.KILL: _halt(f"HALT asserted - {_HALTED}\n"),
        Trouble.M112: _halt(f"ok Emergency Stop Requested - {_HALTED} to exit HALT state\n"),
        Trouble.RUNAWAY: _halt(
            "ERROR: Temperature runaway on {heater} (delta temp 25.1), HALT asserted, TURN POWER OFF IMMEDIATELY -"
            f" {_HALTED}\n"
        ),
        Trouble.HEATING_FAILED: _halt(
            f"ERROR: {{heater}} took too long to heat up, HALT asserted, TURN POWER OFF IMMEDIATELY - {_HALTED}\n"
        ),
        Trouble.MAXTEMP: _halt(
            "ERROR: MINTEMP or MAXTEMP triggered on {heater}. Check your temperature sensors!\n"
            f"HALT asserted - {_HALTED}\n"
        ),
        Trouble.STOP: _halt(f"Limit switch X was hit - {_HALTED}\n"),
    },
    heater_names=("T", "B"),
    resends_with=OkAfterResend.NEVER,
    lacks=frozenset({"M155", "M0", "M1"}),
    resets_on_open=False,
    planner_blocks=31,
)
