"""What the configuration says of the library and its printer, as the service needs it."""

from dataclasses import dataclass

from firmware_bridge.profile import Caps
from firmware_bridge.service.opening import Opening
from firmware_bridge.service.policy import Policy


@dataclass(frozen=True)
class Library:
    """`hours` None: nothing is said of opening hours. `caps`: of the printer."""

    caps: Caps
    rules: Policy
    hours: Opening | None
