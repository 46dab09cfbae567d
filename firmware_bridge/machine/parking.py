"""The bridge's own moves: away from the object, and back to exactly where it was. Pure."""

from firmware_bridge.gcode.read import Modal
from firmware_bridge.gcode.vet import EXTRUDE_MIN_C, vet_host_lines
from firmware_bridge.profile import Profile

_RETRACT_MM = 2.0
_RETRACT_F = 2100
_LIFT_F = 900
_TRAVEL_F = 6000


def away(modal: Modal, profile: Profile) -> tuple[bytes, ...]:
    """Retract, lift and go to the park position; nothing where the printer does not know where it is."""
    if not modal.homed:
        return ()
    lift = min(profile.park.lift_mm, profile.volume.z_mm - modal.z)
    lines = [
        "G91",
        "M83",
        *([f"G1 E-{_RETRACT_MM:g} F{_RETRACT_F}"] if _is_hot(modal) else []),
        *([f"G1 Z{_number(lift)} F{_LIFT_F}"] if lift > 0 else []),
        "G90",
        f"G1 X{_number(profile.park.x_mm)} Y{_number(profile.park.y_mm)} F{_TRAVEL_F}",
    ]
    return _vetted(lines, profile, modal)


def back(modal: Modal, profile: Profile) -> tuple[bytes, ...]:
    """From the park position to where the job was, in the modes and at the speed that it had."""
    travel = []
    if modal.homed:
        travel = [
            "G90",
            f"G1 X{_number(modal.x)} Y{_number(modal.y)} F{_TRAVEL_F}",
            f"G1 Z{_number(modal.z)} F{_LIFT_F}",
            *(["M83", f"G1 E{_RETRACT_MM:g} F{_RETRACT_F}"] if _is_hot(modal) else []),
        ]
    modes = [
        "G90" if modal.absolute else "G91",
        "M82" if modal.e_absolute else "M83",
        *([f"G92 E{_number(modal.e)}"] if modal.e_absolute else []),
        *([f"G1 F{_number(modal.feed_mm_min)}"] if modal.feed_mm_min else []),
    ]
    return _vetted(travel + modes, profile, modal)


def _is_hot(modal: Modal) -> bool:
    return modal.nozzle_c >= EXTRUDE_MIN_C


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _vetted(lines: list[str], profile: Profile, modal: Modal) -> tuple[bytes, ...]:
    """The bridge's own lines pass the same gate as a job's; one that does not is a mistake of the profile's."""
    encoded = tuple(line.encode("ascii") for line in lines)
    refusal = vet_host_lines(encoded, profile, modal)
    return () if refusal is not None else encoded
