"""A small honest job for each profile, to be spoilt by the tests."""

from collections.abc import Iterable

START = {
    "prusa-mk3s": [
        'M862.3 P "MK3S" ; printer model check',
        "M862.1 P0.4",
        "M115 U3.11.0",
        "G90",
        "M83",
        "M104 S215",
        "M140 S60",
        "M190 S60",
        "M109 S215",
        "G28 W",
        "G80",
        "G1 Z0.2 F720",
        "G1 Y-3 F1000",
        "G92 E0",
        "G1 X60 E9 F1000",
        "G1 X100 E12.5 F1000",
        "G92 E0",
        "M221 S95",
        "M900 K0.05",
    ],
    "ender3": [
        "G90",
        "M83",
        "M140 S60",
        "M104 S150",
        "G4 S10",
        "G28",
        "G1 Z50 F240",
        "G1 X2 Y10 F3000",
        "M104 S210",
        "M190 S60",
        "M109 S210",
        "G1 Z0.28 F240",
        "G1 Y140 E10 F1500",
        "G92 E0",
    ],
}
BODY = ["G1 X100 Y100 F9000", "G1 Z.2 F720", "M204 S800", "G1 F1200", "G1 X110 Y100 E.3", "G1 X110 Y110 E.3"]
END = ["G1 E-.8 F2100", "G1 Z40 F720", "G1 X5 Y200 F3600", "M104 S0", "M140 S0", "M107", "M84"]


def lines(commands: Iterable[str]) -> list[bytes]:
    """As a file has them."""
    return [f"{command}\n".encode() for command in commands]


def job(profile: str = "prusa-mk3s", *, body: Iterable[str] = BODY, end: Iterable[str] = END) -> list[bytes]:
    """A whole print."""
    return lines([*START[profile], *body, *end])
