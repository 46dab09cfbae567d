"""Promises about time: clock times, or durations while the clock is not trusted."""

from datetime import timedelta

from kiosk.domain.times import (
    RUNNING_SLOWER,
    ready_about,
    ready_between,
    ready_in,
    ready_while_running,
    whole_minutes,
)
from kiosk.domain.world import World
from kiosk.locale import Translator
from kiosk.presenters.words import between, clock, duration


def of_new(world: World, estimate_s: float, _: Translator) -> str:
    """A print that would start now."""
    if world.clock_trusted:
        return between(ready_between(world.now, estimate_s), _)
    return _within(*ready_in(estimate_s), _)


def of_running(world: World, left_s: float, _: Translator) -> str:
    """A print that runs."""
    if world.clock_trusted:
        return between(ready_while_running(world.now, left_s), _)
    return _within(left_s, left_s * RUNNING_SLOWER, _)


def busy_until(world: World, left_s: float, _: Translator) -> str:
    """The same, where there is room for one moment only."""
    if world.clock_trusted:
        return _("Bezig tot {clock} uur", clock=clock(ready_about(world.now, left_s), _))
    return _("Bezig, nog {duration}", duration=duration(left_s, _))


def begins_in(world: World, wait_s: float, _: Translator) -> str:
    """When it is a waiting job's turn, about."""
    if wait_s < 60:
        return _("Nu aan de beurt")
    if world.clock_trusted:
        return _("Begint rond {clock} uur", clock=clock(ready_about(world.now, wait_s), _))
    return _("Begint over {duration}", duration=duration(wait_s, _))


def closes_at(world: World, _: Translator) -> str:
    """When the library closes; '' where nobody knows."""
    left_s = world.closes_in_s
    if left_s is None:
        return ""
    return _("De bibliotheek sluit om {clock} uur.", clock=clock(world.now + timedelta(seconds=left_s), _))


def _within(least_s: float, most_s: float, _: Translator) -> str:
    least, most = whole_minutes(least_s), whole_minutes(most_s)
    return _("Klaar over {least} tot {most} minuten", least=least, most=max(most, least + 1))
