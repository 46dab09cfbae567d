"""Times, sizes and amounts in words."""

from datetime import datetime

from kiosk.domain.times import Range, whole_minutes
from kiosk.locale import Translator


def clock(moment: datetime, _: Translator) -> str:
    """15.20"""
    return _("{hour}.{minute}", hour=moment.hour, minute=f"{moment.minute:02}")


def between(ready: Range, _: Translator) -> str:
    """An honest promise."""
    return _(
        "Klaar tussen {earliest} en {latest} uur",
        earliest=clock(ready.earliest, _),
        latest=clock(ready.latest, _),
    )


def duration(seconds: float, _: Translator) -> str:
    """Whole minutes, or hours and minutes."""
    minutes = whole_minutes(seconds)
    if minutes < 60:
        return _.plural("{n} minuut", "{n} minuten", minutes)
    hours, rest = divmod(minutes, 60)
    return _("{hours} u {minutes} min", hours=hours, minutes=f"{rest:02}")


def time_left(seconds: float, _: Translator) -> str:
    """Of a print that runs."""
    return _("nog {duration}", duration=duration(seconds, _))


def weight(grams: float, _: Translator) -> str:
    """Whole grams, at least one."""
    return _.plural("{n} gram", "{n} gram", max(1, round(grams)))


def size(size_mm: tuple[float, float, float], _: Translator) -> str:
    """In centimetres, as on a ruler."""
    x, y, z = (_number(length / 10, _) for length in size_mm)
    return _("{x} × {y} × {z} cm", x=x, y=y, z=z)


def _number(value: float, _: Translator) -> str:
    mark = "." if _.language == "en" else ","
    return f"{value:.1f}".replace(".", mark)
