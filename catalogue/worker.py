"""The slicing worker: one personal model, from a JSON line on stdin to files in a folder.

    -> {"card": "sleutelhanger", "profile": "prusa-mk3s", "values": {"name": "Noor"}, "out": "/abs/folder"}
    <- {"progress": 0.4, "step": "slicing"} …
    <- {"done": <cards.Entry, files relative to out>}  or  {"error": {"code": …, "detail": …, "letters": …}}

With `"preview": true` only the mesh is made. What a visitor typed stands in the request alone: never in
arguments, logs or details. Nothing is left in `out` unless it is done.
"""

import contextlib
import enum
import errno
import logging
import os
import resource
import shutil
import signal
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import msgspec

from catalogue import making
from catalogue.cards import Card, CardError, Entry, PrintFacts
from catalogue.lettering import FontMissingError, LettersMissingError, normal
from catalogue.library import load_model
from catalogue.slicing.errors import DoesNotFitError, SlicerMissingError, SlicingError
from firmware_bridge.profile import Profile, ProfileError, load_profile

log = logging.getLogger(__name__)

MEMORY_LIMIT_BYTES = 2 * 1024**3
CPU_LIMIT_S = 600
NICENESS = 5
LITTLE_ROOM_BYTES = 1024**2
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Step(enum.Enum):
    """What is being done; the value is how far the whole is when it begins."""

    SHAPE = 0.02
    SLICING = 0.1
    CHECKING = 0.8
    PICTURES = 0.86

    @property
    def word(self) -> str:
        return self.name.lower()


class Code(enum.Enum):
    """Why there is no model; the kiosk has words for each."""

    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    LETTERS_MISSING = "letters_missing"
    DOES_NOT_FIT = "does_not_fit"
    SLICER_MISSING = "slicer_missing"
    SLICING_FAILED = "slicing_failed"
    DISK_FULL = "disk_full"


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See above."""

    card: str
    profile: str
    values: dict[str, str]
    out: str
    preview: bool = False


class RefusedError(Exception):
    """Ends the request; `detail` is for staff, `letters` for the visitor."""

    def __init__(self, code: Code, detail: str = "", letters: str = "") -> None:
        super().__init__(detail)
        self.code, self.detail, self.letters = code, detail, letters


class _Speaker:
    """JSON lines on a pipe."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def say(self, message: Mapping[str, object]) -> None:
        self._output.write(msgspec.json.encode(message) + b"\n")
        self._output.flush()

    def step(self, step: Step, done: float = 0.0) -> None:
        steps = [*(s.value for s in Step), 1.0]
        end = steps[steps.index(step.value) + 1]
        self.say({"progress": round(step.value + (end - step.value) * done, 3), "step": step.word})


