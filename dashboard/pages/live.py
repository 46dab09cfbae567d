"""A page's stream of changes, as server-sent events.

A stream ends by itself and the browser comes back: that bounds what a browser that went away leaves behind, and
asks again whether the account is still signed in.
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Final

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


def event_stream(request: HttpRequest, render: Callable[[], Parts]) -> StreamingHttpResponse:
    """A response that goes on: the parts that differ from what this browser has."""

    def rendered() -> Parts:
        with translation.override(request.LANGUAGE_CODE):
            return render()

    response = StreamingHttpResponse(_differences(rendered), content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def signed_out() -> StreamingHttpResponse:
    """For who has no session (any more): the script then asks for the page, and with it for the sign-in."""
    body = b"event: signed-out\ndata: {}\n\n"
    return StreamingHttpResponse(_once(body), content_type="text/event-stream")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _differences(rendered: Callable[[], Parts]) -> AsyncIterator[bytes]:
    yield f"retry: {COME_BACK_MS}\n\n".encode()
    had = Parts({})
    counted = -1
    end = time.monotonic() + STREAM_S
    refresh = 0.0
    while time.monotonic() < end and not CLOSING.is_set():
        count = await sync_to_async(readings.changes)()
        if count != counted or time.monotonic() >= refresh:
            counted, refresh = count, time.monotonic() + REFRESH_S
            has = await sync_to_async(rendered)()
            yield _message(had, has)
            had = has
        await asyncio.sleep(POLL_S)


def _message(had: Parts, has: Parts) -> bytes:
    """Sent even when nothing differs: it carries the clock that ages are counted by."""
    different = {name: html for name, html in has.html.items() if had.html.get(name) != html}
    order = has.order if has.order != had.order else {}
    data = json.dumps({"now": now_ms(), "parts": different, "order": order}, ensure_ascii=False)
    return f"data: {data}\n\n".encode()
