"""What breaks a job's procedure where it waits."""

from firmware_bridge.contract import Fault, Origin


class Interruption(Exception):  # noqa: N818  (not an error)
    """Raised in the procedure, or thrown into it."""


class Cancelled(Interruption):
    """Somebody wants it to end."""

    def __init__(self, by: Origin) -> None:
        super().__init__()
        self.by = by


class Ruined(Interruption):
    """The object is spoiled, but the printer still listens."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault
