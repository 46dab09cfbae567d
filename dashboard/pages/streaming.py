"""Streams go on after the request: its thread and its connection to the database are free again by then."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

GOES_ON: Final = "maakhoek.goes_on"
"""In the scope: the pieces (an asynchronous generator of bytes) with which the answer of a view goes on."""

CHUNK_BYTES: Final = 32 * 1024
"""Of a piece that all share, no more than this waits to be sent for each of them."""


class Streaming:
    """Around an ASGI application: after its answer come the pieces, until there are no more or nobody is there."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.body" and GOES_ON in scope:
                message["more_body"] = True
            await send(message)

        await self._application(scope, receive, send_on)
        pieces: AsyncGenerator[bytes, None] | None = scope.get(GOES_ON)
        if pieces is not None:
            await _send_pieces(pieces, receive, send)


async def _send_pieces(pieces: AsyncGenerator[bytes, None], receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(_gone(receive))
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                for begin in range(0, len(piece), CHUNK_BYTES):
                    if gone.done():
                        return
                    body = piece[begin : begin + CHUNK_BYTES]
                    await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body"})
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
