"""The library's PINs in the tests, and who types them."""

import subprocess
import sys
from pathlib import Path

from offscreen import Driver
from support.hand_bridge import write_config

from kiosk.domain.intents import WantStaff

PINS = {"coach": "2580", "staff": "4711", "technician": "8061"}


def set_pins(folder: Path) -> None:
    config = write_config(folder)
    for role, pin in PINS.items():
        command = [sys.executable, "-m", "firmware_bridge", "pin", role, "--config", str(config)]
        subprocess.run(command, input=pin, text=True, check=True, capture_output=True)


def type_pin(driver: Driver, pin: str) -> None:
    for digit in pin:
        driver.press(f"pin:{digit}")
    driver.press("enter-pin")


def enter(driver: Driver, role: str) -> None:
    """As after the corner was held."""
    driver.app.handle(WantStaff())
    driver.on("pin")
    type_pin(driver, PINS[role])
    driver.on("staff")
