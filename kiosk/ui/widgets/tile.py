"""A large button of the staff's pages: an icon or a colour, and its word under it or beside it."""

from kiosk.domain.colour import from_hex
from kiosk.presenters.staff.views import Tile
from kiosk.presenters.views import Action
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Touchable
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.printer_picture import Disc
from kiosk.ui.widgets.text import Icon, Text

TALL_MM = 24.0
ICON_MM, DISC_MM = 7.0, 8.0


class TileButton(Touchable):
    """Made for one name; `show` follows its word, its look and its meaning."""

    def __init__(self, theme_: Theme, tile: Tile, dispatch: Dispatch) -> None:
        super().__init__(tile.action.name, lambda: dispatch(self._tile.action.intent))
        self._theme = theme_
        self._panel = Panel(theme_)
        self._icon = Icon(theme_, size_mm=ICON_MM if theme_.is_small else ICON_MM + 2)
        self._disc = Disc(theme_)
        self._text = Text(theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM * 0.9, bold=True)
        for part in (self._panel, self._icon, self._disc, self._text):
            self.add_widget(part)
        self.bind(state=self._paint)
        self.show(tile)

    @property
    def label(self) -> str:
        return self._text.text

    @property
    def action(self) -> Action:
        return self._tile.action

    def show(self, tile: Tile) -> None:
        """As it is now."""
        self._tile = tile
        self.disabled = not tile.action.enabled
        self._text.text = tile.action.text
        self._icon.show("" if tile.colour else tile.action.icon)
        self._paint()

    def put(self, room: Rect) -> None:
        super().put(room)
        mm = self._theme.mm
        self._panel.put(room)
        inner = room.inset(mm(1.5), mm(1))
        sign = mm(DISC_MM) if self._tile.colour else self._icon.width if self._tile.action.icon else 0.0
        beside = sign + mm(2) if sign else 0.0
        if sign and room.h >= mm(TALL_MM):
            self._align("center")
            high = self._text.height_for(inner.w)
            block = inner.centred(inner.w, sign + mm(1.5) + high)
            spot, words = block.cut_top(sign, mm(1.5))
        else:
            self._align("left" if sign else "center")
            longest = max((self._text.width_of(word) for word in self._text.text.split()), default=0.0)
            if not self._tile.colour and longest + 2 > inner.w - beside:
                sign = beside = 0.0
            width = min(self._text.natural_width() + 1, inner.w - beside)
            spot, words = inner.centred(width + beside, inner.h).cut_left(sign, mm(2) if sign else 0.0)
        self._icon.opacity = float(sign > 0 and not self._tile.colour)
        self._disc.opacity = float(bool(self._tile.colour))
        side = mm(DISC_MM)
        self._disc.put(Rect(spot.x + (spot.w - side) / 2, spot.y + (spot.h - side) / 2, side, side))
        self._icon.put(spot)
        self._text.put(words)

    def _align(self, side: str) -> None:
        mirrored = {"left": "right", "right": "left"}.get(side, side)
        self._text.halign = mirrored if self._theme.is_rtl else side

    def _paint(self, *_: object) -> None:
        paint = theme.DISABLED if self.disabled else theme.BUTTONS[self._tile.action.role]
        self._panel.paint(paint.pressed if self.state == "down" else paint.ground, paint.border)
        self._text.paint(paint.text)
        self._icon.paint(paint.text)
        if self._tile.colour:
            self._disc.paint(from_hex(self._tile.colour), paint.text)
