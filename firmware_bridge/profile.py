"""One printer model: volume, limits, baud, dialect, and the slicer's presets for it (`printers/*.toml`)."""

import enum
import functools
from importlib import resources

import msgspec


class ProfileError(ValueError):
    """The profile does not exist or its file is broken; the message names it and the remedy."""


class Dialect(enum.Enum):
    """How the firmware talks; decides parsing and flow control (see link/parsing.py)."""

    MARLIN = "marlin"
    PRUSA = "prusa"
    REPETIER = "repetier"
    REPRAPFIRMWARE = "reprapfirmware"
    SMOOTHIE = "smoothie"
    KLIPPER = "klipper"


class ThermalProtection(enum.Enum):
    """How the bridge knows that the firmware watches its own heaters.

    REPORTED: M115 must say `Cap:THERMAL_PROTECTION:1`, or a technician confirms it. KNOWN: every firmware for this
    model has it; the profile names the source.
    """

    REPORTED = "reported"
    KNOWN = "known"


class Volume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reachable positions in mm, from the machine's origin; the bed is `x_mm` by `y_mm`."""

    x_mm: float
    y_mm: float
    z_mm: float
    x_min_mm: float = 0.0
    y_min_mm: float = 0.0


class Caps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What no job may exceed."""

    nozzle_c: float
    bed_c: float
    feedrate_mm_s: float


class Park(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the head waits in a pause and after an end."""

    x_mm: float
    y_mm: float
    lift_mm: float


class Filament(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How filament goes in and out: `load_mm` from where a hand pushes it in to the nozzle, then `purge_mm` slowly
    until the old colour is gone; `unload_mm` until it can be pulled out. For a drive on the head."""

    load_mm: float = 60.0
    load_mm_s: float = 10.0
    purge_mm: float = 40.0
    purge_mm_s: float = 2.5
    unload_mm: float = 90.0


class Slicer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of the presets in the vendor bundle that PrusaSlicer ships; `overrides` win over them."""

    bundle: str
    printer: str
    print: str
    filament: str
    overrides: dict[str, str] = {}


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See `printers/*.toml`. `machine_names` must occur in M115's answer, else the job is refused."""

    id: str
    name: str
    dialect: Dialect
    bauds: tuple[int, ...]
    usb: tuple[str, ...]
    machine_names: tuple[str, ...]
    resets_on_open: bool
    rx_buffer_bytes: int
    command_buffer: int
    thermal_protection: ThermalProtection
    volume: Volume
    caps: Caps
    park: Park
    slicer: Slicer
    filament: Filament = Filament()
    thermal_protection_source: str = ""


def profile_ids() -> tuple[str, ...]:
    """Ids of all profiles, sorted."""
    folder = resources.files("firmware_bridge") / "printers"
    return tuple(sorted(p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")))


@functools.cache
def load_profile(profile_id: str) -> Profile:
    """The profile of that id.

    Raises ProfileError, naming what there is or what is wrong.
    """
    if profile_id not in profile_ids():
        raise ProfileError(f"there is no printer profile '{profile_id}'; there are: {', '.join(profile_ids())}")
    source = resources.files("firmware_bridge") / "printers" / f"{profile_id}.toml"
    try:
        profile = msgspec.toml.decode(source.read_bytes(), type=Profile)
    except msgspec.MsgspecError as error:
        raise ProfileError(f"printers/{profile_id}.toml: {error}") from error
    if profile.thermal_protection is ThermalProtection.KNOWN and not profile.thermal_protection_source:
        raise ProfileError(
            f'printers/{profile_id}.toml: `thermal_protection` is "known" without saying from where; name it in'
            ' `thermal_protection_source`, or write "reported"'
        )
    if profile.id != profile_id:
        raise ProfileError(f"printers/{profile_id}.toml: `id` is '{profile.id}', it should be '{profile_id}'")
    return profile
