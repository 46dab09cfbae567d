"""From the model to what every screen shows: pure, without Kivy. `present` is the one door."""

from firmware_bridge.contract import Job, JobState
from kiosk.domain.helping import check_is_due
from kiosk.domain.intents import CheckLater, GoBack
from kiosk.domain.model import Model
from kiosk.domain.printing import plate_job, remaining_s, waiting_job
from kiosk.domain.session import Place
from kiosk.domain.staff import StaffPage
from kiosk.locale import Translator
from kiosk.presenters import (
    access,
    attract,
    collection,
    feedback,
    make,
    piece,
    pin,
    plate,
    practice,
    problem,
    promise,
    queue,
    search,
    setup,
    sheets,
    staff,
    trouble,
    watch,
    wifi,
)
from kiosk.presenters.views import Action, Frame, Strip, Tone, View

_WITH_BACK = frozenset(
    {Place.SEARCH, Place.MODEL, Place.MAKE, Place.PLATE, Place.PROBLEM, Place.QUEUE, Place.PIN, Place.STAFF}
)
_WITH_STRIP = frozenset({Place.COLLECTION, Place.MODEL})
"""Where one looks around. Where one types, the bar above is the text's own."""
_PRESENTERS = {
    Place.COLLECTION: collection,
    Place.MODEL: piece,
    Place.MAKE: make,
    Place.PLATE: plate,
    Place.SEARCH: search,
    Place.PROBLEM: problem,
    Place.QUEUE: queue,
    Place.FEEDBACK: feedback,
    Place.PIN: pin,
}
"""Whose screen has the place's own name, and always the same face."""
Face = tuple[str, object, tuple[Action, ...]]


def present(model: Model, _: Translator) -> View:
    """What is on the glass now."""
    screen, body, actions = _face(model, _)
    frame = None if screen in ("attract", "staff-clean") else _frame(model, actions, _)
    sheet = sheets.present(model, _)
    return View(screen, model.session.language, frame, body, sheet, model.world.is_practice)


def _face(model: Model, _: Translator) -> Face:
    place, desk = model.session.place, model.session.staff
    if place is Place.JOB:
        return _job_face(model, plate_job(model.world), _)
    if place is Place.STAFF and desk:
        return *staff.present(model, desk, _), staff.actions(model, desk, _)
    if place is Place.WIFI and model.session.wifi:
        visit = model.session.wifi
        return *wifi.present(model, visit, _), wifi.actions(model, visit, _)
    if presenter := _PRESENTERS.get(place):
        return place.value, presenter.present(model, _), presenter.actions(model, _)
    if setup.is_due(model):
        return "setup", setup.present(model, _), setup.actions(model, _)
    return "attract", attract.present(model, _), ()


def _job_face(model: Model, job: Job | None, _: Translator) -> Face:
    if job is None or job.state.is_over:
        return "trouble", trouble.present(model, job, _), trouble.actions(model, job, _)
    if job.state is JobState.COOLING:
        return "cooling", watch.present_cooling(model, job, _), watch.actions(model, job, _)
    if job.state is JobState.READY:
        return "ready", watch.present_ready(model, job, _), watch.actions(model, job, _)
    if check_is_due(model):
        later = Action("check-later", _("Later"), "timer", CheckLater())
        return "check", problem.present_check(model, _), (later,)
    return "watch", watch.present(model, job, _), watch.actions(model, job, _)


def _frame(model: Model, actions: tuple[Action, ...], _: Translator) -> Frame:
    place, session = model.session.place, model.session
    draft = session.draft
    back = _back_word(model, _)
    names = bool(session.staff and session.staff.typing)
    held = (
        names
        or (place is Place.MAKE and (make.keyboard_alone(model) or bool(draft and draft.making)))
        or session.asking
    )
    has_back = (place in _WITH_BACK and not held) or wifi.has_back(model, session.wifi)
    return Frame(
        home=practice.home(model, _),
        tools=access.tools(model, names or make.is_typing(model) or wifi.is_typing(session.wifi), _),
        strip=_strip(model, _) if place in _WITH_STRIP else None,
        back=Action("back", back, "arrow-left", GoBack()) if has_back else None,
        actions=actions,
        more=_("Meer"),
    )


def _back_word(model: Model, _: Translator) -> str:
    if model.session.place in (Place.PROBLEM, Place.PIN):
        return _("Toch niets")
    desk = model.session.staff
    at_menu = model.session.place is Place.STAFF and desk is not None and desk.page is StaffPage.MENU
    return _("Sluit af") if at_menu else _("Terug")


def _strip(model: Model, _: Translator) -> Strip | None:
    job = plate_job(model.world)
    waiting = waiting_job(model.world)
    link = _("Kijk mee")
    if job is None:
        if waiting is None:
            return None
        picture = watch.card_picture(model, waiting)
        return Strip(_("De volgende mag"), _("Kijk na"), "human-greeting", Tone.WAIT, picture)
    picture = watch.card_picture(model, job)
    if job.state is JobState.READY:
        return Strip(_("De print is klaar"), _("Haal hem op"), "check", Tone.WELL, picture)
    if job.state is JobState.COOLING:
        return Strip(_("De print koelt af"), link, "timer", Tone.WAIT, picture)
    if job.state.is_over:
        return Strip(_("De print is gestopt"), _("Kijk na"), "alert", Tone.STOP, picture)
    if job.state is JobState.PAUSED:
        return Strip(_("De print wacht"), link, "pause", Tone.WAIT, picture)
    text = promise.busy_until(model.world, remaining_s(model.world, job), _)
    return Strip(text, link, "printer-3d", Tone.PLAIN, picture)
