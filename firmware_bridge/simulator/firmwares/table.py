"""The firmwares that can be simulated, by name."""

from typing import Final

from firmware_bridge.profile import Dialect
from firmware_bridge.simulator.firmwares.form import Firmware
from firmware_bridge.simulator.firmwares.klipper import KLIPPER
from firmware_bridge.simulator.firmwares.marlin import MARLIN_1_1, MARLIN_2_0, MARLIN_2_1, MARLIN_2_1_ADVANCED_OK
from firmware_bridge.simulator.firmwares.prusa import PRUSA_3_13, PRUSA_3_14
from firmware_bridge.simulator.firmwares.repetier import REPETIER, REPETIER_LIKE
from firmware_bridge.simulator.firmwares.reprapfirmware import REPRAPFIRMWARE
from firmware_bridge.simulator.firmwares.smoothie import SMOOTHIE

FIRMWARES: Final[dict[str, Firmware]] = {
    firmware.name: firmware
    for firmware in (
        MARLIN_1_1,
        MARLIN_2_0,
        MARLIN_2_1,
        MARLIN_2_1_ADVANCED_OK,
        PRUSA_3_13,
        PRUSA_3_14,
        REPETIER,
        REPETIER_LIKE,
        REPRAPFIRMWARE,
        SMOOTHIE,
        KLIPPER,
    )
}

USUAL: Final[dict[Dialect, Firmware]] = {
    Dialect.MARLIN: MARLIN_2_1,
    Dialect.PRUSA: PRUSA_3_13,
    Dialect.REPETIER: REPETIER,
    Dialect.REPRAPFIRMWARE: REPRAPFIRMWARE,
    Dialect.SMOOTHIE: SMOOTHIE,
    Dialect.KLIPPER: KLIPPER,
}
"""What a printer of that dialect runs unless it is said."""
