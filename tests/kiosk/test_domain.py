"""Times, colours, the toolpath's progress: numbers."""

from datetime import datetime

import pytest
from pieces import tower

from firmware_bridge.contract import Progress
from kiosk.domain.colour import contrast, from_hex, visible_on
from kiosk.domain.modes import Contrast
from kiosk.domain.times import ready_about, ready_between, whole_minutes
from kiosk.domain.toolpath import segments_done
from kiosk.ui import theme

PAPER = from_hex("#FAF6EF")


@pytest.mark.parametrize("estimate_s", [60, 300, 900, 3600, 7200])
def test_a_promise_is_honest_and_on_whole_five_minutes(estimate_s: float) -> None:
    now = datetime(2026, 11, 22, 23, 58, 31)
    ready = ready_between(now, estimate_s)
    assert ready.earliest < ready.latest
    assert (ready.earliest.minute % 5, ready.latest.minute % 5, ready.latest.second) == (0, 0, 0)
    assert (ready.latest - now).total_seconds() >= estimate_s * 1.15


def test_near_the_end_the_time_is_to_the_minute() -> None:
    now = datetime(2026, 11, 22, 14, 52, 10)
    assert ready_about(now, 200).minute == 56
    assert ready_about(now, 3600).minute == 0
    assert [whole_minutes(s) for s in (0, 59, 61)] == [1, 1, 2]


@pytest.mark.parametrize("colour", ["#FFFFFF", "#F5E663", "#101010", "#E4572E", "#FAF6EF", "#00FF00"])
def test_any_spool_can_be_seen_on_paper(colour: str) -> None:
    assert contrast(visible_on(from_hex(colour), PAPER), PAPER) >= 3
    kept = contrast(from_hex(colour), PAPER) >= 3
    assert (visible_on(from_hex(colour), PAPER) == from_hex(colour)) is kept


@pytest.mark.parametrize(("worn", "least"), [(Contrast.NORMAL, 4.5), (Contrast.LIGHT, 7.0), (Contrast.NIGHT, 7.0)])
def test_every_text_has_contrast_on_its_ground(worn: Contrast, least: float) -> None:
    rgb = theme.PALETTES[worn]
    pairs = [(theme.INK, theme.PAPER), (theme.SOFT_INK, theme.PAPER), (theme.INK, theme.CARD)]
    pairs += [(theme.SOFT_INK, theme.CARD), (theme.INK, theme.PRESSED), *theme.TONES.values()]
    pairs += [(ink, theme.CARD) for ink, _ground in theme.TONES.values()]
    pairs += [(paint.text, paint.ground) for paint in (*theme.BUTTONS.values(), theme.DISABLED)]
    pairs += [(paint.text, paint.pressed) for paint in theme.BUTTONS.values()]
    for text, ground in pairs:
        assert contrast(rgb[text], rgb[ground]) >= least, (text, ground)
    for paint in theme.BUTTONS.values():
        assert contrast(rgb[paint.border], rgb[theme.PAPER]) >= 3


def test_every_contrast_has_every_colour() -> None:
    assert all(set(palette) == set(theme.Token) for palette in theme.PALETTES.values())
    assert set(theme.PALETTES) == set(Contrast)


def test_progress_is_exact_to_the_layer() -> None:
    pack = tower(14, 12)

    def done(line: int, layer: int) -> int:
        return segments_done(
            pack,
            Progress(line=line, lines=90, layer=layer, layers=12, done=0, elapsed_s=0, remaining_s=None),
        )

    assert segments_done(pack, None) == 0
    assert done(5, 0) == 0
    assert done(0, 3) == 8
    assert done(90, 3) == 12
    assert done(90, 12) == 48
    assert done(90, 99) == 48
    assert [done(line, 5) for line in range(90)] == sorted(done(line, 5) for line in range(90))
