"""The site as a server runs it: an ASGI application whose streams go on after the request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit


@asynccontextmanager
async def visited(path: str, session: str = "") -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of an answer as they come; afterwards the browser has gone, and the application has noticed."""
    from dashboard.asgi import application

    where = urlsplit(path)
    headers = [(b"host", b"localhost"), (b"cookie", f"sessionid={session}".encode())]
    scope = {"type": "http", "method": "GET", "path": where.path, "query_string": where.query.encode()}
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
    left = asyncio.Event()
    asked = iter([{"type": "http.request", "body": b""}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            pieces.put_nowait(message.get("body", b""))
            if not message.get("more_body", False):
                pieces.put_nowait(None)

    running = asyncio.create_task(application(scope | {"headers": headers}, receive, send))
    try:
        yield _until_the_end(pieces)
    finally:
        left.set()
        await asyncio.wait_for(running, 10)


async def _until_the_end(pieces: "asyncio.Queue[bytes | None]") -> AsyncIterator[bytes]:
    while (piece := await asyncio.wait_for(pieces.get(), 10)) is not None:
        if piece:
            yield piece
