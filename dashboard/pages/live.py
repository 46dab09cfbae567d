"""A page's stream of changes, as server-sent events.

A stream ends by itself and the browser comes back: that bounds what a browser that went away leaves behind, and
asks again whether the account is still signed in.
"""

import asyncio
import json
import math
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable
from typing import Final
from weakref import WeakValueDictionary

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation

from dashboard.pages import parts, readings
from dashboard.pages.parts import Parts, now_ms
from dashboard.pages.streaming import GOES_ON

POLL_S: Final = 0.6
"""How often the database is asked whether anything changed."""
REFRESH_S: Final = 5.0
"""Without a change: what is silent shows only because time passes."""
STREAM_S: Final = 120.0
CLOSING: Final = threading.Event()
"""Set once, when the process stops: streams end by themselves, or an open page would hold it up."""
COME_BACK_MS: Final = 1_000
NOTHING: Final = Parts({})


def event_stream(
    request: HttpRequest, render: Callable[[], Parts], alike: Hashable | None = None
) -> StreamingHttpResponse:
    """The beginning of a stream of the parts that differ from what this browser has; `streaming` goes on with it.

    `alike`: streams with the same (and the same language) are rendered once for all who look; None where what is
    shown depends on who that is.
    """
    assert isinstance(request, ASGIRequest)
    request.scope[GOES_ON] = differences(render, request.LANGUAGE_CODE, alike)
    response = StreamingHttpResponse(
        _once(f"retry: {COME_BACK_MS}\n\n".encode()), content_type="text/event-stream"
    )
    response["X-Accel-Buffering"] = "no"
    return response


def signed_out() -> StreamingHttpResponse:
    """For who has no session (any more): the script then asks for the page, and with it for the sign-in."""
    body = b"event: signed-out\ndata: {}\n\n"
    return StreamingHttpResponse(_once(body), content_type="text/event-stream")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def differences(
    render: Callable[[], Parts], language: str, alike: Hashable | None = None
) -> AsyncGenerator[bytes, None]:
    """What the browser has to put in place, as it changes; all of it at first."""
    rendering = _shared(render, language, alike)
    had, version = NOTHING, 0
    begin = time.monotonic()
    while time.monotonic() < begin + STREAM_S and not CLOSING.is_set():
        newest, has = await rendering.newest()
        # What others see already may be older than the page that this browser has just got.
        if newest != version and rendering.looked_s >= begin:
            yield rendering.message(version, had)
            had, version = has, newest
        await asyncio.sleep(POLL_S)


def _shared(render: Callable[[], Parts], language: str, alike: Hashable | None) -> "_Rendering":
    """Of those that are alike: the one there is, or a new one."""

    def rendered() -> Parts:
        with translation.override(language):
            return render()

    if alike is None:
        return _Rendering(rendered)
    return _SHARED.setdefault((id(asyncio.get_running_loop()), language, alike), _Rendering(rendered))


class _Rendering:
    """What all streams that are alike show, rendered once for all of them; it goes with the last of them.

    `looked_s`: so old at most is what it shows, by the monotonic clock.
    """

    def __init__(self, render: Callable[[], Parts]) -> None:
        self.looked_s = -math.inf
        self._render = render
        self._lock = asyncio.Lock()
        self._version, self._parts = 0, NOTHING
        self._counted = -1
        self._look_due = self._refresh_due = 0.0
        self._messages: dict[int, bytes] = {}

    async def newest(self) -> tuple[int, Parts]:
        """A number that grows, and the parts. Rendering takes half of a processor at most."""
        async with self._lock:
            begin = time.monotonic()
            if begin >= self._look_due:
                # Outside of any request, all renderings share one thread and its one connection to the database.
                await sync_to_async(self._look)(begin)
                took_s = time.monotonic() - begin
                self._look_due = begin + took_s + max(POLL_S / 2, took_s)
            return self._version, self._parts

    def message(self, version: int, had: Parts) -> bytes:
        """From what a browser has, which was that version, to the newest: made once for all who have the same."""
        if version not in self._messages:
            self._messages[version] = _message(had, self._parts)
        return self._messages[version]

    def _look(self, now_s: float) -> None:
        try:
            count = readings.changes()
            self.looked_s = now_s
            if count == self._counted and now_s < self._refresh_due:
                return
            self._parts = self._render()
        except DatabaseError:
            connection.close()  # whoever comes back tries it on a new one
            raise
        self._version += 1
        self._messages.clear()
        self._counted, self._refresh_due = count, now_s + REFRESH_S


_SHARED: Final[WeakValueDictionary[Hashable, _Rendering]] = WeakValueDictionary()


def _message(had: Parts, has: Parts) -> bytes:
    """Sent even when nothing differs: it carries the clock that ages are counted by."""
    different = {
        name: parts.aged(html, has.heard_ms.get(name))
        for name, html in has.html.items()
        if had.html.get(name) != html
    }
    heard = {
        name: ms
        for name, ms in has.heard_ms.items()
        if ms is not None and name not in different and had.heard_ms.get(name) != ms
    }
    order = has.order if has.order != had.order else {}
    said = {"now": now_ms(), "parts": different, "heard": heard, "order": order}
    return f"data: {json.dumps(said, ensure_ascii=False)}\n\n".encode()
