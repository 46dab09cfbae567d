"""Somebody at the region asks which device this is: the glass shows itself for some seconds."""

from firmware_bridge.contract import State
from kiosk.domain.effects import Chime, Effect
from kiosk.domain.model import Model


def left_s(model: Model) -> float:
    """How much longer the mark stays; 0 where there is none, or who stands here has seen it."""
    state = model.world.state
    if state is None or state.identify_left_s is None or model.session.found:
        return 0.0
    return max(0.0, state.identify_left_s - (model.world.uptime_s - model.world.state_at_s))


def follow(before: State | None, model: Model) -> tuple[Model, tuple[Effect, ...]]:
    """After a new state: it rings once, when the asking begins."""
    now = model.world.state
    was_asked = before is not None and before.identify_left_s is not None
    if now is None or now.identify_left_s is None or was_asked:
        return model, ()
    return model.with_session(found=False), (Chime(),)
