"""Which printers the grid shows, and in which order, as the address asks it. Pure."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from dashboard.pages.status import Known, Need, Verdict

Judged = tuple[Verdict, Known]


class Order(enum.Enum):
    """What comes first."""

    NEED = "need"
    NAME = "name"
    READY = "ready"
    HEARD = "heard"


ORDERS: Final[dict[Order, Any]] = {
    Order.NEED: _("Wie hulp nodig heeft eerst"),
    Order.NAME: _("Op naam"),
    Order.READY: _("Wie het eerst klaar is"),
    Order.HEARD: _("Wie het langst zweeg eerst"),
}
STATES: Final[dict[Need, Any]] = {
    Need.HELP: _("Heeft hulp nodig"),
    Need.LOOK: _("Niet te volgen"),
    Need.HAND: _("Wacht op iemand"),
    Need.BUSY: _("Bezig"),
    Need.NONE: _("Vrij"),
    Need.AWAY: _("Afgesloten of buiten gebruik"),
}


@dataclass(frozen=True)
class Choice:
    """`library` '' and `state` None: all. What nobody knows chooses nothing out."""

    library: str = ""
    state: Need | None = None
    order: Order = Order.NEED

    def address(self, **changed: str) -> str:
        """As a query string, but for what is changed; '' for what goes without saying."""
        asked = {
            "library": self.library,
            "state": self.state.name.lower() if self.state is not None else "",
            "order": self.order.value if self.order is not Order.NEED else "",
        }
        return urlencode({key: value for key, value in (asked | changed).items() if value})

    def of_library(self, judged: Sequence[Judged]) -> list[Judged]:
        """Those of the chosen library."""
        return [one for one in judged if not self.library or one[1].name == self.library]

    def arranged(self, judged: Sequence[Judged]) -> list[Judged]:
        """Those in the chosen state, in the chosen order."""
        shown = [one for one in judged if self.state is None or one[0].condition.need is self.state]
        return sorted(shown, key=lambda one: (_KEYS[self.order](one), one[1].name, one[1].kiosk))


def read(fields: Mapping[str, str]) -> Choice:
    """Of `library`, `state` and `order`."""
    states = {need.name.lower(): need for need in Need}
    orders = {order.value: order for order in Order}
    return Choice(
        fields.get("library", ""),
        states.get(fields.get("state", "")),
        orders.get(fields.get("order", ""), Order.NEED),
    )


_KEYS: Final[dict[Order, Any]] = {
    Order.NEED: lambda one: one[0].order,
    Order.NAME: lambda one: one[1].name.casefold(),
    Order.READY: lambda one: one[0].until_ms or float("inf"),
    Order.HEARD: lambda one: one[1].seen_ms or 0,
}
