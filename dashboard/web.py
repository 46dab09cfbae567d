"""The web server's process."""

import ctypes
import logging
import signal
import warnings
from types import FrameType

import uvicorn

from dashboard.pages.live import CLOSING

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


def _share_memory() -> None:
    """Each request has a thread, each new thread a heap of its own, and glibc keeps what these heaps once held."""
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, ARENAS)


def serve(host: str, port: int) -> int:
    """Until SIGTERM or SIGINT; the exit code."""
    _share_memory()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it again when it has stopped in order
    # Django 4.2 warns of every file that whitenoise sends: they are small, and it may read them whole.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    config = uvicorn.Config(
        "dashboard.asgi:application",
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    server = _Server(config)
    log.info("serving http://%s:%d", host, port)
    server.run()
    log.info("stopped")
    return 0 if server.started else 1
