"""Who gets in at a view: staff with a role, after all steps of signing in, but where the view says otherwise."""

import enum
from collections.abc import Callable
from typing import Any, Final, TypeVar


class Door(enum.Enum):
    """STREAM: as STAFF, but who may not see it is told so in the stream.

    ON_THE_WAY_IN: also before the second step.
    """

    STAFF = "staff"
    STREAM = "stream"
    ON_THE_WAY_IN = "on_the_way_in"
    OPEN = "open"


View = TypeVar("View", bound=Callable[..., Any])
_DOOR: Final = "door"


def door(kind: Door) -> Callable[[View], View]:
    """Mark a view; one without a mark is for STAFF."""

    def marked(view: View) -> View:
        vars(view)[_DOOR] = kind
        return view

    return marked


def door_of(view: Callable[..., Any]) -> Door:
    """As it was marked."""
    found: Door = vars(view).get(_DOOR, Door.STAFF)
    return found
