"""What the command line chose, and the files that all benchmarks stream."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.gcode_files import GcodeFile, NoFileError, short_moves, sliced


@dataclass(frozen=True)
class Options:
    """`scratch` is a folder that is gone afterwards; `say` prints progress; `left_out`: what was not measured."""

    lines: int
    runs: int
    profile: str
    collection: Path
    scratch: Path
    say: Callable[[str], None]
    left_out: list[str] = field(default_factory=list)

    def leave_out(self, reason: object) -> None:
        """Something could not be measured: say so now and in the report."""
        self.say(f"  left out: {reason}")
        self.left_out.append(str(reason))

    def short_moves(self, lines: int) -> GcodeFile:
        """Short moves, at most so many."""
        return short_moves(self.profile, min(lines, self.lines), self.scratch)

    def files(self) -> list[GcodeFile]:
        """The real sliced file where the collection has one, then the short moves."""
        files = []
        try:
            files.append(sliced(self.collection, self.profile, self.lines, self.scratch))
        except NoFileError as error:
            self.leave_out(error)
        files.append(self.short_moves(self.lines))
        return files
