"""A page's stream of changes, as server-sent events.

A stream ends by itself and the browser comes back: that bounds what a browser that went away leaves behind, and
asks again whether the account is still signed in.
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Hashable
from typing import Final
from weakref import WeakValueDictionary

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation

from dashboard.pages import readings
from dashboard.pages.parts import Parts, now_ms

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
    """A response that goes on: the parts that differ from what this browser has.

    Call it in the event loop. `alike`: streams with the same (and the same language) are rendered once for all who
    look; None where what is shown depends on who that is.
    """
    language = request.LANGUAGE_CODE

    def rendered() -> Parts:
        with translation.override(language):
            return render()

    key = (id(asyncio.get_running_loop()), language, alike)
    rendering = _SHARED.get(key) if alike is not None else None
    if rendering is None:
        rendering = _Rendering(rendered)
        if alike is not None:
            _SHARED[key] = rendering
    response = StreamingHttpResponse(_differences(rendering), content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def signed_out() -> StreamingHttpResponse:
    """For who has no session (any more): the script then asks for the page, and with it for the sign-in."""
    body = b"event: signed-out\ndata: {}\n\n"
    return StreamingHttpResponse(_once(body), content_type="text/event-stream")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _differences(rendering: "_Rendering") -> AsyncIterator[bytes]:
    yield f"retry: {COME_BACK_MS}\n\n".encode()
    had, version = NOTHING, 0
    end = time.monotonic() + STREAM_S
    while time.monotonic() < end and not CLOSING.is_set():
        newest, has = await rendering.newest()
        if newest != version:
            yield rendering.message(had, has)
            had, version = has, newest
        await asyncio.sleep(POLL_S)


class _Rendering:
    """What all streams that are alike show, rendered once for all of them; it goes with the last of them."""

    def __init__(self, render: Callable[[], Parts]) -> None:
        self._render = render
        self._lock = asyncio.Lock()
        self._version, self._parts = 0, NOTHING
        self._counted = -1
        self._look_due = self._refresh_due = 0.0
        self._said: tuple[Parts, Parts, bytes] | None = None

    async def newest(self) -> tuple[int, Parts]:
        """A number that grows, and the parts. Rendering takes half of a processor at most."""
        async with self._lock:
            begin = time.monotonic()
            if begin >= self._look_due:
                count = await sync_to_async(readings.changes)()
                if count != self._counted or begin >= self._refresh_due:
                    self._parts = await sync_to_async(self._render)()
                    self._version += 1
                    self._counted, self._refresh_due = count, begin + REFRESH_S
                took_s = time.monotonic() - begin
                self._look_due = begin + took_s + max(POLL_S / 2, took_s)
            return self._version, self._parts

    def message(self, had: Parts, has: Parts) -> bytes:
        """From what a browser has to what is: mostly the same for all, so made once."""
        if self._said is None or self._said[0] is not had or self._said[1] is not has:
            self._said = (had, has, _message(had, has))
        return self._said[2]


_SHARED: Final[WeakValueDictionary[Hashable, _Rendering]] = WeakValueDictionary()


def _message(had: Parts, has: Parts) -> bytes:
    """Sent even when nothing differs: it carries the clock that ages are counted by."""
    different = {name: html for name, html in has.html.items() if had.html.get(name) != html}
    order = has.order if has.order != had.order else {}
    data = json.dumps({"now": now_ms(), "parts": different, "order": order}, ensure_ascii=False)
    return f"data: {data}\n\n".encode()
