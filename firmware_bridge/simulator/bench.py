"""The printer on the test bench: what can be done to it, what it is doing, what was counted."""

import heapq
import json
from collections.abc import Callable, Mapping

from firmware_bridge.simulator.board import Board
from firmware_bridge.simulator.damage import Damage

Action = Callable[["Bench", str, float], None]
"""What is done to the printer, with the rest of its line and the time. Raises ValueError for a wrong word."""


class Bench:
    """`plugged_in` is obeyed by the terminal; both cables' damage by the simulation. `actions`: by their names."""

    def __init__(self, board: Board, seed: int, actions: Mapping[str, Action]) -> None:
        self.board = board
        self._actions = actions
        self.to_printer = Damage(seed)
        self.to_host = Damage(seed + 1)
        self.plugged_in = True
        self._later: list[tuple[float, str]] = []

    def obey(self, line: str, wall: float) -> str:
        """Do what one line asks; returns `ok`, a JSON object (status) or `error: ...`."""
        name, _, argument = line.strip().partition(" ")
        if name == "status":
            return json.dumps(self.status())
        action = self._actions.get(name)
        if action is None:
            return f"error: there is no '{name}'; there are: {', '.join(sorted([*self._actions, 'status']))}"
        try:
            action(self, argument.strip(), wall)
        except ValueError as error:
            return f"error: {name}: {error}"
        return "ok"

    def later(self, wall: float, line: str) -> None:
        """Obey it then."""
        heapq.heappush(self._later, (wall, line))

    def next_due(self) -> float | None:
        """When something was put off to."""
        return self._later[0][0] if self._later else None

    def run(self, wall: float) -> None:
        """Obey what is due."""
        while self._later and self._later[0][0] <= wall:
            self.obey(heapq.heappop(self._later)[1], wall)

    def status(self) -> dict[str, object]:
        """What a test wants to know."""
        board = self.board
        x, y, z, e = board.motion.position
        return {
            "booting": board.booting,
            "dead": board.dead,
            "halted": board.execution.halted is not None,
            "nozzle_c": round(board.nozzle.reading_c, 2),
            "nozzle_target_c": board.nozzle.target_c,
            "bed_c": round(board.bed.reading_c, 2),
            "bed_target_c": board.bed.target_c,
            "x": round(x, 3),
            "y": round(y, 3),
            "z": round(z, 3),
            "e": round(e, 3),
            "waits_for_user": board.person.question is not None,
            "question": board.person.question,
            "last_choice": board.person.last_choice,
        } | self.report()

    def report(self) -> dict[str, object]:
        """What was counted since the start; gaps: how long the planner was empty while lines remained."""
        board, starvation = self.board, self.board.motion.starvation
        return {
            "firmware": board.firmware.name,
            "executed": board.execution.count,
            "resends": board.refused_count,
            "overflowed_bytes": board.intake.overflowed_bytes,
            "corrupted_bytes": self.to_printer.hits,
            "corrupted_reply_bytes": self.to_host.hits,
            "oks_lost": board.acknowledging.lost,
            "oks_doubled": board.acknowledging.doubled,
            "runs_dry": starvation.times,
            "dry_longest_s": round(starvation.longest_s, 3),
            "dry_p50_s": round(starvation.percentile_s(50), 3),
            "dry_p99_s": round(starvation.percentile_s(99), 3),
            "starts": board.starts,
        }
