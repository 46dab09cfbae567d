"""Which serial ports there are, and which of them is the printer's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.machine.port import PortError
from firmware_bridge.profile import Profile, load_profile, profile_ids

AUTO: Final = "auto"
"""The one printer that is plugged in."""
BY_ID: Final = Path("/dev/serial/by-id")


@dataclass(frozen=True)
class PluggedPort:
    """`by_id` is the name that stays when the device is plugged in anew; `usb` is `vid:pid`; '' where unknown."""

    path: str
    by_id: str
    usb: str
    description: str
    profiles: tuple[str, ...]

    @property
    def name(self) -> str:
        """The one to remember."""
        return self.by_id or self.path


def plugged_ports() -> tuple[PluggedPort, ...]:
    """Serial ports with a device behind them, by path."""
    found = sorted(list_ports.comports(), key=lambda info: str(info.device))
    return tuple(_port(info) for info in found if info.hwid and info.hwid != "n/a")


def matching_profiles(usb: str) -> tuple[str, ...]:
    """Ids of the profiles whose printers have this USB id; a common serial chip says little."""
    return tuple(i for i in profile_ids() if usb in load_profile(i).usb)


def _port(info: ListPortInfo) -> PluggedPort:
    usb = f"{info.vid:04x}:{info.pid:04x}" if info.vid is not None and info.pid is not None else ""
    return PluggedPort(
        path=str(info.device),
        by_id=_by_id(Path(info.device)),
        usb=usb,
        description=str(info.description or ""),
        profiles=matching_profiles(usb),
    )


def _by_id(device: Path, links: Path = BY_ID) -> str:
    names: Sequence[Path] = sorted(links.iterdir()) if links.is_dir() else ()
    return next((str(name) for name in names if name.resolve() == device.resolve()), "")


def resolve(
    port: str,
    profiles: Sequence[Profile],
    plugged: Callable[[], Sequence[PluggedPort]] = plugged_ports,
) -> str:
    """The path to open now. To be asked at each opening: a device that was plugged in anew may have another name.

    Raises PortError where `auto` finds no printer, or several.
    """
    if port != AUTO:
        return port
    wanted = {usb for profile in profiles for usb in profile.usb}
    found = [candidate.name for candidate in plugged() if candidate.usb in wanted]
    if len(found) == 1:
        return found[0]
    if found:
        detail = f"several printers may be meant: {', '.join(found)}; set `port` to one of them"
    else:
        detail = f"no printer is plugged in and switched on (looked for USB {', '.join(sorted(wanted))})"
    raise PortError(Fault(code=FaultCode.PRINTER_MISSING, detail=detail))
