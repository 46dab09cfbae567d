"""Trouble: what happened, what you can do, who comes."""

from kiosk.presenters.trouble import TroubleView
from kiosk.presenters.views import Badge
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.screens.watch import put_thermometers
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch
from kiosk.ui.widgets.meters import Thermometer
from kiosk.ui.widgets.panel import BadgeLine, Panel, Picture
from kiosk.ui.widgets.printer_picture import PrinterPicture
from kiosk.ui.widgets.text import Text


class TroubleScreen(Screen[TroubleView]):
    """A large sign, and three short answers."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        small = theme_.is_small
        self._sign = PrinterPicture(theme_)
        self._coin = Panel(theme_, theme.CARD, theme.LINE, radius_mm=12)
        self._picture = Picture(theme_)
        self._happened = Text(theme_, theme.LEAD_MM * 1.2 if small else theme.TITLE_MM, bold=True, name="happened")
        size = theme.BODY_MM if small else theme.LEAD_MM
        self._you = BadgeLine(theme_, size, name="you")
        self._who = BadgeLine(theme_, size, name="who")
        self._call = BadgeLine(theme_, name="call")
        self._heats = [Thermometer(theme_, "nozzle"), Thermometer(theme_, "bed")]
        self.add(
            self._sign, self._coin, self._picture, self._happened, self._you, self._who, self._call, *self._heats
        )
        self._body: TroubleView | None = None

    def show(self, body: TroubleView) -> None:
        self._body = body
        self._sign.show(body.printer, body.icon, body.tone)
        self._call.show(body.call)
        self._picture.show(body.picture)
        self._happened.text = body.words.happened
        self._you.show(Badge(body.words.you, "hand-pointing-right"))
        self._who.show(Badge(body.words.who, "human-greeting"))
        for thermometer, heat in zip(self._heats, body.heats or (None, None), strict=True):
            thermometer.opacity = float(heat is not None)
            if heat:
                thermometer.show(heat)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        if self._body is None:
            return
        mm, gap = self.theme.mm, self.theme.gap
        small = self.theme.is_small
        sign, words = room.cut_left(room.w * 0.36, gap)
        square = sign.centred(mm(46 if small else 72), mm(46 if small else 72))
        self._sign.put(square)
        coin = square.cut_bottom(mm(16 if small else 22))[0].cut_left(mm(16 if small else 22))[0]
        self._coin.put(coin)
        self._picture.put(coin.inset(mm(2.5)))
        if self._body.heats and small:
            for thermometer, spot in zip(self._heats, sign.centred(sign.w, mm(34)).rows(2, mm(2)), strict=True):
                thermometer.put(spot)
        elif self._body.heats:
            above = put_thermometers(self.theme, self._heats, words)
            # Where there is no room for both, the words matter more: they say that it is hot.
            both = self._height(above.w) <= above.h
            for thermometer in self._heats:
                thermometer.opacity = float(both)
            words = above if both else words
        for part in (self._sign, self._coin, self._picture):
            part.opacity = float(not (self._body.heats and small))
        if self._body.picture is None:
            self._coin.opacity = 0.0
        block = self._block(words)
        rest = self._happened.put(block, "top").cut_top(mm(2 if small else 5))[1]
        rest = self._you.put(rest).cut_top(mm(1.5 if small else 4))[1]
        rest = self._who.put(rest).cut_top(mm(1.5 if small else 4))[1]
        self._call.put(rest)

    def _block(self, words: Rect) -> Rect:
        return words.centred(words.w, self._height(words.w))

    def _height(self, width: float) -> float:
        lines = (self._happened, self._you, self._who, self._call)
        return sum(line.height_for(width) for line in lines) + self.theme.mm(5 if self.theme.is_small else 13)
