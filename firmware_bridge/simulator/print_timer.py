"""The print job timer of M75, M76 and M77."""


class PrintTimer:
    """Wall time while it runs."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._before_s = 0.0

    def start(self, wall: float) -> None:
        """Run, or go on."""
        if self._started is None:
            self._started = wall

    def stop(self, wall: float) -> None:
        """Stand still."""
        self._before_s = self.elapsed_s(wall)
        self._started = None

    def elapsed_s(self, wall: float) -> float:
        """While it ran."""
        return self._before_s + (0.0 if self._started is None else wall - self._started)
