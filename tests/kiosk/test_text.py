"""Words stay where they were put."""

from offscreen import Driver


def test_measuring_words_that_stand_somewhere_does_not_move_them(awake: Driver) -> None:
    from kiosk.ui.geometry import Rect
    from kiosk.ui.widgets.text import Text

    text = Text(awake.app._theme, bold=True)
    text.text = "Noor"
    text.put(Rect(10, 10, 400, 60))
    assert 0 < text.natural_width() < 400
    awake.frames()
    assert text.texture_size[0] == 400, "from the left edge of its room, and not in its middle"


def test_the_caret_stands_behind_what_was_typed(awake: Driver) -> None:
    from kiosk.ui.screens.make import TextField

    awake.press("wake")
    awake.press("card:sleutelhanger")
    awake.press("make-yours")
    for key in "noo":
        awake.press(f"key:{key}")
    field = next(w for w in awake.app.surface.walk() if isinstance(w, TextField))
    awake.frames()
    drawn = field._text.texture.pixels
    width, height = field._text.texture.size
    columns = [x for x in range(width) if any(drawn[4 * (y * width + x) + 3] for y in range(height))]
    gap = field._caret.x - (field._text.x + max(columns))
    assert 0 < gap < awake.app._theme.mm(2), f"the caret stands {gap:g} px behind the last letter"
