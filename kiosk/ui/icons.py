"""Icons by name: Material Design Icons as Debian packages them. An icon never stands without its word."""

CODEPOINTS = {
    "alert": 0xF026,
    "animation": 0xF5D8,
    "apple-keyboard-shift": 0xF636,
    "arrow-down-bold": 0xF046,
    "arrow-left": 0xF04D,
    "arrow-right": 0xF054,
    "backspace": 0xF06E,
    "check": 0xF12C,
    "chevron-left": 0xF141,
    "chevron-right": 0xF142,
    "clock": 0xF150,
    "close": 0xF156,
    "contrast": 0xF195,
    "fire": 0xF238,
    "format-size": 0xF27F,
    "hand-pointing-right": 0xF2C7,
    "help": 0xF2D6,
    "home": 0xF2DC,
    "human-greeting": 0xF64A,
    "keyboard": 0xF30C,
    "minus": 0xF374,
    "numeric-1-box": 0xF3A4,
    "numeric-2-box": 0xF3A7,
    "numeric-3-box": 0xF3AA,
    "pause": 0xF3E4,
    "pencil": 0xF3EB,
    "play": 0xF40A,
    "plus": 0xF415,
    "printer-3d": 0xF42B,
    "ruler": 0xF46D,
    "stop": 0xF4DB,
    "thermometer": 0xF50F,
    "timer": 0xF51B,
    "translate": 0xF5CA,
    "volume-high": 0xF57E,
    "volume-off": 0xF581,
    "weather-night": 0xF594,
    "weight": 0xF5A1,
}


_MIRRORED = {
    "arrow-left": "arrow-right",
    "arrow-right": "arrow-left",
    "chevron-left": "chevron-right",
    "chevron-right": "chevron-left",
}


def glyph(name: str, rtl: bool = False) -> str:
    """The character that draws the icon; `rtl` turns what points. KeyError for a name that is not in the table."""
    return chr(CODEPOINTS[_MIRRORED.get(name, name) if rtl else name])
