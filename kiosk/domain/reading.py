"""Reading aloud: the ear starts it, stops it and repeats it; who listens hears every next screen too."""

from kiosk.domain import helping, idle
from kiosk.domain.effects import Effect, Hush, Read
from kiosk.domain.model import Model
from kiosk.domain.news import ReadingEnded
from kiosk.domain.printing import plate_job
from kiosk.domain.session import Notice, Place

Outcome = tuple[Model, tuple[Effect, ...]]


def start(model: Model) -> Outcome:
    """From the first word, also when it was being read already."""
    return model.with_session(listens=True, listened=True, reading=True), (Read(),)


def stop(model: Model) -> Outcome:
    """Silence, on this screen and the next ones."""
    return model.with_session(listens=False, reading=False), (Hush(),)


def ended(model: Model, news: ReadingEnded) -> Model:
    """The last word was said, or there is no voice: that is told once."""
    if news.has_voice:
        return model.with_session(reading=False)
    return model.with_session(reading=False, listens=False, sheet=None, notice=Notice.NO_VOICE)


def follow(before: Model, outcome: Outcome) -> Outcome:
    """The same outcome, read aloud where it shows another screen to somebody who listens."""
    after, effects = outcome
    if not after.session.listens or Read() in effects or _screen(before) == _screen(after):
        return outcome
    return after.with_session(reading=True), (*effects, Read())


def _screen(model: Model) -> tuple[object, ...]:
    """What makes it another one; a countdown that begins by itself too, which must not pass unheard."""
    session = model.session
    page = session.staff.page if session.staff else session.page
    counts = idle.seconds_left(model) is not None
    told = (session.sheet, session.notice, session.language, counts)
    return session.place, session.card, page, session.step, told, _face(model)


def _face(model: Model) -> tuple[object, ...]:
    """The printer's own place follows the job, and what the printer asks."""
    if model.session.place is not Place.JOB:
        return ()
    job, state = plate_job(model.world), model.world.state
    question = state.question.id if state and state.question else None
    return job.state if job else None, helping.check_is_due(model), question
