"""When a new version comes and whether it may stay; and what is remembered through a power cut."""

from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.contract import Act, ActKind, ActState, Job, JobState, Printer, PrinterState, State
from provisioning.upgrade.kiosk import is_free
from provisioning.upgrade.packages import is_newer
from provisioning.upgrade.record import Record, Records
from provisioning.upgrade.rules import MOST_RESTARTS, START_S, Choice, Look, Offer, Verdict, Watch, choose

WELL_S = 60.0


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ({}, Choice.UPGRADE),
        ({"is_newer": False}, Choice.NOTHING_NEW),
        ({"withdrawn": ("0.1", "0.2")}, Choice.WITHDRAWN),
        ({"way_back": False}, Choice.NO_WAY_BACK),
        ({"is_idle": False}, Choice.BUSY),
        ({"is_idle": False, "is_newer": False}, Choice.NOTHING_NEW),
    ],
)
def test_what_becomes_of_an_offer(said: dict[str, Any], choice: Choice) -> None:
    offer = {"version": "0.2", "is_newer": True, "withdrawn": (), "way_back": True, "is_idle": True} | said
    assert choose(Offer(**offer)) is choice


def look(at_s: float, **said: Any) -> Look:
    return Look(**({"at_s": at_s, "units_up": True, "gave_up": False, "software": "0.2", "restarts": 0} | said))


def verdicts(*looks: Look) -> Verdict:
    watch = Watch("0.2", WELL_S, 0.0)
    seen = [watch.see(one) for one in looks]
    assert all(verdict is Verdict.WATCHING for verdict in seen[:-1])
    return seen[-1]


def test_well_is_what_runs_without_a_break() -> None:
    assert verdicts(look(10), look(69.9)) is Verdict.WATCHING
    assert verdicts(look(10), look(70)) is Verdict.WELL
    assert verdicts(look(10), look(60, units_up=False), look(70), look(129)) is Verdict.WATCHING


def test_another_version_that_runs_well_is_not_this_one() -> None:
    late = START_S + WELL_S
    assert verdicts(look(10, software="0.1"), look(late, software="0.1")) is Verdict.WATCHING
    assert verdicts(look(10, software=""), look(late + 1, software="0.1")) is Verdict.ILL


@pytest.mark.parametrize("said", [{"gave_up": True}, {"restarts": MOST_RESTARTS + 1}])
def test_what_gives_up_or_begins_again_and_again_is_ill_at_once(said: dict[str, Any]) -> None:
    assert verdicts(look(5, **said)) is Verdict.ILL


def state(**said: Any) -> State:
    printer = Printer(connected=True, state=PrinterState.IDLE)
    return State(**({"ts_ms": 0, "up_ms": 0, "session": 1, "printer": printer, "job": None, "queue": ()} | said))


JOB = Job(
    id="j", card="ring", personal=False, state=JobState.PRINTING, estimate_s=1, grams=1, layers=1, submitted_ms=0
)


@pytest.mark.parametrize(
    ("said", "free"),
    [
        ({}, True),
        ({"job": JOB}, False),
        ({"queue": (JOB,)}, False),
        ({"for_staff": (JOB,)}, False),
        ({"act": Act(kind=ActKind.HEAT, state=ActState.DONE, off_in_s=300.0)}, False),
        ({"act": Act(kind=ActKind.HOME, state=ActState.RUNNING)}, False),
        ({"act": Act(kind=ActKind.HOME, state=ActState.DONE)}, True),
    ],
)
def test_when_a_kiosk_is_free(said: dict[str, Any], free: bool) -> None:
    assert is_free(state(**said)) is free


def test_versions_are_in_debians_order() -> None:
    assert is_newer("0.10", "0.9") and not is_newer("0.9", "0.10")
    assert not is_newer("1.0~beta", "1.0") and not is_newer("1.0", "1.0")


def test_what_is_under_way_is_remembered_and_rubbish_forgotten(tmp_path: Path) -> None:
    records = Records(tmp_path / "upgrade")
    assert records.load() == Record()
    record = Record(under_way="0.2", before="0.1", withdrawn=("0.0",))
    records.save(record)
    assert Records(tmp_path / "upgrade").load() == record
    (tmp_path / "upgrade" / "record.json").write_bytes(b"\x00\x00")
    assert records.load() == Record()
    records.tell_withdrawn("0.2")
    assert (tmp_path / "upgrade" / "withdrawn").read_text() == "0.2"
