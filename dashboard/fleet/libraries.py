"""Names for kiosks that are not there."""

from typing import Final

TOWNS: Final = ("Aalter", "Deinze", "Eeklo", "Gavere", "Lokeren", "Ninove", "Wetteren", "Zelzate")
CARDS: Final = (
    ("sleutelhanger", 1_900.0, 6.4, 24, True),
    ("hanger", 1_400.0, 3.9, 16, True),
    ("munt", 1_200.0, 3.1, 12, False),
    ("tangram", 3_300.0, 14.2, 20, False),
    ("tol", 2_700.0, 9.8, 90, False),
    ("uil", 4_100.0, 18.5, 140, False),
)
"""Card, estimate in s, grams, layers, whether a visitor makes it their own."""
SPOOLS: Final = (
    ("#E4572E", "Oranje"),
    ("#2E86AB", "Blauw"),
    ("#4F9D69", "Groen"),
    ("#F2C14E", "Geel"),
    ("#7B4B94", "Paars"),
    ("#222222", "Zwart"),
)


def kiosk_id(n: int) -> str:
    """Of the n-th kiosk, from 0."""
    return f"{TOWNS[n % len(TOWNS)].lower()}{'' if n < len(TOWNS) else f'-{n // len(TOWNS) + 1}'}"


def library(n: int) -> str:
    """Its library."""
    return f"Bibliotheek {TOWNS[n % len(TOWNS)]}{'' if n < len(TOWNS) else f' {n // len(TOWNS) + 1}'}"
