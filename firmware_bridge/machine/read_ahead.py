"""The thread beside the wire that touches the disk: reads a job's commands ahead, and its state when asked."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from firmware_bridge.gcode.read import GcodeError, Modal, command_batches, commands, parse_line
from firmware_bridge.link.framing import FramingError, check_commands

AHEAD_LINES: Final = 4096


class ReadAhead:
    """A `printing.Source` over a vetted file. `wake` is called whenever something was found out."""

    def __init__(self, path: Path, wake: Callable[[], None]) -> None:
        self.lines: deque[bytes] = deque()
        self.is_exhausted = False
        self.failure = ""
        self.total = 0
        self._path = path
        self._wake = wake
        self._something_to_do = threading.Event()
        self._is_closed = False
        self._modal_wanted: int | None = None
        self._modal: tuple[int, Modal] = (0, Modal())
        self._thread = threading.Thread(target=self._run, name="read-ahead", daemon=True)
        self._thread.start()

    def room(self) -> None:
        """There is room for more lines."""
        if not self.is_exhausted and not self._something_to_do.is_set():
            self._something_to_do.set()

    def modal_after(self, line: int) -> Modal | None:
        """The state that the first `line` commands lead to; None while it is being found out: ask again.

        Of a file that cannot be read any more, the state of a printer that knows nothing.
        """
        if self.failure:
            return Modal()
        known, modal = self._modal
        if known == line:
            return modal
        if self._modal_wanted != line:
            self._modal_wanted = line
            self._something_to_do.set()
        return None

    def close(self) -> None:
        """Let the thread end; who calls must not wait for a disk."""
        self._is_closed = True
        self._something_to_do.set()

    def _run(self) -> None:
        try:
            self.total = self._count()
            with self._path.open("rb") as file:
                self._serve(command_batches(file))
        except (OSError, FramingError, GcodeError) as error:
            self.failure = str(error)
            self._wake()

    def _serve(self, source: Iterator[list[bytes]]) -> None:
        while not self._is_closed:
            if self._modal_wanted is not None:
                self._find_modal(self._modal_wanted)
            elif not self.is_exhausted and len(self.lines) < AHEAD_LINES:
                self._read(source)
            else:
                self._something_to_do.wait()
                self._something_to_do.clear()

    def _read(self, source: Iterator[list[bytes]]) -> None:
        batch = next(source, None)
        was_empty = not self.lines
        if batch is None:
            self.is_exhausted = True
        else:
            check_commands(batch)
            self.lines.extend(batch)
        if was_empty or self.is_exhausted:
            self._wake()

    def _count(self) -> int:
        with self._path.open("rb") as file:
            return sum(map(len, command_batches(file)))

    def _find_modal(self, line: int) -> None:
        """Followed from the file's beginning: nobody needs it until the printer waits anyway."""
        modal = Modal()
        with self._path.open("rb") as file:
            for _, command in islice(commands(file), line):
                words = parse_line(command)
                if words is not None:
                    modal.apply(words)
        self._modal = (line, modal)
        self._modal_wanted = None
        self._wake()
