"""A vendor's bundle of presets, as PrusaSlicer ships it, flattened to the one file its command line takes.

PrusaSlicer's command line cannot choose a preset by name. A bundle is an ini file with sections
`[printer:NAME]`, `[print:NAME]` and `[filament:NAME]`; `inherits = a; b` names parents of the same kind, later
ones win, the section itself wins over all. Sections named `*like this*` exist to be inherited only.
Nothing of a bundle is kept in the project: it is read where the slicer's package put it.
"""

import functools
from collections.abc import Mapping
from pathlib import Path

from catalogue.slicing.errors import SlicerMissingError, SlicingError
from firmware_bridge.profile import Slicer

PROFILES = Path("/usr/share/PrusaSlicer/profiles")

Sections = dict[str, dict[str, str]]

# Names and conditions by which the slicer's own window offers presets.
_ABOUT_PRESETS = frozenset(
    {
        "inherits",
        "renamed_from",
        "alias",
        "printer_variant",
        "printer_vendor",
        "default_print_profile",
        "default_filament_profile",
        "default_materials",
        "family",
    }
)
# Left at the slicer's default, which is off: newer bundles switch on what a serial line cannot carry (binary
# G-code), what not every firmware knows (arcs), and pictures that the command line cannot draw.
_LEFT_AT_DEFAULT = frozenset({"binary_gcode", "arc_fitting", "thumbnails", "thumbnails_format"})


def flatten(slicer: Slicer, folder: Path = PROFILES) -> str:
    """The text of a `flat.ini` with the printer's, print's and filament's presets merged and the overrides on top.

    Raises SlicerMissingError where the bundle is not installed, SlicingError where it lacks a preset.
    """
    path = folder / f"{slicer.bundle}.ini"
    try:
        sections = _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise SlicerMissingError(
            f"{path}: not there; install the Debian package 'prusa-slicer', or correct `slicer.bundle`"
        ) from error
    merged: dict[str, str] = {}
    for kind, name in (("print", slicer.print), ("filament", slicer.filament), ("printer", slicer.printer)):
        merged |= resolve(sections, kind, name, path.name)
    merged = {key: value for key, value in merged.items() if not _is_left_out(key)}
    # The start code asks for these names: the MK3's sets its motor current by them.
    merged |= {
        "printer_settings_id": slicer.printer,
        "print_settings_id": slicer.print,
        "filament_settings_id": f'"{slicer.filament}"',
    }
    merged |= slicer.overrides
    return "".join(f"{key} = {value}\n" for key, value in sorted(merged.items()))


def resolve(sections: Sections, kind: str, name: str, source: str) -> dict[str, str]:
    """One preset with everything it inherits.

    Raises SlicingError where it or a parent is missing, or where they inherit in a circle.
    """
    return _resolve(sections, kind, name, source, ())


def _resolve(sections: Sections, kind: str, name: str, source: str, heirs: tuple[str, ...]) -> dict[str, str]:
    if name in heirs:
        raise SlicingError(f"{source}: [{kind}:{name}] inherits from itself")
    section = sections.get(f"{kind}:{name}")
    if section is None:
        wanted_by = f", wanted by [{kind}:{heirs[-1]}]" if heirs else ""
        raise SlicingError(
            f"{source}: there is no [{kind}:{name}]{wanted_by}; correct the profile's [slicer] table"
        )
    merged: dict[str, str] = {}
    for parent in (part.strip() for part in section.get("inherits", "").split(";")):
        if parent:
            merged |= _resolve(sections, kind, parent, source, (*heirs, name))
    return merged | section


def parse(text: str) -> Sections:
    """The sections of a bundle. Values stand on one line and are kept as they are, quotes and all."""
    sections: Sections = {}
    current: dict[str, str] = {}
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], {})
        elif line and line[0] not in "#;":
            key, _, value = line.partition("=")
            current[key.strip()] = value.strip()
    return sections


def value_of(flat: str, key: str) -> str | None:
    """One value of a flat.ini."""
    return _flat_values(flat).get(key)


@functools.lru_cache(maxsize=8)
def _flat_values(flat: str) -> Mapping[str, str]:
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in flat.splitlines())}


@functools.lru_cache(maxsize=8)
def _read(path: Path, mtime_ns: int) -> Sections:
    """`mtime_ns` makes an upgraded bundle a new one."""
    return parse(path.read_text(encoding="utf-8"))


def _is_left_out(key: str) -> bool:
    return (
        key in _ABOUT_PRESETS
        or key in _LEFT_AT_DEFAULT
        or key.startswith("compatible_")
        or key.endswith("_settings_id")
    )
