"""Any language: letters that are shaped, lines from the right, a mirrored frame."""

from offscreen import Driver

from kiosk.domain import intents
from kiosk.locale import FROM_RIGHT
from kiosk.ui.scripts import Script, runs, script_of, visual, wrapped


def test_digits_and_latin_words_keep_their_order_in_arabic() -> None:
    line = visual("جاهز بين 15:05 و 15:15 مع PLA")
    assert "15:05" in line and "15:15" in line and "PLA" in line
    assert line.index("PLA") < line.index("15:15") < line.index("15:05"), "it is read from the right"
    assert "ز" not in line, "letters are shaped"


def test_each_run_of_a_line_has_the_font_that_can_draw_it() -> None:
    pieces = list(runs(visual("مع PLA 15")))
    assert "".join(piece for _script, piece in pieces) == visual("مع PLA 15")
    assert {script for script, piece in pieces if any(c.isascii() and c.isalnum() for c in piece)} == {
        Script.LATIN
    }
    assert [script_of(text) for text in ("Één", "Українська", "العربية")] == list(Script)


def test_lines_are_broken_before_they_are_turned() -> None:
    def width_of(text: str) -> float:
        return float(len(text))

    lines = wrapped("واحد اثنان ثلاثة اربعة", 12, width_of)
    assert lines[0].startswith("واحد") and " ".join(lines) == "واحد اثنان ثلاثة اربعة"
    assert all(len(line) <= 12 for line in lines)


def test_a_language_from_the_right_mirrors_the_frame(awake: Driver) -> None:
    awake.press("wake")

    def home_is_left() -> bool:
        return awake.widget("home")["x"] < awake.widget("help")["x"]

    assert home_is_left()
    for language, left in (("ar", False), ("uk", True), ("ar", False), ("nl", True)):
        awake.app.handle(intents.ChooseLanguage(language))
        awake.frames()
        assert home_is_left() is left, language
    assert frozenset({"ar"}) == FROM_RIGHT
