"""Small G-code files that pass the vet of the profiles."""

from pathlib import Path


def tower(layers: int = 5, rounds: int = 1, *, side_mm: float = 10.0, nozzle_c: int = 210, bed_c: int = 60) -> str:
    """A square tube, `rounds` times around on each layer, in the slicer's own writing."""
    lines = [
        "G21",
        "G90",
        "M83",
        f"M140 S{bed_c}",
        f"M104 S{nozzle_c}",
        f"M190 S{bed_c}",
        f"M109 S{nozzle_c}",
        "G28",
    ]
    low, high = 100.0, 100.0 + side_mm
    corners = ((high, low), (high, high), (low, high), (low, low))
    for layer in range(1, layers + 1):
        z = 0.2 * layer
        lines += [";LAYER_CHANGE", f";Z:{z:.3g}", f"G1 Z{z:.3g} F600", f"G1 X{low:g} Y{low:g} F6000", "G1 F1800"]
        lines += [f"G1 X{x:g} Y{y:g} E.3" for _ in range(rounds) for x, y in corners]
    lines += ["G1 E-1 F2100", f"G1 Z{0.2 * layers + 20:.3g} F600", "M104 S0", "M140 S0", "M107", "M84"]
    return "\n".join(lines) + "\n"


def write_tower(path: Path, layers: int = 5, rounds: int = 1) -> Path:
    """`tower` in a file."""
    path.write_text(tower(layers, rounds))
    return path
