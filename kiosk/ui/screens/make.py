"""Make it yours: the text, how it looks, and the keyboard."""

from kivy.uix.widget import Widget

from catalogue.packs import PackError
from kiosk.domain.intents import PressKey
from kiosk.presenters.make import ChoiceView, MakeView
from kiosk.presenters.views import Tone
from kiosk.ui import theme
from kiosk.ui.geometry import Rect
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import Dispatch, PushButton, Touchable
from kiosk.ui.widgets.camera import Camera
from kiosk.ui.widgets.keyboard import Keyboard
from kiosk.ui.widgets.meters import FillBar
from kiosk.ui.widgets.model_stage import ModelStage
from kiosk.ui.widgets.panel import BadgeLine, Panel
from kiosk.ui.widgets.text import Text


class TextField(Touchable):
    """What was typed, with a caret; a touch opens the keyboard."""

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__("text", lambda: dispatch(self._view.edit.intent))
        self._theme = theme_
        self._panel = Panel(theme_, theme.CARD, theme.ACTION)
        self._text = Text(theme_, theme.LEAD_MM * (0.9 if theme_.is_small else 1.2), bold=True)
        self._caret = Panel(theme_, theme.ACTION, theme.ACTION, radius_mm=0.2)
        for part in (self._panel, self._text, self._caret):
            self.add_widget(part)

    @property
    def label(self) -> str:
        return self._view.text or self._view.placeholder

    def show(self, view: MakeView) -> None:
        """Another text."""
        self._view = view
        self._text.bold = bool(view.text)
        self._text.paint(theme.INK if view.text else theme.SOFT_INK)

    def put(self, room: Rect) -> None:
        super().put(room)
        self._panel.put(room)
        mm = self._theme.mm
        inner = room.inset(mm(4), mm(1))
        # Of what is too long for the field, the letters that are typed now.
        self._text.text = self._text.end_of(self._view.text, inner.w) or self._view.placeholder
        self._text.put(inner)
        after = min(self._text.natural_width(), inner.w) + mm(0.5) if self._view.text else -mm(1)
        # Latin letters, which all keys are, grow to the right, also where all else is read from the right.
        x, thick = inner.x + (inner.w + mm(0.5) if inner.rtl else after), max(2.0, mm(0.6))
        self._caret.put(Rect(x, inner.y + mm(1.5), thick, inner.h - mm(3)))
        self._caret.opacity = float(self._view.typing and self._view.making is None)


class ChoiceRow(Widget):
    """A question and its options beside each other, or in two rows where they are too wide."""

    def __init__(self, theme_: Theme, view: ChoiceView, dispatch: Dispatch) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme_
        self._label = Text(theme_, theme.BODY_MM if theme_.is_small else theme.LEAD_MM, bold=True)
        self._label.text = view.label
        self._buttons = [PushButton(theme_, option, dispatch) for option in view.options]
        for part in (self._label, *self._buttons):
            self.add_widget(part)

    def put(self, room: Rect) -> Rect:
        """At the top of `room`; gives back what lies below."""
        mm = self._theme.mm
        gap = mm(theme.TARGET_GAP_MM)
        rest = self._label.put(room, "top").cut_top(mm(1))[1]
        columns = len(self._buttons)
        if max(button.natural_width() for button in self._buttons) > (room.w - (columns - 1) * gap) / columns:
            columns = 2
        for start in range(0, len(self._buttons), columns):
            line, rest = rest.cut_top(mm(theme.TARGET_MM), gap)
            for button, spot in zip(
                self._buttons[start : start + columns], line.columns(columns, gap), strict=False
            ):
                button.put(spot)
        return rest


