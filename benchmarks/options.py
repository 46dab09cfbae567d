"""What the command line chose, and the files that all benchmarks stream."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gcode_files import GcodeFile, NoFileError, short_moves, sliced


@dataclass(frozen=True)
class Options:
    """`scratch` is a folder that is gone afterwards; `say` prints progress."""

    lines: int
    runs: int
    profile: str
    collection: Path
    scratch: Path
    say: Callable[[str], None]

    def short_moves(self, lines: int) -> GcodeFile:
        """Short moves, at most so many."""
        return short_moves(self.profile, min(lines, self.lines), self.scratch)

    def files(self) -> list[GcodeFile]:
        """The real sliced file where the collection has one, then the short moves."""
        files = []
        try:
            files.append(sliced(self.collection, self.profile, self.lines, self.scratch))
        except NoFileError as error:
            self.say(f"  without a sliced file: {error}")
        files.append(self.short_moves(self.lines))
        return files
