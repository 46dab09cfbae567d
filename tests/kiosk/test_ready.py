"""What the next visitor will see is made while nobody is there."""

import gc
from pathlib import Path

import numpy as np
import pytest
import worlds
from offscreen import Driver
from test_glass import pixels

from kiosk.domain import intents, news
from kiosk.domain.coming import coming
from kiosk.domain.session import Aspect, Place
from kiosk.domain.update import update


def test_the_first_touches_are_foreseen_and_nothing_has_happened_yet(collection: Path) -> None:
    model, _effects = update(worlds.model(collection), news.BridgeUp(worlds.INFO, worlds.state()))
    before = model.session
    seen = [(later.session.place, later.session.aspect) for later in coming(model)]
    assert seen == [
        (Place.PLATE, Aspect.TURN),
        (Place.MODEL, Aspect.LAYERS),
        (Place.MODEL, Aspect.SIZE),
        (Place.MODEL, Aspect.TURN),
        (Place.COLLECTION, before.aspect),
    ]
    assert model.session == before


def test_a_collection_without_cards_is_foreseen_too(collection: Path) -> None:
    model = worlds.model(collection)
    assert [later.session.place for later in coming(model.with_world(pieces=()))] == [Place.COLLECTION]


def test_it_is_made_unseen_and_then_only_shown(driver: Driver) -> None:
    from kiosk.ui.screens.collection import CollectionScreen

    surface = driver.app.surface
    attract = surface._screen
    driver.app._ticking.cancel()
    attract._turning.cancel()
    driver.until(lambda: attract._stage.is_settled, "the model of the attract screen")
    before = pixels(surface).copy()
    while not driver.app.make_ready():
        pass
    driver.frames(3)
    assert driver.screen() == "attract"
    assert np.array_equal(pixels(surface), before)
    made = list(surface._screens[CollectionScreen, False]._tiles)
    assert len(made) == driver.app.model.world.cards_per_page
    driver.press("wake")
    driver.on("collection")
    assert surface._screen._tiles == made


def test_another_spool_makes_all_of_it_anew(driver: Driver) -> None:
    while not driver.app.make_ready():
        pass
    driver.app._rebuild()
    driver.app._draw()
    assert not driver.app.make_ready()


def test_what_a_visitor_leaves_behind_is_collected_when_nobody_is_there(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    while not driver.app.make_ready():
        pass
    driver.press("wake")
    driver.on("collection")
    collections: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda: collections.append(1))
    driver.app.tick()
    assert not collections
    driver.app.make_ready()
    assert len(collections) == 1
    driver.app.make_ready()
    assert len(collections) == 1, "once a visit"


def test_layers_that_nobody_waits_for_are_not_read(driver: Driver) -> None:
    driver.app.handle(news.BridgeUp(worlds.INFO, worlds.state()))
    driver.press("wake")
    driver.press("card:toren-1")
    screen = driver.app.surface._screen
    for look in (Aspect.LAYERS, Aspect.TURN):
        driver.app.handle(intents.LookAt(look))
    driver.until(lambda: screen._stage.is_settled, "the model again")
    assert screen._toolpath is None
    driver.app.handle(intents.LookAt(Aspect.LAYERS))
    driver.until(lambda: screen._print._drawn and screen._print._drawn[0] > 0, "layers")


def test_the_picture_of_a_card_flies_without_being_read_again(driver: Driver) -> None:
    driver.press("wake")
    driver.on("collection")
    picture = driver.app.surface._screen._tiles[0].picture
    driver.press("card:toren-1")
    screen = driver.app.surface._screen
    screen.grow_from(picture)
    assert screen._flying.texture is picture.texture
    assert not screen._flying.source
    driver.until(lambda: screen._flying.texture is None and screen._stage.opacity == 1, "that it has landed")
