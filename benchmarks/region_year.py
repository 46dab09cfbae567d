"""`python -m benchmarks.region_year`: a year of prints into a region's database, by the recorder's own hand."""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

YEAR: Final = 2025
OPEN_DAYS: Final = 250
PRINTS_A_DAY: Final = 4
BATCH: Final = 1_000
_DAY_MS: Final = 86_400_000
_ENDS: Final = (("collected", 8), ("cancelled", 1), ("failed", 1))


def _messages(kiosks: int) -> Iterator[Any]:
    from dashboard.fleet.libraries import kiosk_id

    dice = random.Random(1)
    begin_ms = int(datetime(YEAR, 1, 2, 9, tzinfo=UTC).timestamp() * 1000)
    for n in range(kiosks):
        seqs = count(1)
        for number in range(OPEN_DAYS * PRINTS_A_DAY):
            day, print_of_day = divmod(number, PRINTS_A_DAY)
            at_ms = begin_ms + int(day * 365 / OPEN_DAYS) * _DAY_MS + print_of_day * 7_200_000
            yield from _print(kiosk_id(n), f"{n}-{number}", at_ms, seqs, dice)


def _print(kiosk: str, job: str, at_ms: int, seqs: Iterator[int], dice: random.Random) -> Iterator[Any]:
    """Its end, and in one of three what somebody said of it."""
    from dashboard.fleet.libraries import CARDS
    from dashboard.recorder.messages import Message
    from firmware_bridge.contract import Event, EventType, Job, JobState

    card, estimate_s, grams, layers, personal = dice.choice(CARDS)
    state = JobState(dice.choices([end for end, _ in _ENDS], [weight for _, weight in _ENDS])[0])
    ended = Job(
        id=job,
        card=card,
        personal=personal,
        state=state,
        estimate_s=estimate_s,
        grams=grams,
        layers=layers,
        submitted_ms=at_ms,
        started_ms=at_ms + 60_000,
        ended_ms=at_ms + 60_000 + int(1000 * estimate_s),
        printed_s=estimate_s,
    )
    rows = [Event(journal=kiosk, seq=next(seqs), ts_ms=at_ms, type=EventType.JOB_CHANGED, job=ended)]
    if dice.random() < 1 / 3:
        said = {"job": job, "card": card, "smiley": dice.randint(1, 3), "reason": None}
        rows.append(Event(journal=kiosk, seq=next(seqs), ts_ms=at_ms, type=EventType.FEEDBACK, data=said))
    for row in rows:
        yield Message(kiosk, row, retained=False, received_ms=at_ms)


def main() -> int:
    """Parse, set Django up, fill; the number of prints on standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.region_year", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the dashboard's")
    parser.add_argument("--kiosks", type=int, required=True)
    a = parser.parse_args()
    os.environ["MAAKHOEK_DASHBOARD"] = str(a.config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
    import django

    django.setup()
    from dashboard.recorder import store

    messages = _messages(a.kiosks)
    while batch := list(islice(messages, BATCH)):
        store.record(batch)
    print(a.kiosks * OPEN_DAYS * PRINTS_A_DAY)
    return 0


if __name__ == "__main__":
    sys.exit(main())
