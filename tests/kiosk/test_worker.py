"""The slicing worker's process: started ahead, ended beside the screen, nothing of the visitor left."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.waiting import until

from kiosk.adapters.worker import Worker, heard
from kiosk.domain.draft import Step, TextProblem
from kiosk.domain.effects import Make
from kiosk.domain.news import MakingFailed, MakingProgress, News, PieceMade, ShapeMade

NAME = "Wannes"
SHAPE = Make(3, "sleutelhanger", (("name", NAME),), shape_only=True)
WHOLE = Make(4, "sleutelhanger", (("name", NAME),), shape_only=False)
REAL = (sys.executable, "-m", "catalogue", "worker")
# Reads its request, leaves a file in its folder, and never answers.
SLOW = (
    sys.executable,
    "-c",
    "import json, pathlib, sys, time; out = json.loads(sys.stdin.readline())['out'];"
    "pathlib.Path(out, 'half').write_text('x'); time.sleep(600)",
)


class Bench:
    """A worker and what it said."""

    def __init__(self, folder: Path) -> None:
        self.session = folder / "session"
        self.news: list[News] = []
        self.worker: Worker | None = None

    def start(self, *command: str, silence_s: float = 120.0) -> Worker:
        self.worker = Worker(command, self.session, self.news.append, silence_s)
        self.worker.profile = "prusa-mk3s"
        return self.worker


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    if made.worker:
        made.worker.close()


def test_a_preview_of_the_real_worker_and_then_nothing_is_left(bench: Bench) -> None:
    worker = bench.start(*REAL)
    worker.make(SHAPE)
    until(lambda: bench.news, 60, "an answer")
    [news] = bench.news
    assert isinstance(news, ShapeMade)
    assert news.piece.mesh.exists()
    worker.forget()
    assert list(bench.session.iterdir()) == []


def test_who_types_fast_gets_only_the_last_preview(bench: Bench) -> None:
    worker = bench.start(*REAL)
    for number in range(5):
        worker.make(Make(number, "sleutelhanger", (("name", "N" + "o" * number),), shape_only=True))
    until(lambda: bench.news, 60, "an answer")
    assert [getattr(news, "wish", None) for news in bench.news] == [4]


def test_what_is_not_wanted_any_more_is_ended_and_erased(bench: Bench) -> None:
    worker = bench.start(*SLOW)
    worker.make(WHOLE)
    half = bench.session / "4" / "half"
    until(half.exists, what="a file in the worker's folder")
    worker.stop()
    until(lambda: not half.parent.exists(), what="the folder is gone")
    assert bench.news == []


def test_the_typed_text_is_in_no_arguments(bench: Bench) -> None:
    worker = bench.start(*SLOW)
    worker.make(WHOLE)
    until((bench.session / "4" / "half").exists, what="the request was read")
    assert worker._busy
    assert NAME.encode() not in Path(f"/proc/{worker._busy.process.pid}/cmdline").read_bytes()


@pytest.mark.parametrize(
    "command", [("no-such-program",), ("false",), ("sh", "-c", "read line; echo nonsense")], ids=lambda c: c[0]
)
def test_a_worker_that_cannot_work_gets_a_friendly_word(command: tuple[str, ...], bench: Bench) -> None:
    bench.start(*command).make(WHOLE)
    until(lambda: bench.news, what="an answer")
    assert bench.news == [MakingFailed(4, TextProblem.WORKER_FAILED)]


def test_one_that_is_killed_gets_the_same_word(bench: Bench) -> None:
    worker = bench.start(*SLOW)
    worker.make(WHOLE)
    until((bench.session / "4" / "half").exists, what="the request was read")
    assert worker._busy
    worker._busy.process.kill()
    until(lambda: bench.news, what="an answer")
    assert bench.news == [MakingFailed(4, TextProblem.WORKER_FAILED)]


def test_one_that_hangs_is_ended_and_nothing_is_left(bench: Bench) -> None:
    worker = bench.start(*SLOW, silence_s=2.0)
    worker.make(WHOLE)
    half = bench.session / "4" / "half"
    until(half.exists, what="a file in the worker's folder")
    until(lambda: bench.news, what="an answer")
    assert bench.news == [MakingFailed(4, TextProblem.WORKER_FAILED)]
    until(lambda: not half.parent.exists(), what="the folder is gone")


@pytest.mark.parametrize("wish", [SHAPE, WHOLE], ids=["preview", "whole"])
def test_without_a_folder_to_work_in_it_is_told_and_the_screen_goes_on(wish: Make, bench: Bench) -> None:
    bench.session.write_text("in the way")
    bench.start(*SLOW).make(wish)
    until(lambda: bench.news, what="an answer")
    assert bench.news == [MakingFailed(wish.wish, TextProblem.WORKER_FAILED)]


def test_what_a_line_of_the_worker_means(tmp_path: Path) -> None:
    def said(line: str, wish: Make = WHOLE) -> News | None:
        return heard(line.encode(), wish, tmp_path)

    assert said('{"progress": 0.4, "step": "slicing"}') == MakingProgress(4, 0.4, Step.SLICING)
    assert said('{"progress": 0.4, "step": "knitting"}') is None
    assert said('{"progress": 0.4, "step": "shape"}', SHAPE) is None
    missing = '{"error": {"code": "letters_missing", "detail": "d", "letters": "ж"}}'
    assert said(missing) == MakingFailed(4, TextProblem.LETTERS_MISSING, "ж")
    assert said('{"error": {"code": "new_in_a_later_version"}}') == MakingFailed(4, TextProblem.WORKER_FAILED)
    assert said("{") is None
    assert not isinstance(said('{"done": null}'), PieceMade)
