import pytest
from shapely import Polygon

from catalogue.lettering import LettersMissingError, missing_letters, normal, text_outline


def test_capitals_are_as_high_as_asked():
    left, low, right, high = text_outline("HE", 10).bounds
    assert (low, high) == pytest.approx((0, 10), abs=0.01)
    assert 10 < right - left < 20


def test_counters_stay_open():
    (ring,) = text_outline("O", 10).geoms
    assert len(ring.interiors) == 1
    assert Polygon(ring.interiors[0]).area > 10


def test_decomposed_letters_are_composed_and_spaces_are_tidied():
    assert normal("  Zoe\u0308   B ") == "Zoë B"
    assert missing_letters("Zoe\u0308") == ""


def test_letters_that_the_font_lacks_are_told_each_once_and_not_in_the_message():
    with pytest.raises(LettersMissingError) as caught:
        text_outline("a☃b☃漢", 10)
    assert caught.value.letters == "☃漢"
    assert "☃" not in str(caught.value)


@pytest.mark.parametrize("letter", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéëïçàüñ0123456789&-")
def test_every_stroke_is_as_wide_as_the_nozzle_needs(letter):
    """At the smallest size that a tag uses. What a disc of 0.8 mm cannot reach would not be printed."""
    outline = text_outline(letter, 7.5)
    reached = outline.buffer(-0.4).buffer(0.4)
    assert outline.difference(reached.buffer(0.15)).area < 0.02 * outline.area
