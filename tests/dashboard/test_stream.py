"""The stream of a page, as the server sends it to a browser."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from support.accounts import signed_in
from support.asgi import visited
from support.region_rows import as_json, kiosk_row, listening, snapshot
from support.reporting_kiosk import job

from dashboard import models
from dashboard.pages.parts import now_ms
from dashboard.rights import Role
from firmware_bridge.contract import JobState

pytestmark = pytest.mark.usefixtures("database")


async def _first(stream: AsyncIterator[bytes]) -> dict[str, Any]:
    """After the line that tells a browser when to come back."""
    assert (await anext(stream)).startswith(b"retry:")
    return await _next(stream)


async def _next(stream: AsyncIterator[bytes]) -> dict[str, Any]:
    message: dict[str, Any] = json.loads((await anext(stream)).removeprefix(b"data: "))
    return message


def _change(**fields: Any) -> None:
    """What the recorder would write of one kiosk."""
    models.Kiosk.objects.filter(pk="deinze").update(**fields)
    listening_now = models.Listening.objects.get()
    models.Listening.objects.update(changes=listening_now.changes + 1)


def _session() -> str:
    value: str = signed_in("noor", Role.VIEWER).cookies["sessionid"].value
    return value


def test_without_a_session_it_says_only_that() -> None:
    async def all_of_it() -> bytes:
        async with visited("/live") as stream:
            return b"".join([piece async for piece in stream])

    assert asyncio.run(all_of_it()) == b"event: signed-out\ndata: {}\n\n"


def test_it_sends_what_changed_and_only_that() -> None:
    listening()
    kiosk_row()
    kiosk_row("gent")
    session = _session()

    async def messages() -> list[dict[str, Any]]:
        async with visited("/live", session) as stream:
            first = await _first(stream)
            await asyncio.to_thread(_change, state=as_json(snapshot(job(JobState.READY))))
            return [first, await _next(stream)]

    first, second = asyncio.run(messages())
    assert set(first["parts"]) == {"notice", "summary", "nothing", "tile-deinze", "tile-gent"}
    assert set(second["parts"]) == {"summary", "tile-deinze"}
    assert "Klaar om af te halen" in second["parts"]["tile-deinze"]
    assert first["order"] == {"tiles": ["tile-deinze", "tile-gent"]}


def test_of_a_tile_that_was_only_heard_again_it_sends_the_moment_alone() -> None:
    listening()
    kiosk_row()
    kiosk_row("gent")
    session, heard_ms = _session(), now_ms() + 1

    async def messages() -> list[dict[str, Any]]:
        async with visited("/live", session) as stream:
            first = await _first(stream)
            await asyncio.to_thread(_change, seen_ms=heard_ms)
            return [first, await _next(stream)]

    first, second = asyncio.run(messages())
    assert 'class="age" data-ms="' in first["parts"]["tile-deinze"] and first["heard"] == {}
    assert second["parts"] == {} and second["heard"] == {"tile-deinze": heard_ms}


def test_all_who_look_share_what_is_rendered() -> None:
    """Another choice, another viewer: the same HTML of a tile, each with its age."""
    listening()
    kiosk_row()
    kiosk_row("gent")
    session = _session()

    async def first_of(path: str) -> dict[str, Any]:
        async with visited(path, session) as stream:
            return await _first(stream)

    from dashboard.pages.parts import rendered_tile

    rendered_tile.cache_clear()
    all_of_them = asyncio.run(first_of("/live"))
    one = asyncio.run(first_of("/live?library=Bibliotheek+Deinze"))
    assert one["parts"]["tile-deinze"] == all_of_them["parts"]["tile-deinze"]
    assert rendered_tile.cache_info().misses == 2


def test_a_page_that_is_open_holds_no_thread() -> None:
    listening()
    kiosk_row()
    session = _session()

    async def threads_beside_open_pages() -> int:
        async with AsyncExitStack() as pages:
            first = await pages.enter_async_context(visited("/live", session))
            await _first(first)
            before = threading.active_count()
            for _ in range(10):
                await _first(await pages.enter_async_context(visited("/live", session)))
            return threading.active_count() - before

    assert asyncio.run(threads_beside_open_pages()) < 5
