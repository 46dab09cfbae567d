"""Where a worker of the web server begins: as any Python does, with nothing of its parent set up in it."""

import socket

import uvicorn


def work(config: uvicorn.Config, sockets: list[socket.socket] | None) -> None:
    """Serve at `sockets` until SIGTERM or SIGINT."""
    import django

    from dashboard.logs import log_to_stderr

    log_to_stderr()
    django.setup()

    from dashboard.web import run

    run(config, sockets)
