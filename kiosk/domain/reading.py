"""Reading aloud: the ear starts it, stops it and repeats it; who listens hears every next screen too."""

from kiosk.domain.effects import Effect, Hush, Read
from kiosk.domain.model import Model
from kiosk.domain.news import ReadingEnded
from kiosk.domain.session import Notice

Outcome = tuple[Model, tuple[Effect, ...]]


def start(model: Model) -> Outcome:
    """From the first word, also when it was being read already."""
    return model.with_session(listens=True, reading=True), (Read(),)


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
    session = model.session
    page = session.staff.page if session.staff else session.page
    return session.place, session.card, session.sheet, session.notice, session.language, page
