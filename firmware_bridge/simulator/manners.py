"""What a firmware says: everything in which Marlin 2.1 and Prusa-Firmware 3 differ in words stands here."""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.profile import Dialect, Profile
from firmware_bridge.simulator.heaters import Heater
from firmware_bridge.simulator.intake import Numbering

_MARLIN_VERSION: Final = "Marlin 2.1.2.1"


@dataclass(frozen=True)
class Manners:
    """One firmware on one printer."""

    machine_type: str
    numbering: Numbering
    emergency_parser: bool
    advanced_ok: bool
    thermal_protection: bool
    reach_mm: tuple[float, float, float]

    @property
    def is_prusa(self) -> bool:
        """Prusa-Firmware 3, else Marlin 2.1."""
        return self.numbering is Numbering.PRUSA

    def banner(self, reason: str) -> str:
        """From `start` on. `reason` is Marlin's word for the kind of reset, "" for none."""
        if self.is_prusa:
            return "start\necho: 3.13.3-7094\necho: Free Memory: 1896  PlannerBufferBytes: 1760\n"
        said = f"{reason}\n" if reason else ""
        return (
            f"start\n{said}{_MARLIN_VERSION}\n"
            "echo: Last Updated: 2023-05-16 | Author: (none, default config)\n"
            "echo: Compiled: May 16 2023\n"
            "echo: Free Memory: 5410  PlannerBufferBytes: 1136\n"
            "echo:Hardcoded Default Settings Loaded\n"
            "//action:prompt_end\n"
        )

    def identity(self) -> str:
        """M115's lines before its ok."""
        if self.is_prusa:
            return (
                "FIRMWARE_NAME:Prusa-Firmware 3.13.3 based on Marlin"
                " FIRMWARE_URL:https://github.com/prusa3d/Prusa-Firmware PROTOCOL_VERSION:1.0"
                f" MACHINE_TYPE:{self.machine_type} EXTRUDER_COUNT:1 UUID:00000000-0000-0000-0000-000000000000\n"
                "Cap:AUTOREPORT_TEMP:1\nCap:AUTOREPORT_FANS:1\nCap:AUTOREPORT_POSITION:1\nCap:EXTENDED_M20:1\n"
                "Cap:PRUSA_MMU2:1\n"
            )
        caps = "".join(f"Cap:{name}:{int(value)}\n" for name, value in self._marlin_caps())
        x, y, z = self.reach_mm
        box = f"{{min:{{x:0.00,y:0.00,z:0.00}},max:{{x:{x:.2f},y:{y:.2f},z:{z:.2f}}}}}"
        return (
            f"FIRMWARE_NAME:{_MARLIN_VERSION} (May 16 2023 12:00:00)"
            " SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0"
            f" MACHINE_TYPE:{self.machine_type} EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff\n"
            f"{caps}area:{{full:{box},work:{box}}}\n"
        )

    def _marlin_caps(self) -> tuple[tuple[str, bool], ...]:
        return (
            ("SERIAL_XON_XOFF", False),
            ("BINARY_FILE_TRANSFER", False),
            ("EEPROM", True),
            ("VOLUMETRIC", True),
            ("AUTOREPORT_POS", False),
            ("AUTOREPORT_TEMP", True),
            ("PROGRESS", False),
            ("PRINT_JOB", True),
            ("AUTOLEVEL", False),
            ("RUNOUT", True),
            ("Z_PROBE", False),
            ("LEVELING_DATA", False),
            ("BUILD_PERCENT", True),
            ("SOFTWARE_POWER", False),
            ("TOGGLE_LIGHTS", False),
            ("CASE_LIGHT_BRIGHTNESS", False),
            ("EMERGENCY_PARSER", self.emergency_parser),
            ("HOST_ACTION_COMMANDS", True),
            ("PROMPT_SUPPORT", True),
            ("SDCARD", False),
            ("REPEAT", False),
            ("SD_WRITE", False),
            ("AUTOREPORT_SD_STATUS", False),
            ("LONG_FILENAME", False),
            ("LFN_WRITE", False),
            ("CUSTOM_FIRMWARE_UPLOAD", False),
            ("EXTENDED_M20", False),
            ("THERMAL_PROTECTION", self.thermal_protection),
            ("MOTION_MODES", False),
            ("ARCS", False),
            ("BABYSTEPPING", False),
            ("CHAMBER_TEMPERATURE", False),
            ("COOLER_TEMPERATURE", False),
            ("MEATPACK", False),
            ("CONFIG_EXPORT", False),
        )

    def temperatures(self, nozzle: Heater, bed: Heater) -> str:
        """M105's answer behind its ok, M155's line behind its space."""
        if self.is_prusa:
            hot = f"{nozzle.reading_c:.1f} /{nozzle.target_c:.1f}"
            return (
                f"T:{hot} B:{bed.reading_c:.1f} /{bed.target_c:.1f} T0:{hot}"
                f" @:{nozzle.power} B@:{bed.power} P:0.0 A:28.4"
            )
        return (
            f"T:{nozzle.reading_c:.2f} /{nozzle.target_c:.2f} B:{bed.reading_c:.2f} /{bed.target_c:.2f}"
            f" @:{nozzle.power} B@:{bed.power}"
        )

    def heat_wait(self, nozzle: Heater, bed: Heater, waits_for_bed: bool, seconds_left: int | None) -> str:
        """The line that M109 and M190 repeat every second; `seconds_left` of staying near the target."""
        left = "?" if seconds_left is None else str(seconds_left)
        if not self.is_prusa:
            return f" {self.temperatures(nozzle, bed)} W:{left}\n"
        if waits_for_bed:
            return f"T:{nozzle.reading_c:.2f} E:0 B:{bed.reading_c:.1f}\n"
        return f"T:{nozzle.reading_c:.1f} E:0 W:{left}\n"

    def position(self, xyze: list[float]) -> str:
        """M114's line."""
        x, y, z, e = xyze
        here = f"X:{x:.2f} Y:{y:.2f} Z:{z:.2f} E:{e:.2f}"
        if self.is_prusa:
            return f"{here} Count X: {x:.2f} Y:{y:.2f} Z:{z:.2f} E:{e:.2f}\n"
        return f"{here} Count X:{round(x * 80)} Y:{round(y * 80)} Z:{round(z * 400)}\n"

    def unknown(self, command: bytes) -> str:
        """To a command that it does not have."""
        text = command.decode("latin-1")
        if self.is_prusa and text[:1] in ("G", "M", "T"):
            return f"Unknown {text[0]} code: {text}\n"
        return f'echo:Unknown command: "{text}"\n'

    def killed(self, message: str) -> str:
        """The last words. `message` says who or what it was."""
        if self.is_prusa:
            said = "Error:M112 called. Emergency Stop.\n" if message == "M112" else ""
            return f"Error:Printer halted. kill() called!\n{said}"
        said = "echo:M112 Shutdown\n" if message == "M112" else ""
        return f"{said}Error:Printer halted. kill() called!\n//action:poweroff\n"

    def thermal_error(self, what: str, is_bed: bool) -> str:
        """`what` is Marlin's: "Thermal Runaway", "Heating failed", "MAXTEMP triggered"."""
        if not self.is_prusa:
            return f"Error:{what}, system stopped! Heater_ID: {'bed' if is_bed else 'E0'}\n"
        heater = "BED" if is_bed else "HOTEND"
        return (
            f"Error: THERMAL RUNAWAY ( PREHEAT {heater})\n"
            if "failed" in what
            else f"Error:{heater} THERMAL RUNAWAY\n"
        )


def manners_for(
    profile: Profile, *, advanced_ok: bool, emergency_parser: bool, thermal_protection: bool
) -> Manners:
    """Marlin for every profile but Prusa's."""
    prusa = profile.dialect is Dialect.PRUSA
    volume = profile.volume
    return Manners(
        machine_type="Prusa i3 MK3S" if prusa else profile.machine_names[0],
        numbering=Numbering.PRUSA if prusa else Numbering.MARLIN,
        emergency_parser=emergency_parser and not prusa,
        advanced_ok=advanced_ok and not prusa,
        thermal_protection=thermal_protection,
        reach_mm=(volume.x_mm, volume.y_mm, volume.z_mm),
    )
