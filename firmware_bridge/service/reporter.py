"""Tells both doors what is: state at once on change and as a heartbeat, telemetry at each door's own pace."""

from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.contract import HEARTBEAT_S, Alert, Info, State, Telemetry
from firmware_bridge.service.clock import Clock
from firmware_bridge.service.situation import Situation
from firmware_bridge.service.snapshot import lasting, telemetry_period_s


@dataclass(frozen=True)
class Outlets:
    """Where reports go; none of them may block. `near_telemetry` every second, `far_telemetry` for the region."""

    state: Callable[[State], None]
    near_telemetry: Callable[[Telemetry], None]
    far_telemetry: Callable[[Telemetry], None]
    alerts: Callable[[tuple[Alert, ...]], None]
    info: Callable[[Info], None]


class Reporter:
    """For the controller's thread."""

    def __init__(self, info: Info, outlets: Outlets, clock: Clock) -> None:
        self.info = info
        self._outlets = outlets
        self._clock = clock
        self._start_s = clock.monotonic_s()
        self._said: State | None = None
        self._said_s = 0.0
        self._far_s = float("-inf")

    def state(self, situation: Situation) -> State:
        """The snapshot of this moment."""
        return situation.state(self.info, self._clock.wall_ms(), self._up_ms(), self._clock.monotonic_s())

    def tell_changes(self, situation: Situation) -> None:
        """Send the state when it is another one, or when it has been silent for long."""
        state = self.state(situation)
        now_s = self._clock.monotonic_s()
        remains = lasting(state)
        if remains != self._said:
            # What has changed shows in the figures too: the region need not wait for them.
            self._far_s = float("-inf")
        if remains != self._said or now_s - self._said_s >= HEARTBEAT_S:
            self._said, self._said_s = remains, now_s
            self._outlets.state(state)

    def tell_info(self, info: Info) -> None:
        """Say who we are once more: something of it has changed."""
        self.info = info
        self._outlets.info(info)

    def tell_alerts(self, situation: Situation) -> None:
        """Send the open alarms."""
        self._outlets.alerts(situation.alerts)

    def tell_figures(self, situation: Situation) -> None:
        """Call once a second."""
        now_s = self._clock.monotonic_s()
        telemetry = situation.telemetry(self.info, self._clock.wall_ms(), self._up_ms(), now_s)
        self._outlets.near_telemetry(telemetry)
        if now_s - self._far_s >= telemetry_period_s(situation.board.plate) - 0.5:
            self._far_s = now_s
            self._outlets.far_telemetry(telemetry)

    def _up_ms(self) -> int:
        return round((self._clock.monotonic_s() - self._start_s) * 1000)
