"""Takes a job's files in: copy, vet, plan. On a thread of its own, with the heavy part in another process."""

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from firmware_bridge.contract import ErrorCode, Part, Refusal
from firmware_bridge.jobs.files import FileError, JobFiles, NoRoomError
from firmware_bridge.jobs.inspection import Report
from firmware_bridge.jobs.progress import Timeline

log = logging.getLogger(__name__)

INSPECTION_TIMEOUT_S: Final = 120.0
KEPT_FILE: Final = "kept.json"


class Kept(Struct, frozen=True):
    """What is kept beside a job's parts: the plan, and the hash (hex) of the copy that was vetted."""

    timeline: Timeline
    sha256: str


@dataclass(frozen=True)
class Accepted:
    """The copy is fit for the printer."""

    timeline: Timeline


@dataclass(frozen=True)
class Rejected:
    """Nothing was kept. `refusal` where the vet says why."""

    code: ErrorCode
    message: str
    refusal: Refusal | None = None


Taken = Accepted | Rejected


class Intake:
    """Two at a time at most: a start is not held up by a submission."""

    def __init__(self, files: JobFiles, profile_id: str) -> None:
        self._files = files
        self._profile_id = profile_id
        self._worker = ThreadPoolExecutor(max_workers=2, thread_name_prefix="intake")
        self._inspection: subprocess.Popen[bytes] | None = None
        self._closing = False

    def take(self, job: str, parts: Sequence[tuple[Part, int]], then: Callable[[Taken], None]) -> None:
        """Copy the descriptors (they are closed), inspect the copy, call `then` on the worker's thread."""

        def done(future: Future[Taken]) -> None:
            for _, descriptor in parts:
                os.close(descriptor)
            then(_outcome(future))

        self._worker.submit(self._take, job, parts).add_done_callback(done)

    def recheck(self, job: str, then: Callable[[bool], None]) -> None:
        """Tell `then`, on the worker's thread, whether the copy is still what was vetted."""

        def check() -> bool:
            kept = read_kept(self._files, job)
            return kept is not None and self._files.sha256(job, Part.GCODE) == kept.sha256

        def done(future: Future[bool]) -> None:
            then(not future.cancelled() and future.exception() is None and future.result())

        self._worker.submit(check).add_done_callback(done)

    def close(self) -> None:
        """Give up what is not done yet."""
        self._closing = True
        if self._inspection is not None:
            with contextlib.suppress(ProcessLookupError):
                self._inspection.kill()
        self._worker.shutdown(cancel_futures=True)

    def _take(self, job: str, parts: Sequence[tuple[Part, int]]) -> Taken:
        try:
            copied = self._files.copy(job, parts)
        except NoRoomError as error:
            return Rejected(ErrorCode.DISK_FULL, str(error))
        except FileError as error:
            return Rejected(ErrorCode.FILE_REFUSED, str(error))
        except OSError as error:
            return Rejected(ErrorCode.FILE_REFUSED, f"the files cannot be copied: {error.strerror}")
        taken = self._inspect(job, copied.gcode, copied.sha256)
        if isinstance(taken, Rejected):
            self._files.erase(job)
        return taken

    def _inspect(self, job: str, gcode: Path, sha256: str) -> Taken:
        try:
            report = self._run_inspection(gcode)
        except (OSError, subprocess.SubprocessError, msgspec.DecodeError) as error:
            log.error("a job could not be inspected: %s", error)
            return Rejected(ErrorCode.INTERNAL, "the file could not be inspected")
        if report.refusal is not None or report.timeline is None:
            refusal = report.refusal
            reason = f"line {refusal.line}: {refusal.reason}" if refusal else "it holds nothing to print"
            return Rejected(ErrorCode.FILE_REFUSED, reason, refusal)
        try:
            self._files.write(job, KEPT_FILE, msgspec.json.encode(Kept(report.timeline, sha256)))
        except OSError as error:
            return Rejected(ErrorCode.DISK_FULL, f"the plan cannot be kept: {error.strerror}")
        return Accepted(report.timeline)

    def _run_inspection(self, gcode: Path) -> Report:
        command = [sys.executable, "-m", "firmware_bridge.jobs.inspection", str(gcode), self._profile_id]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            self._inspection = process
            if self._closing:
                process.kill()
            try:
                output, _ = process.communicate(timeout=INSPECTION_TIMEOUT_S)
            except BaseException:
                process.kill()
                raise
            finally:
                self._inspection = None
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, command[:3])
        return msgspec.json.decode(output, type=Report)


def read_kept(files: JobFiles, job: str) -> Kept | None:
    """What was kept with a job; None when it is gone."""
    try:
        return msgspec.json.decode((files.folder(job) / KEPT_FILE).read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return None


def _outcome(future: Future[Taken]) -> Taken:
    if future.cancelled():
        return Rejected(ErrorCode.NOT_NOW, "the bridge is stopping")
    error = future.exception()
    if error is not None:
        log.error("a job could not be taken in", exc_info=error)
        return Rejected(ErrorCode.INTERNAL, "the job could not be taken in")
    return future.result()
