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
from kiosk.ui.widgets.text import Icon, Text


class TroubleScreen(Screen):
    """A large sign, and three short answers."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        small = theme_.is_small
        self._ground = Panel(theme_, theme.STOP_GROUND, theme.STOP_GROUND, radius_mm=30)
        self._icon = Icon(theme_, "alert", 26 if small else 36, theme.STOP)
        self._coin = Panel(theme_, theme.CARD, theme.LINE, radius_mm=12)
        self._picture = Picture(theme_)
        self._happened = Text(theme_, theme.LEAD_MM * 1.2 if small else theme.TITLE_MM, bold=True, name="happened")
        size = theme.BODY_MM if small else theme.LEAD_MM
        self._you = BadgeLine(theme_, size, name="you")
        self._who = BadgeLine(theme_, size, name="who")
        self._heats = [Thermometer(theme_, "nozzle"), Thermometer(theme_, "bed")]
        self.add(
            self._ground, self._icon, self._coin, self._picture, self._happened, self._you, self._who, *self._heats
        )
        self._body: TroubleView | None = None

    def show(self, body: TroubleView) -> None:
        self._body = body
        ink, ground = theme.TONES[body.tone]
        self._ground.paint(ground, ground)
        self._icon.show(body.icon)
        self._icon.paint(ink)
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
        round_ = sign.centred(mm(44 if small else 60), mm(44 if small else 60))
        self._ground.put(round_)
        self._icon.put(round_)
        coin = round_.cut_bottom(mm(18 if small else 24))[0].cut_right(mm(18 if small else 24))[0]
        self._coin.put(coin)
        self._picture.put(coin.inset(mm(2.5)))
        if self._body.heats and small:
            for thermometer, spot in zip(self._heats, sign.centred(sign.w, mm(34)).rows(2, mm(2)), strict=True):
                thermometer.put(spot)
        elif self._body.heats:
            words = put_thermometers(self.theme, self._heats, words)
        for part in (self._ground, self._icon, self._coin, self._picture):
            part.opacity = float(not (self._body.heats and small))
        if self._body.picture is None:
            self._coin.opacity = 0.0
        block = self._block(words)
        rest = self._happened.put(block, "top").cut_top(mm(2 if small else 5))[1]
        rest = self._you.put(rest).cut_top(mm(1.5 if small else 4))[1]
        self._who.put(rest)

    def _block(self, words: Rect) -> Rect:
        mm, small = self.theme.mm, self.theme.is_small
        lines = (self._happened, self._you, self._who)
        height = sum(line.height_for(words.w) for line in lines) + mm(3.5 if small else 9)
        return words.centred(words.w, height)
