"""One model: it turns under a finger, and the facts stand beside it."""

from kivy.animation import Animation

from catalogue.packs import PackError
from kiosk.domain.events import Touched
from kiosk.presenters.piece import PieceView
from kiosk.presenters.views import Action
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Tool
from kiosk.ui.widgets.model_stage import ModelStage
from kiosk.ui.widgets.panel import BadgeLine, Picture
from kiosk.ui.widgets.text import Text


class PieceScreen(Screen):
    """3D on the left, words on the right."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._body: PieceView | None = None
        self._stage = ModelStage(theme_)
        self._picture = Picture(theme_)
        self._flying = Picture(theme_)
        self._small = theme_.is_small
        self._near = Tool(theme_, Action("zoom-in", "", "plus", Touched()), lambda _i: self._zoom(True))
        self._far = Tool(theme_, Action("zoom-out", "", "minus", Touched()), lambda _i: self._zoom(False))
        self._title = Text(
            theme_, theme.LEAD_MM * 1.2 if theme_.is_small else theme.TITLE_MM, bold=True, name="title"
        )
        self._words = Text(theme_, theme.BODY_MM, name="description")
        self._promise = Text(theme_, theme.LEAD_MM, bold=True, name="promise")
        self._facts = [BadgeLine(theme_, name=f"fact-{i}") for i in range(3)]
        self._why = BadgeLine(theme_, name="why")
        self.add(self._stage, self._picture, self._near, self._far)
        self.add(self._title, self._words, self._promise, *self._facts, self._why, self._flying)

    def show(self, body: PieceView) -> None:
        same = self._body is not None and self._body.card == body.card
        self._body = body
        try:
            self._stage.show(body.mesh, None if same else body.view)
            self._picture.show(None)
        except PackError:
            self._picture.show(body.picture)
        self._near.say(body.zoom_in)
        self._far.say(body.zoom_out)
        self._title.text, self._words.text, self._promise.text = body.title, body.description, body.promise
        for line, badge in zip(self._facts, (*body.facts, None, None, None), strict=False):
            line.show(badge)
        self._why.show(body.why)

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        mm, gap = self.theme.mm, self.theme.gap
        picture, words = room.cut_left(room.w * 0.56, gap)
        tools, stage = picture.cut_right(mm(18))
        self._stage.put(stage)
        self._picture.put(picture)
        near, far = tools.cut_bottom(mm(15 * 2 + 2))[0].rows(2, mm(2))
        self._near.put(near)
        self._far.put(far)
        if self._small:
            self._put_small(words, slot)
            return
        rest = self._title.put(words, "top").cut_top(mm(1.5))[1]
        rest = self._words.put(rest, "top").cut_top(mm(5))[1]
        rest = self._put_promise(rest)
        for line in self._facts:
            rest = line.put(rest).cut_top(mm(1.5))[1]
        self._why.put(rest.cut_top(mm(3))[1])

    def _put_small(self, words: Rect, slot: Rect) -> None:
        mm = self.theme.mm
        fits = self._title.natural_width() <= slot.w
        rest = words
        if fits:
            self._title.put(slot)
        else:
            rest = self._title.put(words, "top").cut_top(mm(1))[1]
        rest = self._put_promise(rest)
        time, weight, size = self._facts
        if time.natural_width() + weight.natural_width() + mm(3) <= rest.w:
            row, rest = rest.cut_top(time.height_for(rest.w), mm(1))
            first, second = row.cut_left(time.natural_width(), mm(3))
            time.put(first)
            weight.put(second)
        else:
            rest = time.put(rest).cut_top(mm(1))[1]
            rest = weight.put(rest).cut_top(mm(1))[1]
        rest = size.put(rest).cut_top(mm(2))[1]
        rest = self._why.put(rest)
        room_left = self._words.height_for(rest.w) <= rest.h
        self._words.opacity = float(room_left)
        self._words.put(rest, "top")

    def _put_promise(self, rest: Rect) -> Rect:
        if not self._promise.text:
            return rest
        return self._promise.put(rest, "top").cut_top(self.theme.mm(1.5))[1]

    def _zoom(self, nearer: bool) -> None:
        self.send(Touched())
        self._stage.step(nearer)

    def grow_from(self, card: Rect) -> None:
        """Out of the card that was pressed: its picture grows into the model."""
        if self._body is None:
            return
        self._flying.show(self._body.picture)
        self._flying.put(card)
        self._stage.opacity = 0.0
        stage = self._stage
        growth = Animation(pos=stage.pos, size=stage.size, d=self.theme.turn_s, t="out_cubic")
        growth.bind(on_complete=lambda *_: self._landed())
        growth.start(self._flying)

    def leave(self) -> None:
        self._body = None
        Animation.cancel_all(self._flying)
        self._landed()
        self._stage.release()

    def _landed(self) -> None:
        self._flying.show(None)
        self._stage.opacity = 1.0
