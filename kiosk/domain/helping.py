"""Something is wrong: danger ends the print at once, what is not dangerous pauses it or calls staff."""

from firmware_bridge.contract import (
    CallReason,
    CallStaff,
    CheckFirstLayer,
    Emergency,
    JobState,
    Pause,
    Request,
)
from kiosk.domain.effects import Ask, Effect
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job
from kiosk.domain.session import Place, Sheet

Outcome = tuple[Model, tuple[Effect, ...]]

CHECK_AFTER_S, CHECK_UNTIL_S = 120.0, 900.0
"""When somebody is asked whether the first layer sticks, in seconds of printing."""
CALL_PATIENCE_S = 60.0
"""Nobody has taken a call for so long: better go to the desk."""


def report(model: Model, reason: CallReason) -> Outcome:
    """What is wrong with the running print. A strange smell or noise is danger: heaters off, everything halted."""
    job = plate_job(model.world)
    if job is None or not job.state.is_on_printer:
        return call(model.with_session(place=Place.JOB), reason)
    requests: list[Request] = [CallStaff(reason=reason)]
    if reason is CallReason.STRANGE:
        requests.insert(0, Emergency())
    elif reason is CallReason.DOES_NOT_STICK and job.state is not JobState.PAUSED:
        requests.insert(0, Pause(job=job.id))
    asking = model.with_session(place=Place.JOB, sheet=Sheet.CALL, asking=True)
    return asking, tuple(Ask(request) for request in requests)


def call(model: Model, reason: CallReason) -> Outcome:
    """Staff, from anywhere."""
    return model.with_session(sheet=Sheet.CALL), (Ask(CallStaff(reason=reason)),)


def check_is_due(model: Model) -> bool:
    """Somebody should say whether the first layer sticks."""
    job, telemetry = plate_job(model.world), model.world.telemetry
    if job is None or job.state is not JobState.PRINTING or job.sticks is not None or model.session.checked_later:
        return False
    progress = telemetry.progress if telemetry else None
    return progress is not None and progress.layer > 0 and CHECK_AFTER_S <= progress.elapsed_s < CHECK_UNTIL_S


def say_it_sticks(model: Model, sticks: bool) -> Outcome:
    """The answer; a first layer that does not stick pauses the print, and staff is called."""
    job = plate_job(model.world)
    if job is None or not check_is_due(model) or model.session.asking:
        return model, ()
    asking = model.with_session(asking=True, checked_later=True)
    answer = Ask(CheckFirstLayer(job=job.id, sticks=sticks))
    if sticks:
        return asking, (answer,)
    return asking.with_session(sheet=Sheet.CALL), (answer, Ask(CallStaff(reason=CallReason.DOES_NOT_STICK)))


def call_waits_s(model: Model) -> float | None:
    """How long nobody has taken the open call; None: there is none, or somebody comes."""
    world = model.world
    if world.state is None or world.state.call is None or world.state.call.taken_by is not None:
        return None
    before_s = (world.state.ts_ms - world.state.call.since_ms) / 1000
    return max(0.0, before_s + world.uptime_s - world.state_at_s)
