"""Whether the Pi gets enough voltage: what its firmware tells the kernel (hwmon `rpi_volt`)."""

from pathlib import Path
from typing import Final

HWMON: Final = Path("/sys/class/hwmon")
NAME: Final = "rpi_volt"
ALARM: Final = "in0_lcrit_alarm"
"""1 when the voltage was too low since the driver's look before; it looks every two seconds."""
REMEMBERED_S: Final = 60.0


class Supply:
    """The cause of most damaged lines. For one thread."""

    def __init__(self, folder: Path = HWMON) -> None:
        self._alarm = _alarm_in(folder)
        self._low_s: float | None = None

    def is_low(self, now_s: float) -> bool | None:
        """Within the last minute, as far as it was asked; None where nothing measures it."""
        if self._alarm is None:
            return None
        try:
            if self._alarm.read_text().strip() == "1":
                self._low_s = now_s
        except OSError:
            return None
        return self._low_s is not None and now_s - self._low_s < REMEMBERED_S


def _alarm_in(folder: Path) -> Path | None:
    for device in sorted(folder.glob("hwmon*")):
        try:
            if (device / "name").read_text().strip() == NAME:
                return device / ALARM
        except OSError:
            continue
    return None
