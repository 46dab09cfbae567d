"""`python -m benchmarks.region_viewers`: open pages of the dashboard, as browsers hold them: event streams.

A line each second: how many streams are open, how many messages and bytes came, and how old a change was when it
came. The probe is a kiosk whose tile changes with its state; the line on standard input is the moment, in
milliseconds, when it was made to change.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Seen:
    """By all streams, since the last line. `changed_ms`: when the probe's tile was made to change."""

    streams: int = 0
    messages: int = 0
    bytes: int = 0
    changed_ms: int = 0
    live_ms: list[int] = field(default_factory=list)


async def watch(seen: Seen, url: str, cookie: str, probe: str) -> None:
    """One browser, for ever: a stream that ends is opened again."""
    while True:
        with contextlib.suppress(OSError):
            await _stream(seen, url, cookie, probe)
        await asyncio.sleep(1.0)


async def _stream(seen: Seen, url: str, cookie: str, probe: str) -> None:
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=64 * 2**20)
    told_ms = seen.changed_ms
    try:
        request = f"GET {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookie}\r\n\r\n"
        writer.write(request.encode())
        seen.streams += 1
        try:
            while line := await reader.readline():
                seen.bytes += len(line)
                if line.startswith(b"data: "):
                    seen.messages += 1
                    if seen.changed_ms > told_ms and f'"tile-{probe}"'.encode() in line:
                        told_ms = seen.changed_ms
                        seen.live_ms.append(time.time_ns() // 1_000_000 - told_ms)
        finally:
            seen.streams -= 1
    finally:
        writer.close()


async def listen(seen: Seen) -> None:
    """To standard input, until it is closed."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        seen.changed_ms = int(line)


async def tell(seen: Seen) -> None:
    """A line each second."""
    while True:
        await asyncio.sleep(1.0)
        print(json.dumps(vars(seen) | {"live_ms": seen.live_ms}), flush=True)
        seen.messages, seen.bytes, seen.live_ms = 0, 0, []


async def run(viewers: int, url: str, cookie: str, probe: str) -> None:
    """Until standard input is closed."""
    seen = Seen()
    async with asyncio.TaskGroup() as group:
        others = [group.create_task(watch(seen, url, cookie, probe)) for _ in range(viewers)]
        others.append(group.create_task(tell(seen)))
        await listen(seen)
        for task in others:
            task.cancel()


def main() -> int:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.region_viewers", description=__doc__)
    parser.add_argument("--viewers", type=int, required=True)
    parser.add_argument("--url", required=True, help="of the stream")
    parser.add_argument("--cookie", required=True, help="of a session")
    parser.add_argument("--probe", required=True, help="the kiosk whose tile changes")
    a = parser.parse_args()
    asyncio.run(run(a.viewers, a.url, a.cookie, a.probe))
    return 0


if __name__ == "__main__":
    sys.exit(main())
