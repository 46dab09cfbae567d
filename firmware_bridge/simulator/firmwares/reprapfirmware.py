"""RepRapFirmware 3 over USB, in the Marlin compatibility that its USB port begins with: out of its source."""

from typing import Final

from firmware_bridge.simulator.firmwares.form import AfterHalt, Firmware, Flow, Halt, LineRules, Texts, Trouble

_STOP: Final = "Emergency Stop! Reset the controller to continue.\n"
_FAULT: Final = "Error: Heating fault on heater {heater}, temperature "

REPRAPFIRMWARE: Final = Firmware(
    name="reprapfirmware",
    about="RepRapFirmware 3 over USB: asks for nothing again; a line with a wrong checksum vanishes",
    lines=LineRules(
        queue_lines=1,
        line_max_bytes=255,
        flow=Flow.HOLDS,
        rx_buffer_bytes=257,
        checksum_first=True,
        answers_bad_checksum=False,
        refuses=frozenset(),
    ),
    texts=Texts(
        banner="RepRapFirmware for Duet 2 WiFi/Ethernet is up and running.\n",
        identity=(
            "FIRMWARE_NAME: RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.4.6 ELECTRONICS: {machine}"
            " (Duet WiFi 1.02 or later) FIRMWARE_DATE: 2023-07-21 14:08:28\n"
        ),
        temperatures=(
            "T:{nozzle:.1f} /{nozzle_target:.1f} T0:{nozzle:.1f} /{nozzle_target:.1f}"
            " B:{bed:.1f} /{bed_target:.1f}"
        ),
        heat_wait="{temperatures}\n",
        heat_wait_bed="{temperatures}\n",
        position=(
            "X:{x:.3f} Y:{y:.3f} Z:{z:.3f} E:{e:.3f} E0:{e:.1f} Count {x80} {y80} {z400}"
            " Machine {x:.3f} {y:.3f} {z:.3f} Bed comp 0.000"
        ),
        busy="busy: processing\n",
        busy_heating="",
        busy_user="busy: processing\n",
        unknown="Warning: {code}: Command is not supported\n",
        invalid_tool="",
        cold_extrusion="Error: G1: Attempting to extrude with no tool selected or its heater not active\n",
        too_long_extrusion="",
        out_of_reach="Error: G0/G1: target position outside machine limits\n",
        unhomed="Error: G0/G1: insufficient axes homed\n",
        user_message="{message}\n",
        echo="{message}\n",
        action="// action:{action}\n",
    ),
    halts={
        Trouble.KILL: Halt(_STOP, AfterHalt.SILENT),
        Trouble.M112: Halt(_STOP, AfterHalt.SILENT),
        # The heater is switched off; commands go on being acknowledged.
        Trouble.RUNAWAY: Halt(
            _FAULT + "excursion exceeded 15.0°C (target 200.0°C, actual 180.3°C)\n", AfterHalt.GOES_ON
        ),
        Trouble.HEATING_FAILED: Halt(
            _FAULT + "rising too slowly: expected 2.03°C/sec measured 0.10°C/sec\n", AfterHalt.GOES_ON
        ),
        Trouble.MAXTEMP: Halt("Error: Heater {heater} fault: temperature reading fault\n", AfterHalt.GOES_ON),
        Trouble.STOP: Halt(_STOP, AfterHalt.SILENT),
    },
    heater_names=("1", "0"),
    lacks=frozenset({"M76", "M155", "M302"}),
    resets_on_open=False,
    planner_blocks=39,
    pause=("paused",),
    resume=("resumed",),
)