class MakeScreen(Screen[MakeView]):
    """Where there is room, keyboard and model stand together; on a small screen they take turns."""

    @classmethod
    def is_large_itself(cls, body: MakeView) -> bool:
        return body.has_text

    @classmethod
    def is_low_itself(cls, body: MakeView) -> bool:
        return body.has_text or body.making is not None

    def __init__(self, theme_: Theme, dispatch: Dispatch) -> None:
        super().__init__(theme_, dispatch)
        self._view: MakeView | None = None
        self._stage = ModelStage(theme_, snug=True)
        self._stage.look(Camera(yaw=12.0, pitch=-42.0))
        self._label = Text(theme_, theme.LEAD_MM, bold=True)
        self._field = TextField(theme_, dispatch)
        self._hint = BadgeLine(theme_, name="hint")
        self._keyboard = Keyboard(theme_, lambda key: dispatch(PressKey(key)))
        self._step = Text(theme_, theme.LEAD_MM, bold=True, name="step")
        self._explanation = Text(theme_, theme.BODY_MM)
        self._bar = FillBar(theme_)
        self._title = Text(theme_, theme.TITLE_MM * 0.8, bold=True, name="title")
        self._rows: list[ChoiceRow] = []

    def show(self, body: MakeView) -> None:
        self._view = body
        try:
            self._stage.show(body.mesh)
        except PackError:
            self._stage.show(None)
        self._label.text = self._title.text = body.label
        self._rows = [ChoiceRow(self.theme, choice, self.send) for choice in body.choices]
        self._field.show(body)
        self._hint.show(body.hint if body.making is None else None)
        self._keyboard.show(body.page, body.capital, body.space, body.done)
        if body.making:
            self._step.text, self._explanation.text = body.making.text, body.making.explanation
            self._bar.show(body.making.share)
        self.clear_widgets()
        self.add(*self._wanted(body))

    def leave(self) -> None:
        self._stage.release()

    def put(self, room: Rect, slot: Rect, floor: float) -> None:
        view = self._view
        if view is None:
            return
        if not view.has_text:
            self._put_choices(room, slot, view)
            return
        # Where the keyboard is always open the field only shows: it need not be within reach.
        self._field.disabled = not self.theme.is_small
        if self.theme.is_small:
            self._put_small(room, slot, view)
            return
        if self.theme.is_large:
            self._put_large(room, slot, view)
            return
        mm, gap = self.theme.mm, self.theme.gap
        if view.making:
            stage, words = room.cut_left(room.w * 0.5, gap)
            self._stage.put(stage)
            self._put_making(words)
            self._field.put(slot.cut_left(min(slot.w, mm(95)))[0])
            return
        keys, above = room.cut_bottom(self._keyboard.natural_height(), mm(3))
        self._keyboard.put(keys)
        words, _rest = above.cut_left(mm(92))
        self._field.put(words.cut_bottom(mm(15))[0])
        used = slot.x + slot.w - words.x if room.rtl else words.x + words.w - slot.x
        top, _rest = slot.cut_left(min(slot.w, used))
        if view.hint is None or view.hint.tone is Tone.PLAIN:
            label, hint = top.rows(2)
            self._label.put(label)
            self._hint.put(hint)
        else:
            self._hint.put(top.centred(top.w, self._hint.height_for(top.w)))
        self._label.opacity = float(view.hint is None or view.hint.tone is Tone.PLAIN)
        # The model may use the free part of the upper bar too.
        left, right = words.x + words.w + gap, slot.x + slot.w
        if room.rtl:
            left, right = slot.x, words.x - gap
        self._stage.put(Rect(left, above.y, right - left, slot.y + slot.h - above.y))

    def _put_choices(self, room: Rect, slot: Rect, view: MakeView) -> None:
        mm = self.theme.mm
        self._title.put(slot)
        stage, words = room.cut_left(room.w * 0.42, self.theme.gap)
        self._stage.put(stage)
        if view.making:
            self._put_making(words)
            return
        if self.theme.is_small:
            high = self._hint.height_for(slot.w)
            self._title.opacity = float(self._hint.is_empty or high > slot.h)
            if high > slot.h:
                words = self._hint.put(words)
            else:
                self._hint.put(slot.centred(slot.w, high))
        elif not self._hint.is_empty:
            words = self._hint.put(words).cut_top(mm(2))[1]
        for row in self._rows:
            words = row.put(words).cut_top(mm(1 if self.theme.is_small else 4))[1]

    def _put_large(self, room: Rect, slot: Rect, view: MakeView) -> None:
        """The text in the bar above, one sentence about it, and the keyboard."""
        if view.making:
            slot, room = room.cut_top(self.theme.mm(theme.TARGET_MM), self.theme.mm(1))
        self._field.put(slot.centred(slot.w, self.theme.mm(theme.TARGET_MM)))
        self._label.opacity = self._stage.opacity = 0.0
        if view.making:
            self._put_making(room)
            return
        keys, above = room.cut_bottom(self._keyboard.natural_height(), self.theme.mm(1))
        self._keyboard.put(keys)
        self._hint.put(above.centred(above.w, self._hint.height_for(above.w)))

    def _put_small(self, room: Rect, slot: Rect, view: MakeView) -> None:
        mm = self.theme.mm
        if self.theme.is_large and (view.making or not view.typing):
            slot, room = room.cut_top(mm(theme.TARGET_MM), mm(1))
        self._field.put(slot.centred(slot.w, mm(theme.TARGET_MM)))
        if view.making:
            stage, words = room.cut_left(room.w * (0.0 if self.theme.is_large else 0.5), self.theme.gap)
            self._stage.put(stage)
            self._put_making(words)
        elif view.typing:
            self._keyboard.put(room)
        else:
            hint, stage = room.cut_bottom(max(mm(7), self._hint.height_for(room.w)), mm(1))
            self._stage.put(stage)
            self._hint.put(hint)

    def _put_making(self, room: Rect) -> None:
        mm = self.theme.mm
        width = room.w if self.theme.is_large else min(room.w, mm(130))
        height = self._step.height_for(width) + self._explanation.height_for(width) + mm(10)
        self._explanation.opacity = float(height <= room.h)
        if height > room.h:
            height -= self._explanation.height_for(width)
        block = room.centred(width, height)
        rest = self._step.put(block, "top").cut_top(mm(2))[1]
        bar, rest = rest.cut_top(mm(5), mm(3))
        self._bar.put(bar)
        self._explanation.put(rest, "top")

    def _wanted(self, view: MakeView) -> list[object]:
        small = self.theme.is_small
        if not view.has_text:
            making = [self._step, self._bar, self._explanation] if view.making else [*self._rows, self._hint]
            return [self._stage, self._title, *making]
        if view.making:
            return [self._stage, self._field, self._step, self._bar, self._explanation]
        if not small:
            return [self._stage, self._label, self._field, self._hint, self._keyboard]
        return [self._field, self._keyboard] if view.typing else [self._field, self._stage, self._hint]
