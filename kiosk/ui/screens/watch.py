"""The jewel: the part growing on the plate, and when it will be ready."""

from collections.abc import Sequence

from kiosk.presenters.views import Tone
from kiosk.presenters.watch import AfterView, WatchView
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.meters import FillBar, Thermometer
from kiosk.ui.widgets.panel import BadgeLine, Picture
from kiosk.ui.widgets.print_stage import PrintStage
from kiosk.ui.widgets.text import Text
from kiosk.ui.widgets.ticket import TicketBadge

THERMOMETER_MM = 24.0
SMALL_THERMOMETER_MM = 14.0
TICKET_MM = 13.0


def put_thermometers(theme_: Theme, thermometers: Sequence[Thermometer], room: Rect) -> Rect:
    """Side by side at the bottom of `room`; gives back what lies above them."""
    small = theme_.is_small
    height = theme_.mm(SMALL_THERMOMETER_MM if small else THERMOMETER_MM)
    line, rest = room.cut_bottom(height, theme_.mm(1) if small else theme_.gap)
    for thermometer, spot in zip(thermometers, line.columns(len(thermometers), theme_.gap), strict=True):
        thermometer.put(spot)
    return rest


class WatchScreen(Screen[WatchView]):
    """The toolpath on the left; one promise, one sentence and two thermometers on the right."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._stage = PrintStage(theme_)
        self._picture = Picture(theme_)
        self._state = BadgeLine(theme_, name="state", bold=True)
        size = theme.LEAD_MM if theme_.is_small else theme.TITLE_MM
        self._headline = Text(theme_, size, bold=True, name="ready-at")
        self._left = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, name="time-left")
        self._layer = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, halign="right", name="layer")
        self._bar = FillBar(theme_)
        self._sentence = Text(theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM, name="sentence")
        self._call = BadgeLine(theme_, name="call")
        self._heats = [Thermometer(theme_, "nozzle"), Thermometer(theme_, "bed")]
        self._later = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, name="ticket-words")
        self._ticket = TicketBadge(theme_, theme.LEAD_MM, name="ticket")
        self.add(self._stage, self._picture, self._state, self._headline, self._left, self._layer)
        self.add(self._bar, self._sentence, self._call, *self._heats, self._later, self._ticket)

    def show(self, body: WatchView) -> None:
        if body.toolpath:
            self._stage.show(body.toolpath, body.drawn, head=body.drawn > 0)
        self._picture.show(None if body.toolpath else body.picture)
        self._state.show(body.state)
        self._headline.text, self._left.text, self._layer.text = body.headline, body.left, body.layer
        self._sentence.text = body.sentence
        self._call.show(body.call)
        self._bar.show(body.done)
        self._later.text = body.later
        self._ticket.show(body.ticket)
        for thermometer, heat in zip(self._heats, body.heats, strict=True):
            thermometer.show(heat)

    def leave(self) -> None:
        self._stage.pause()

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        small = self.theme.is_small
        stage, words = room.cut_left(room.w * (0.55 if small else 0.58), gap)
        if not self._ticket.is_empty:
            stage = self._put_ticket(stage)
        self._stage.put(stage.down_to(floor))
        self._picture.put(stage)
        narrow = Rect(slot.x, slot.y, min(slot.w, self._state.natural_width()), slot.h)
        self._state.put(narrow.centred(narrow.w, self._state.height_for(narrow.w)))
        # On a small screen who comes stands where the temperatures were.
        warm = not small or self._call.is_empty
        for thermometer in self._heats:
            thermometer.opacity = float(warm)
        if warm:
            words = put_thermometers(self.theme, self._heats, words)
        rest = self._headline.put(words, "top").cut_top(mm(1 if small else 2))[1]
        bar, rest = rest.cut_top(mm(3 if small else 4), mm(1))
        self._bar.put(bar)
        line, below = rest.cut_top(mm(6), mm(1 if small else 3))
        # Where there is no room for both, what the printer does matters more than its layer: the bar says that.
        counted = not small or self._sentence.height_for(below.w) <= below.h
        self._layer.opacity = float(counted)
        rest = below if counted else rest
        left, right = line.cut_left(self._left.natural_width() + 1)
        both = counted and self._layer.natural_width() + mm(2) <= right.w
        self._left.opacity = float(both)
        self._left.put(left)
        self._layer.put(right if both else line)
        self._call.opacity = float(not self._call.is_empty)
        if not self._call.is_empty:
            rest = self._call.put(rest).cut_top(mm(1))[1]
        # Where there is no room for both, who comes matters more.
        self._sentence.opacity = float(self._call.is_empty or self._sentence.height_for(rest.w) <= rest.h)
        self._sentence.put(rest, "top")

    def _put_ticket(self, stage: Rect) -> Rect:
        """Above the part, on a small screen without words; gives back what lies below."""
        line, below = stage.cut_top(self.theme.mm(TICKET_MM), self.theme.mm(1))
        self._later.opacity = float(not self.theme.is_small)
        if not self.theme.is_small:
            ticket, words = line.cut_right(self._ticket.natural_width(line.h), self.theme.gap)
            self._later.put(words)
            line = ticket
        self._ticket.put(line)
        return below


class AfterScreen(Screen[AfterView]):
    """Cooling and ready: the whole part, what to do, how hot it still is."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._stage = PrintStage(theme_)
        self._picture = Picture(theme_)
        size = theme.LEAD_MM * 1.2 if theme_.is_small else theme.TITLE_MM
        self._title = Text(theme_, size, bold=True, name="title")
        self._state = BadgeLine(theme_, name="state", bold=True)
        step = theme.BODY_MM if theme_.is_small else theme.LEAD_MM
        self._steps = [BadgeLine(theme_, step, name=f"step-{i}") for i in range(3)]
        self._heats = [Thermometer(theme_, "nozzle"), Thermometer(theme_, "bed")]
        self._ticket = TicketBadge(theme_, theme.LEAD_MM, name="ticket")
        self._later = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, name="ticket-words")
        self._cool = False
        self.add(self._stage, self._picture, self._title, self._state, *self._steps, *self._heats)
        self.add(self._ticket, self._later)

    def show(self, body: AfterView) -> None:
        pack = body.toolpath.pack if body.toolpath else None
        if body.toolpath and pack:
            self._stage.show(body.toolpath, len(pack.segments), head=False)
        self._picture.show(None if body.toolpath else body.picture)
        self._title.text = body.title
        self._state.show(body.state)
        for line, badge in zip(self._steps, (*body.steps, None, None, None), strict=False):
            line.show(badge)
        for thermometer, heat in zip(self._heats, body.heats, strict=True):
            thermometer.show(heat)
        self._ticket.show(body.ticket)
        self._later.text = body.later
        self._cool = all(heat.tone is not Tone.STOP for heat in body.heats)

    def leave(self) -> None:
        self._stage.release()

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        small = self.theme.is_small
        stage, words = room.cut_left(room.w * 0.5, gap)
        ticket, stage = stage.cut_top(mm(TICKET_MM) if small and not self._ticket.is_empty else 0.0)
        self._stage.put(stage.down_to(floor))
        self._picture.put(stage)
        narrow = Rect(slot.x, slot.y, min(slot.w, self._state.natural_width()), slot.h)
        self._state.put(narrow.centred(narrow.w, self._state.height_for(narrow.w)))
        # "Cool enough" is said by the badge alone.
        spare = self._cool
        for thermometer in self._heats:
            thermometer.opacity = float(not spare)
        if not spare:
            words = put_thermometers(self.theme, self._heats, words)
        steps = sum(line.height_for(words.w) + mm(0.8) for line in self._steps)
        titled = not small or self._title.height_for(words.w) + mm(1) + steps <= words.h
        self._title.opacity = float(titled)
        rest = self._title.put(words, "top").cut_top(mm(1 if small else 4))[1] if titled else words
        for line in self._steps:
            rest = line.put(rest).cut_top(mm(0.8 if small else 2.5))[1]
        if not small:
            self._put_ticket(rest.cut_top(mm(2))[1])
            return
        # On a small screen the ticket stands above the part, without words.
        self._later.opacity, self._ticket.opacity = 0.0, float(not self._ticket.is_empty)
        self._ticket.put(ticket)

    def _put_ticket(self, rest: Rect) -> None:
        """Where there is room for the whole of it."""
        mm = self.theme.mm
        words = self._later.height_for(rest.w)
        high = min(rest.h - words - mm(1), mm(24))
        shows = not self._ticket.is_empty and high >= mm(9)
        for part in (self._ticket, self._later):
            part.opacity = float(shows)
        rest = self._later.put(rest, "top").cut_top(mm(1))[1]
        self._ticket.put(rest.cut_top(max(1.0, high))[0])
