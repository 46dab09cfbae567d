"""What a screen says, shows and offers, anew in large letters: as rows below each other, in its own order.

The screen is only read: it is never on the glass itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kivy.uix.widget import Widget

from kiosk.ui import theme
from kiosk.ui.paging import Row
from kiosk.ui.screens.screen import Screen
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.button import PushButton, Touchable
from kiosk.ui.widgets.large_choice import LargeChoice
from kiosk.ui.widgets.panel import BadgeLine
from kiosk.ui.widgets.printer_picture import PrinterPicture
from kiosk.ui.widgets.stage import Stage
from kiosk.ui.widgets.text import Text

CHOICE_MM = 70.0
"""Least width of a choice where several stand beside each other."""


class LargeContent:
    """Of `screen`, which was made with a theme of ordinary letters; `theme_` has the large ones."""

    def __init__(self, theme_: Theme, screen: Screen[Any]) -> None:
        self._theme, self._screen = theme_, screen

    def parts(self) -> Iterator[Widget]:
        """All that it says, shows and offers, in the order in which it was added."""
        return _walk(self._screen)

    def title(self) -> str | None:
        """Its first words."""
        return next((part.text for part in self.parts() if isinstance(part, Text)), None)

    def offered(self) -> list[Touchable]:
        """What can be chosen."""
        return [part for part in self.parts() if isinstance(part, Touchable) and part.label]

    def rows(self, width: float, height: float, gap: float) -> Iterator[Row]:
        """Choices that follow each other stand side by side; where all is low they are not among the rows.

        Choices that the screen has before any word (how to turn a model) come last.
        """
        columns = columns_in(self._theme, width, gap)
        each = share(width, columns, gap)
        choices: list[Touchable] = []
        last: list[Touchable] = []
        has_words = False
        for part in self.parts():
            if isinstance(part, Touchable):
                if part.label and not self._theme.is_low:
                    (choices if has_words else last).append(self.choice(part, each))
                continue
            rows = list(self._word_rows(part, width, height))
            has_words = has_words or bool(rows)
            if rows:
                yield from self._choice_rows(choices, columns, each)
                choices = []
            yield from rows
        yield from self._choice_rows([*choices, *last], columns, each)

    def choice(self, original: Touchable, width: float) -> Touchable:
        """A button where its word fits on one line beside its icon."""
        if original.action:
            action = replace(original.action, enabled=not original.disabled)
            button = PushButton(self._theme, action, lambda _intent: original.choose())
            if button.natural_width() <= width:
                return button
        return LargeChoice(self._theme, original)

    def height_of(self, choice: Touchable, width: float) -> float:
        """Of what `choice` gave back."""
        least = self._theme.mm(theme.TARGET_MM)
        return choice.height_for(width) if isinstance(choice, LargeChoice) else least

    def _choice_rows(self, choices: list[Touchable], columns: int, each: float) -> Iterator[Row]:
        for first in range(0, len(choices), columns):
            row = choices[first : first + columns]
            yield Row(tuple(row), max(self.height_of(choice, each) for choice in row))

    def _word_rows(self, part: Widget, width: float, height: float) -> Iterator[Row]:
        if isinstance(part, BadgeLine):
            if not part.is_empty:
                yield from self._badge_row(part, width)
        elif isinstance(part, Text) and part.text:
            yield from self._text_rows(part, width, height)

    def _badge_row(self, original: BadgeLine, width: float) -> Iterator[Row]:
        line = BadgeLine(self._theme, theme.BODY_MM, name=original.name, bold=original.bold)
        line.show(original.badge)
        yield Row((line,), line.height_for(width))

    def _text_rows(self, original: Text, width: float, height: float) -> Iterator[Row]:
        """One row; a text that is higher than the page has a row for each sentence."""
        whole = self._text(original, original.text)
        if whole.height_for(width) <= height:
            yield Row((whole,), whole.height_for(width))
            return
        for sentence in original.text.replace(". ", ".\n").split("\n"):
            part = self._text(original, sentence)
            yield Row((part,), part.height_for(width))

    def _text(self, original: Text, words: str) -> Text:
        text = Text(self._theme, theme.BODY_MM, bold=original.is_bold, name=original.name)
        text.text = words
        return text


def columns_in(theme_: Theme, width: float, gap: float) -> int:
    """So many choices stand beside each other."""
    return max(1, int((width + gap) // (theme_.mm(CHOICE_MM) + gap)))


def share(width: float, columns: int, gap: float) -> float:
    """How wide each of so many is."""
    return (width - (columns - 1) * gap) / columns


def _walk(widget: Widget) -> Iterator[Widget]:
    for child in reversed(widget.children):
        if child.opacity <= 0:
            continue
        if isinstance(child, Touchable | BadgeLine | Text | Stage | PrinterPicture):
            yield child
        else:
            yield from _walk(child)
