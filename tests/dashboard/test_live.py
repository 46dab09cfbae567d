"""Streams that show the same are rendered once, however many look."""

import asyncio
import json
from collections.abc import AsyncIterator, Hashable
from typing import Any

from django.utils.translation import get_language
from support.region_rows import listening

from dashboard.models import Listening
from dashboard.pages.live import differences
from dashboard.pages.parts import Parts


class Page:
    """Counts how often it is rendered; says which time it was, and in which language."""

    def __init__(self) -> None:
        self.rendered = 0

    def __call__(self) -> Parts:
        self.rendered += 1
        return Parts({"count": f"{self.rendered} {get_language()}", "still": "the same"})

    def stream(self, alike: Hashable | None, language: str = "nl") -> AsyncIterator[bytes]:
        return differences(self, language, alike)


async def _next(stream: AsyncIterator[bytes]) -> dict[str, Any]:
    async for piece in stream:
        if piece.startswith(b"data: "):
            return json.loads(piece.removeprefix(b"data: "))["parts"]
    raise AssertionError("the stream has ended")


def _changed() -> None:
    Listening.objects.update(changes=Listening.objects.get().changes + 1)


def test_fifty_open_pages_cost_one_rendering(database: None) -> None:
    listening()
    page = Page()

    async def look() -> list[dict[str, Any]]:
        streams = [page.stream("grid") for _ in range(50)]
        first = await asyncio.gather(*map(_next, streams))
        await asyncio.to_thread(_changed)
        second = await asyncio.gather(*map(_next, streams))
        return [*first, *second]

    said = asyncio.run(look())
    assert page.rendered == 2
    assert said[:50] == [{"count": "1 nl", "still": "the same"}] * 50
    assert said[50:] == [{"count": "2 nl"}] * 50, "only what differs"


def test_who_comes_later_gets_all_of_it(database: None) -> None:
    listening()
    page = Page()

    async def look() -> dict[str, Any]:
        early = page.stream("grid")
        await _next(early)
        return await _next(page.stream("grid"))

    assert asyncio.run(look()) == {"count": "1 nl", "still": "the same"}


def test_a_page_that_was_just_loaded_does_not_go_back_to_what_others_still_see(database: None) -> None:
    listening()
    page = Page()

    async def look() -> dict[str, Any]:
        early = page.stream("grid")
        await _next(early)
        await asyncio.to_thread(_changed)
        return await _next(page.stream("grid"))

    assert asyncio.run(look())["count"] == "2 nl"


def test_another_language_another_choice_and_another_person_are_rendered_apart(database: None) -> None:
    listening()
    page = Page()

    async def look() -> list[dict[str, Any]]:
        streams = [page.stream("grid"), page.stream("grid", "fr"), page.stream("wall")]
        streams += [page.stream(None), page.stream(None)]
        return [await _next(stream) for stream in streams]

    assert [one["count"].partition(" ")[2] for one in asyncio.run(look())] == ["nl", "fr", "nl", "nl", "nl"]
    assert page.rendered == 5


def test_it_is_rendered_anew_when_the_last_has_gone(database: None) -> None:
    """Nobody gets what was true an hour ago."""
    listening()
    page = Page()
    for expected in ("1 nl", "2 nl"):
        stream = page.stream

        async def look(stream: Any = stream) -> dict[str, Any]:
            return await _next(stream("grid"))

        assert asyncio.run(look())["count"] == expected
