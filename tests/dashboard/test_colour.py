"""Contrast: the spool's colour where it carries meaning, and the tokens that texts are in."""

import re
from itertools import product
from pathlib import Path

import pytest

from dashboard.pages.colour import NEUTRAL, NIGHT, PAPER, contrast_ratio, on_ground

STATIC = Path(__file__).parents[2] / "dashboard/static/dashboard"
LOOK = {
    "paper": "#faf6ef",
    "card": "#ffffff",
    "ink": "#1d2730",
    "soft-ink": "#51606b",
    "line": "#d9d2c5",
    "action": "#0f6b6e",
    "action-pressed": "#0a4f52",
    "well": "#22693b",
    "well-ground": "#ddf1e2",
    "wait": "#8a5a00",
    "wait-ground": "#ffe7b3",
    "stop": "#b3261e",
    "stop-ground": "#fbe3e0",
}
TEXTS = (
    ("ink", "paper"),
    ("ink", "card"),
    ("soft-ink", "paper"),
    ("soft-ink", "card"),
    ("action", "paper"),
    ("action", "card"),
    ("on-action", "action"),
    ("on-action", "action-pressed"),
    *((tone, f"{tone}-ground") for tone in ("well", "wait", "stop")),
    *(("ink", f"{tone}-ground") for tone in ("well", "wait", "stop", "calm")),
    ("stop", "card"),
    ("nozzle", "card"),
    ("bed", "card"),
)


def _tokens() -> dict[str, dict[str, str]]:
    light = _colours((STATIC / "tokens.css").read_text().partition("@media print")[0])
    return {"light": light, "dark": light | _colours((STATIC / "night.css").read_text())}


def _colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sheet))


def test_the_tokens_are_the_look() -> None:
    tokens = _tokens()
    assert tokens["light"].items() >= LOOK.items()
    assert (tokens["dark"]["paper"], tokens["dark"]["soft-ink"]) == ("#14202a", "#b9c4cc")
    assert (tokens["light"]["card"], tokens["dark"]["card"]) == (PAPER.lower(), NIGHT.lower())


@pytest.mark.parametrize(("scheme", "pair"), list(product(("light", "dark"), TEXTS)))
def test_texts_have_the_contrast_of_wcag_aa(scheme: str, pair: tuple[str, str]) -> None:
    tokens = _tokens()[scheme]
    assert contrast_ratio(tokens[pair[0]], tokens[pair[1]]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["edge", "action"])
def test_borders_of_controls_and_the_focus_can_be_seen(scheme: str, name: str) -> None:
    tokens = _tokens()[scheme]
    assert min(contrast_ratio(tokens[name], tokens[ground]) for ground in ("paper", "card")) >= 3.0


@pytest.mark.parametrize("ground", [PAPER, NIGHT])
@pytest.mark.parametrize(
    "spool", ["#FFFFFF", "#000000", "#FFD23F", "#E4572E", "#1C1C1C", "#2E86AB", "#00FF00", "#0000FF", "#777777"]
)
def test_any_spool_can_be_seen_on_any_ground(ground: str, spool: str) -> None:
    assert contrast_ratio(on_ground(spool, ground), ground) >= 2.95


def test_a_colour_that_is_seen_already_stays_and_a_broken_one_is_neutral() -> None:
    assert on_ground("#E4572E", PAPER) == "#E4572E"
    assert on_ground('red" onload="x', PAPER) == NEUTRAL
    moved = on_ground("#FFD23F", PAPER)
    red, green, blue = (int(moved[i : i + 2], 16) for i in (1, 3, 5))
    assert red > green > blue  # it is a yellow still
