"""The web server: one process, or several that share a port."""

import ctypes
import functools
import logging
import signal
import socket
import warnings
from types import FrameType

import uvicorn
from uvicorn.supervisors import Multiprocess

from dashboard.pages.live import CLOSING
from dashboard.web_worker import work

log = logging.getLogger(__name__)

STOP_S = 2
"""How long an answer that is under way may hold up a stop."""
ARENAS = 2
M_ARENA_MAX = -8
"""glibc's, of malloc.h."""


class _Server(uvicorn.Server):
    """Tells the open streams that it stops."""

    def handle_exit(self, number: int, frame: FrameType | None) -> None:
        CLOSING.set()
        super().handle_exit(number, frame)


def serve(host: str, port: int, workers: int = 1) -> int:
    """Until SIGTERM or SIGINT; the exit code. Of several workers, one that dies is made anew."""
    config = uvicorn.Config(
        "dashboard.asgi:application",
        host=host,
        port=port,
        workers=workers,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    if workers == 1:
        log.info("serving http://%s:%d", host, port)
        is_fine = run(config)
    else:
        listener = config.bind_socket()
        log.info("serving http://%s:%d with %d workers", host, port, workers)
        Multiprocess(config, functools.partial(work, config), [listener]).run()
        is_fine = True
    log.info("stopped")
    return 0 if is_fine else 1


def run(config: uvicorn.Config, sockets: list[socket.socket] | None = None) -> bool:
    """Until it is told to stop; whether it began."""
    _share_memory()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it again when it has stopped in order
    # Django 4.2 warns of every file that whitenoise sends: they are small, and it may read them whole.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    server = _Server(config)
    server.run(sockets)
    return server.started


def _share_memory() -> None:
    """Each request has a thread, each new thread a heap of its own, and glibc keeps what these heaps once held."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, ARENAS)
