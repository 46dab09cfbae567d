"""The bridge's UNIX socket: a thread that listens and comes back, and requests that never block the screen."""

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from catalogue.packs import PackError, read_toolpath
from firmware_bridge.contract import (
    ErrorCode,
    Hello,
    Info,
    OpenPart,
    Part,
    PinRefusal,
    Request,
    State,
    Submit,
    Subscribe,
    Telemetry,
    TooLate,
)
from kiosk.adapters import rpc
from kiosk.domain.news import (
    Accepted,
    BridgeDown,
    BridgeUp,
    InfoCame,
    News,
    Refused,
    StateCame,
    TelemetryCame,
    ToolpathCame,
)
from kiosk.domain.piece import Piece
from kiosk.domain.world import JobToolpath

log = logging.getLogger(__name__)

RETRY_S = 1.0
ANSWER_S = 10.0
"""A bridge that says nothing at all for so long (it speaks every second) is away."""
_BYTES = 65_536
_DESCRIPTORS = 4


class BridgeClient:
    """`post` gets what happened, on the client's own thread."""

    def __init__(self, path: Path, post: Callable[[News], None]) -> None:
        self._path, self._post = path, post
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._pending: dict[int, Request] = {}
        self._number = 0
        self._info: Info | None = None
        self._thread = threading.Thread(target=self._run, name="bridge", daemon=True)

    def start(self) -> None:
        """Look for the bridge until `close`."""
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        self._closing.set()
        with self._lock:
            if self._socket:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(3)

    def ask(self, request: Request, piece: Piece | None = None, profile: str = "") -> None:
        """Send a request; `piece` and `profile` give a submitted job its files. What comes of it is posted."""
        descriptors: list[int] = []
        try:
            if isinstance(request, Submit) and piece is not None:
                descriptors = _open_parts(request, piece, profile)
            self._send(request, descriptors)
        except (FileNotFoundError, KeyError) as error:
            log.error("the files of '%s' cannot be sent: %s", getattr(request, "card", ""), error)
            self._post(Refused(request, None, files_gone=True))
        except OSError as error:
            log.warning("the bridge could not be asked: %s", error)
            self._post(Refused(request, None))
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    # --- the thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        was_up = None
        while not self._closing.is_set():
            up = self._connect()
            if was_up is not False and not up:
                log.warning("no bridge at %s; looking for it every %g s", self._path, RETRY_S)
                self._post(BridgeDown())
            if up:
                self._listen()
                self._hang_up()
                was_up = None
                continue
            was_up = up
            self._closing.wait(RETRY_S)

    def _connect(self) -> bool:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(ANSWER_S)
        try:
            link.connect(str(self._path))
        except OSError:
            link.close()
            return False
        with self._lock:
            self._socket = link
        try:
            self._send(Hello(), ())
            self._send(Subscribe(), ())
        except OSError:
            self._hang_up()
            return False
        return True

    def _hang_up(self) -> None:
        with self._lock:
            link, self._socket = self._socket, None
            lost, self._pending = self._pending, {}
        if link:
            link.close()
        for request in lost.values():
            if not isinstance(request, Hello | Subscribe):
                self._post(Refused(request, None))

    def _listen(self) -> None:
        link = self._socket
        buffer, descriptors = b"", []
        while link and not self._closing.is_set():
            try:
                data, received, _flags, _address = socket.recv_fds(link, _BYTES, _DESCRIPTORS)
            except OSError as error:
                log.warning("the bridge is lost: %s", error)
                break
            descriptors += received
            if not data:
                log.warning("the bridge hung up")
                break
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                self._heard(line, descriptors)
            if len(buffer) > rpc.MAX_LINE_BYTES:
                log.error("the bridge sent a line without an end")
                break
        for descriptor in descriptors:
            os.close(descriptor)
        if not self._closing.is_set():
            self._post(BridgeDown())

    def _heard(self, line: bytes, descriptors: list[int]) -> None:
        try:
            message = rpc.message(line, self._pending)
        except rpc.RpcError as unreadable:
            log.error("a message of the bridge was dropped: %s", unreadable)
            return
        match message:
            case rpc.Notification(value=State() as state):
                self._post(StateCame(state))
            case rpc.Notification(value=Info() as info):
                self._info = info
                self._post(InfoCame(info))
            case rpc.Notification(value=Telemetry() as telemetry):
                self._post(TelemetryCame(telemetry))
            case rpc.Failure(id=number, error=error, why=why):
                self._refused(self._pending.pop(number), error.code, error.message, why)
            case rpc.Result(id=number, value=value):
                self._answered(self._pending.pop(number), value, descriptors)

    def _answered(self, request: Request, value: rpc.Value | None, descriptors: list[int]) -> None:
        match request, value:
            case Hello(), Info() as info:
                self._info = info
            case Subscribe(), State() as state if self._info:
                log.info("the bridge is there: %s, %s", self._info.kiosk, self._info.printer_name)
                self._post(BridgeUp(self._info, state))
            case OpenPart(job=job), _:
                if descriptors:
                    self._post(ToolpathCame(_toolpath(job, descriptors.pop(0))))
            case _, State() as state:
                self._post(StateCame(state))
                self._post(Accepted(request, state))
            case _:
                self._post(Accepted(request, value))

    def _refused(self, request: Request, code: int, message: str, why: PinRefusal | TooLate | None) -> None:
        log.warning("the bridge refused %s: %s", request.__struct_config__.tag, message)
        if isinstance(request, OpenPart):
            self._post(ToolpathCame(JobToolpath(request.job, None)))
            return
        known = code in ErrorCode._value2member_map_
        self._post(Refused(request, ErrorCode(code) if known else ErrorCode.INTERNAL, why=why))

    def _send(self, request: Request, descriptors: Sequence[int]) -> None:
        with self._lock:
            if self._socket is None:
                raise OSError("there is no bridge")
            self._number += 1
            line = rpc.request_line(self._number, request)
            self._pending[self._number] = request
            # A bridge that does not read is away: never wait for it on the screen's thread.
            sent = socket.send_fds(self._socket, [line], list(descriptors), socket.MSG_DONTWAIT)
            if sent != len(line):
                raise OSError("the bridge does not read")


def _open_parts(request: Submit, piece: Piece, profile: str) -> list[int]:
    facts = piece.entry.prints[profile]
    names = {Part.GCODE: facts.gcode, Part.TOOLPATH: facts.toolpath}
    descriptors: list[int] = []
    try:
        for part in request.parts:
            descriptors.append(os.open(piece.folder / names[part], os.O_RDONLY | os.O_CLOEXEC))
    except OSError:
        for descriptor in descriptors:
            os.close(descriptor)
        raise
    return descriptors


def _toolpath(job: str, descriptor: int) -> JobToolpath:
    try:
        return JobToolpath(job, read_toolpath(Path(f"/proc/self/fd/{descriptor}")))
    except PackError as error:
        log.error("the toolpath of the job cannot be shown: %s", error)
        return JobToolpath(job, None)
    finally:
        os.close(descriptor)
