"""One model: it turns under a finger, and the facts stand beside it."""

from pathlib import Path

from kivy.animation import Animation
from kivy.clock import Clock

from catalogue.packs import PackError, read_toolpath
from kiosk.domain.intents import ShowLayer, Touched
from kiosk.domain.world import JobToolpath
from kiosk.presenters.piece import LayersView, PieceView
from kiosk.presenters.views import Action
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, Tool
from kiosk.ui.widgets.model_stage import ModelStage
from kiosk.ui.widgets.panel import BadgeLine, Picture
from kiosk.ui.widgets.print_stage import PrintStage
from kiosk.ui.widgets.slider import LayerSlider
from kiosk.ui.widgets.text import Text

PLAY_S, PLAY_FRAMES_PER_S = 8.0, 12
"""How long it takes to see it printed from the first layer to the last."""


class PieceScreen(Screen[PieceView]):
    """3D on the left, words on the right."""

    @classmethod
    def is_low_itself(cls, body: PieceView) -> bool:
        return body.layers is None

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._body: PieceView | None = None
        self._stage = ModelStage(theme_)
        self._picture = Picture(theme_)
        self._flying = Picture(theme_)
        self._print = PrintStage(theme_)
        self._aspects: list[Tool] = []
        self._tools: dict[str, Tool] = {}
        self._slider = LayerSlider(theme_, self._slid)
        self._count = Text(theme_, theme.BODY_MM, colour=theme.SOFT_INK, halign="center", name="layers")
        self._playing = Clock.create_trigger(self._play, 1 / PLAY_FRAMES_PER_S, interval=True)
        self._opening = Clock.create_trigger(self._open, 0)
        self._layer = 0.0
        self._toolpath: tuple[Path, JobToolpath] | None = None
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
        # What flies passes below the words.
        self.add(self._stage, self._print, self._picture, self._flying)
        self.add(self._near, self._far, self._slider)
        self.add(self._title, self._words, self._promise, *self._facts, self._why, self._count)

    def show(self, body: PieceView) -> None:
        before, self._body = self._body, body
        self._print.opacity = float(body.layers is not None)
        self._stage.opacity = float(body.layers is None)
        same = before is not None and (before.card, before.beside) == (body.card, body.beside)
        self._show_aspects(body)
        self._picture.show(None)
        try:
            self._show_layers(body.layers)
            if body.layers is None:
                self._stage.show(body.mesh, None if same else body.view, body.beside)
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
        tools, stage = picture.cut_right(max(mm(18), self._near.natural_width(), self._far.natural_width()))
        others, stage = stage.cut_left(max(tool.natural_width() for tool in self._aspects), mm(1))
        for tool, spot in zip(self._aspects, others.cut_bottom(mm(15 * 2 + 2))[0].rows(2, mm(2)), strict=False):
            tool.put(spot)
        self._picture.put(stage)
        self._put_stage(stage, picture)
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

    def _put_stage(self, stage: Rect, whole: Rect) -> None:
        layers = self._body.layers if self._body else None
        for part in (self._print, self._slider, self._count):
            part.opacity = float(layers is not None)
        self._stage.opacity = float(layers is None)
        self._slider.disabled = layers is None
        if layers is None:
            self._print.release()
            self._stage.put(stage)
            self._slider.put(Rect(whole.x, whole.y, 0, 0))
            return
        self._stage.release()
        mm = self.theme.mm
        line, rest = whole.cut_top(mm(15), mm(1))
        rest = Rect(stage.x, rest.y, stage.w, rest.h)
        self._count.opacity = float(not self._small)
        if not self._small:
            count, line = line.cut_right(self._count.natural_width() + 1, mm(3))
            self._count.put(count)
        self._slider.put(line)
        self._print.put(rest)

    def _show_aspects(self, body: PieceView) -> None:
        if [tool.name for tool in self._aspects] == [action.name for action in body.aspects]:
            for tool, action in zip(self._aspects, body.aspects, strict=True):
                tool.show(action)
            return
        for tool in self._aspects:
            self.remove_widget(tool)
        self._aspects = [self._tool(action) for action in body.aspects]
        self.add(*self._aspects)

    def _tool(self, action: Action) -> Tool:
        """Made once for each name."""
        tool = self._tools.get(action.name)
        if tool is None:
            tool = self._tools[action.name] = Tool(self.theme, action, self.send)
        tool.show(action)
        return tool

    def _show_layers(self, layers: LayersView | None) -> None:
        if layers is None:
            self._playing.cancel()
            self._layer = 0.0
            return
        self._slider.say(layers.fewer, layers.more)
        self._count.text = layers.word
        if self._toolpath is None or self._toolpath[0] != layers.toolpath:
            self._slider.show(layers.layer or 1, layers.layers)
            self._opening()
            return
        if layers.layer is not None:
            self._playing.cancel()
            self._show_layer(layers.layer)
        elif self._layer == 0.0:
            self._show_layer(1)
            self._playing()

    def _open(self, _dt: float) -> None:
        """The toolpath comes when words and slider are on the glass: together they would take too long."""
        layers = self._body.layers if self._body else None
        if self._body is None or layers is None:
            return
        try:
            self._toolpath = (layers.toolpath, JobToolpath("", read_toolpath(layers.toolpath)))
            self._show_layers(layers)
        except PackError:
            self._picture.show(self._body.picture)

    def _play(self, _dt: float) -> None:
        layers = self._body.layers.layers if self._body and self._body.layers else 1
        self._layer = min(float(layers), self._layer + layers / (PLAY_S * PLAY_FRAMES_PER_S))
        self._show_layer(max(1, int(self._layer)))
        if self._layer >= layers:
            self._playing.cancel()

    def _show_layer(self, layer: int) -> None:
        if self._toolpath is None or self._body is None or self._body.layers is None:
            return
        self._layer = max(self._layer, float(layer)) if self._body.layers.layer is None else float(layer)
        toolpath = self._toolpath[1]
        if toolpath.pack:
            last = len(toolpath.pack.layer_start) - 1
            self._print.show(toolpath, int(toolpath.pack.layer_start[min(layer, last)]), head=layer < last)
        self._slider.show(layer, self._body.layers.layers)

    def _slid(self, layer: int) -> None:
        self.send(ShowLayer(layer))

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
        # The size is told in its own picture too.
        has_size = size.height_for(rest.w) + mm(2) + self._why.height_for(rest.w) <= rest.h
        size.opacity = float(has_size)
        if has_size:
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
        stage = self._print if self._body and self._body.layers else self._stage
        stage.step(nearer)

    def grow_from(self, card: Picture) -> None:
        """Out of the card that was pressed: its picture grows into the model."""
        if self._body is None:
            return
        self._flying.show_as(card)
        self._flying.put(Rect(*card.pos, *card.size))
        self._stage.opacity = 0.0
        stage = self._stage
        growth = Animation(pos=stage.pos, size=stage.size, d=self.theme.turn_s, t="out_cubic")
        growth.bind(on_complete=lambda *_: self._landed())
        growth.start(self._flying)

    def leave(self) -> None:
        self._body = None
        Animation.cancel_all(self._flying)
        self._landed()
        for trigger in (self._playing, self._opening):
            trigger.cancel()
        self._layer, self._toolpath = 0.0, None
        self._print.release()
        self._stage.release()

    def _landed(self) -> None:
        self._flying.show(None)
        self._stage.opacity = 1.0
