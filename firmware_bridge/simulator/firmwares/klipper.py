"""Klipper v0.13 at its pseudo-terminal, as recorded."""

from typing import Final

from firmware_bridge.simulator.firmwares.form import (
    M110,
    AfterHalt,
    Firmware,
    Flow,
    Halt,
    LineRules,
    Texts,
    Trouble,
)

_ADVICE: Final = (
    "// This often indicates the host computer is overloaded. Check\n"
    "// for other processes consuming excessive CPU time, high swap\n"
    "// usage, disk errors, overheating, unstable voltage, or\n"
    "// similar system problems on the host computer.\n"
)
_RESTART: Final = (
    "// Once the underlying issue is corrected, use the\n"
    '// "FIRMWARE_RESTART" command to reset the firmware, reload the\n'
    "// config, and restart the host software.\n"
    "// Printer is shutdown\n"
)
_TIMER: Final = "MCU 'mcu' shutdown: Timer too close"
_MIN_TEMP: Final = (
    "// Extrude below minimum temp\n// See the 'min_extrude_temp' config option for details\n"
    "!! Extrude below minimum temp\n"
)

_SLOW: Final = "Heater {heater} not heating at expected rate"
_VERIFY: Final = (
    "// See the 'verify_heater' section in docs/Config_Reference.md\n"
    "// for the parameters that control this check.\n"
)


def _shutdown(reason: str, advice: str = "") -> Halt:
    return Halt(
        "// Klipper state: Shutdown\n",
        AfterHalt.REFUSES,
        refusal=f"// {reason}\n{advice}{_RESTART}!! {reason}\n",
        allowed=frozenset({"M105", "M110", "M112", "M114", "M115", "M117", "M118"}),
        leave="FIRMWARE_RESTART",
        left="// Klipper state: Ready\n",
    )


KLIPPER: Final = Firmware(
    name="klipper",
    about="Klipper at its pseudo-terminal: numbers nothing, an ok for every line, `!!` once it has shut down",
    lines=LineRules(
        numbers=False,
        queue_lines=20,
        line_max_bytes=4095,
        flow=Flow.HOLDS_AT_FULL_QUEUE,
        rx_buffer_bytes=4096,
        m110=M110.NEVER,
        refuses=frozenset(),
        empty_line_ok=True,
        any_case=True,
    ),
    texts=Texts(
        banner="",
        identity="FIRMWARE_NAME:Klipper FIRMWARE_VERSION:v0.13.0-730-g84104bbbd-dirty",
        identity_on_ok=True,
        temperatures="B:{bed:.1f} /{bed_target:.1f} T0:{nozzle:.1f} /{nozzle_target:.1f}",
        heat_wait="{temperatures}\n",
        heat_wait_bed="{temperatures}\n",
        position="X:{x:.3f} Y:{y:.3f} Z:{z:.3f} E:{e:.3f}",
        busy="",
        busy_heating="",
        busy_user="",
        unknown='// Unknown command:"{code}"\n',
        invalid_tool='// Unknown command:"{code}"\n',
        cold_extrusion=_MIN_TEMP,
        too_long_extrusion="!! Extrude only move too long\n",
        out_of_reach="!! Move out of range: {x:.3f} {y:.3f} {z:.3f} [{e:.3f}]\n",
        unhomed="!! Must home axis first: {x:.3f} {y:.3f} {z:.3f} [{e:.3f}]\n",
        user_message="",
        echo="echo: {message}\n",
        echo_marks=(),
        action="// action:{action}\n",
    ),
    halts={
        Trouble.KILL: _shutdown(_TIMER, _ADVICE),
        Trouble.M112: _shutdown("Shutdown due to M112 command"),
        Trouble.RUNAWAY: _shutdown(_SLOW, _VERIFY),
        Trouble.HEATING_FAILED: _shutdown(_SLOW, _VERIFY),
        Trouble.MAXTEMP: _shutdown("MCU 'mcu' shutdown: ADC out of range"),
        Trouble.STOP: _shutdown("Lost communication with MCU 'mcu'"),
    },
    heater_names=("extruder", "heater_bed"),
    lacks=frozenset({"M0", "M1", "M76", "M155", "M302", "M600", "T1"}),
    knows=frozenset({"FIRMWARE_RESTART", "RESTART", "STATUS"}),
    resets_on_open=False,
    planner_blocks=10_000,
    planner_s=2.0,
    minds_early=frozenset({"M112"}),
    runout=("paused",),
    pause=("paused",),
    resume=("resumed",),
)
