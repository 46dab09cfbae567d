"""Icons and formats for the templates."""

import functools
from collections.abc import Callable
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.pages import formats

register = template.Library()

GLYPHS: Final = {
    "account": "\uf004",
    "alert": "\uf026",
    "bell": "\uf09e",
    "chart": "\uf128",
    "check": "\uf5e0",
    "closed": "\uf4b2",
    "download": "\uf1da",
    "gift": "\uf3d7",
    "grid": "\uf570",
    "hand": "\uf2c7",
    "heat": "\uf50f",
    "history": "\uf2da",
    "leave": "\uf343",
    "people": "\uf00e",
    "pause": "\uf3e5",
    "play": "\uf40c",
    "printer": "\uf42b",
    "queue": "\uf279",
    "register": "\uf14d",
    "silent": "\uf5aa",
    "stop": "\uf666",
    "unknown": "\uf2d7",
    "unplugged": "\uf338",
    "wall": "\uf502",
    "wrench": "\uf5b7",
}
"""Material Design Icons 1.6, as Debian ships them."""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Always beside its word, so that a screen reader may skip it."""
    return format_html('<span class="icon" aria-hidden="true">{}</span>', GLYPHS[name])


@register.simple_tag
def age(ms: int | None) -> SafeString | str:
    """How old a figure is: the clock time here, counted up by live.js."""
    at = formats.moment(ms)
    if at is None:
        return formats.NOTHING
    return format_html(
        '<time class="age" data-ms="{}" datetime="{}">{}</time>', ms, at.isoformat(), formats.when(ms)
    )


def _of_something(function: Callable[..., str]) -> Callable[..., str]:
    """Templates give '' for a field of what is not there."""

    @functools.wraps(function)
    def shown(value: object, *arguments: object) -> str:
        return formats.NOTHING if value == "" else function(value, *arguments)

    return shown


for name in ("clock", "when", "day", "duration", "number", "celsius", "percent"):
    register.filter(name, _of_something(getattr(formats, name)))