def main(requests: IO[bytes], answers: IO[bytes]) -> int:
    """Serve one request. The exit code is 0 only when it is done."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    _limit_itself()
    _load_ahead()
    speaker = _Speaker(answers)
    line = requests.readline()
    if not line:
        return 1
    _leave_with_whoever_asked(requests)
    try:
        speaker.say({"done": serve(_request(line), speaker)})
    except RefusedError as failure:
        answer = {"code": failure.code.value, "detail": failure.detail, "letters": failure.letters}
        with contextlib.suppress(BrokenPipeError):
            speaker.say({"error": answer})
        return 1
    except BrokenPipeError:
        log.info("whoever asked is gone")
        _silence(answers)
        return 1
    return 0


def serve(request: Request, speaker: _Speaker) -> Entry:
    """Make the files in `request.out`. Raises RefusedError."""
    out = Path(request.out)
    try:
        model, profile = load_model(request.card), load_profile(request.profile)
        values = checked_values(model.card, request.values)
        speaker.step(Step.SHAPE)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=out) as scratch, _room_in(out):
            folder = Path(scratch)
            shape = making.make_shape(model, values)
            _check_that_it_fits(shape, profile)
            making.write_shape(shape, folder)
            prints: dict[str, PrintFacts] = {}
            if not request.preview:
                prints[profile.id] = making.make_print(
                    folder / making.STL,
                    profile,
                    folder,
                    lambda done: speaker.step(Step.SLICING, done),
                    lambda: speaker.step(Step.CHECKING),
                )
                speaker.step(Step.PICTURES)
                making.write_picture(shape, model.card, folder, quick=True)
            (folder / making.STL).unlink()
            for file in sorted(folder.iterdir()):
                file.rename(out / file.name)
    except (RefusedError, BrokenPipeError):
        raise
    except (LettersMissingError, SlicingError, making.FaultyError, FontMissingError) as error:
        raise _failure(error) from None
    except (CardError, ProfileError) as error:
        raise RefusedError(Code.SLICING_FAILED, str(error)) from None
    except OSError as error:
        code = Code.DISK_FULL if error.errno in _NO_ROOM else Code.SLICING_FAILED
        raise RefusedError(code, f"{out}: {error.strerror}") from None
    except Exception as error:  # whatever a generator raises may quote the text: only its kind is told
        log.error("%s: %s", request.card, type(error).__name__)
        raise RefusedError(Code.SLICING_FAILED, type(error).__name__) from None
    picture = "" if request.preview else making.PICTURE
    return Entry(card=model.card, picture=picture, mesh=making.PACK, size_mm=shape.size_mm, prints=prints)


def checked_values(card: Card, values: Mapping[str, str]) -> dict[str, str]:
    """The values of all parameters of the card, texts tidied. Raises RefusedError."""
    checked = {}
    for choice in card.choices:
        checked[choice.id] = values.get(choice.id, choice.example)
        if checked[choice.id] not in {option.id for option in choice.options}:
            raise RefusedError(Code.SLICING_FAILED, f"'{choice.id}' has no such option")
    if parameter := card.text:
        text = normal(values.get(parameter.id, ""))
        if not text:
            raise RefusedError(Code.TEXT_EMPTY, f"'{parameter.id}' is empty")
        if len(text) > parameter.max_length:
            raise RefusedError(Code.TEXT_TOO_LONG, f"'{parameter.id}' takes {parameter.max_length} letters")
        checked[parameter.id] = text
    return checked


def _check_that_it_fits(shape: making.Shape, profile: Profile) -> None:
    from catalogue.quality import fits

    if not fits(shape.mesh, profile):
        x, y, z = shape.size_mm
        raise RefusedError(Code.DOES_NOT_FIT, f"it is {x:g} × {y:g} × {z:g} mm, too large for {profile.id}")


@contextlib.contextmanager
def _room_in(folder: Path) -> Iterator[None]:
    """PrusaSlicer says only that it could not write: with little room left that was why. Raises RefusedError."""
    try:
        yield
    except SlicingError:
        if shutil.disk_usage(folder).free < LITTLE_ROOM_BYTES:
            raise RefusedError(Code.DISK_FULL, f"{folder}: no room is left") from None
        raise


def _failure(error: Exception) -> RefusedError:
    match error:
        case LettersMissingError():
            return RefusedError(Code.LETTERS_MISSING, str(error), error.letters)
        case SlicerMissingError():
            return RefusedError(Code.SLICER_MISSING, str(error))
        case DoesNotFitError():
            return RefusedError(Code.DOES_NOT_FIT, str(error))
    return RefusedError(Code.SLICING_FAILED, str(error))


def _request(line: bytes) -> Request:
    try:
        return msgspec.json.decode(line, type=Request)
    except msgspec.ValidationError as error:
        raise RefusedError(Code.SLICING_FAILED, f"the request is not understood: {error}") from None
    except msgspec.DecodeError:
        raise RefusedError(Code.SLICING_FAILED, "the request is not a line of JSON") from None


def _load_ahead() -> None:
    """The heavy modules, while the visitor still types."""
    import catalogue.meshpack
    import catalogue.pictures.portrait
    import catalogue.quality
    import catalogue.solids  # noqa: F401


def _limit_itself() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    os.nice(NICENESS)


def _leave(number: int, frame: object) -> None:
    """What has begun is undone on the way out: the slicer is ended, the scratch folder erased."""
    raise SystemExit(1)


def _leave_with_whoever_asked(requests: IO[bytes]) -> None:
    """As a unit of its own it is asked over a socket; when that is closed, nobody wants the model any more."""
    if not stat.S_ISSOCK(os.fstat(requests.fileno()).st_mode):
        return

    def wait_for_the_end() -> None:
        while os.read(requests.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, daemon=True).start()


def _silence(answers: IO[bytes]) -> None:
    """Python would try to flush into the closed pipe once more."""
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), answers.fileno())
