"""PINs on the disk, and how often one may be guessed."""

import stat
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from firmware_bridge.contract import PinRefusal, Role
from firmware_bridge.service import pins, tries
from firmware_bridge.service.pins import PinError, PinStore
from firmware_bridge.service.tries import FREE_TRIES, WAITS_S, Tries

WRONG = "9182"


@dataclass
class Machine:
    """Its start, and the clock that counts from it."""

    boot: str = "first"
    now_s: float = 1000.0

    def store(self, folder: Path) -> PinStore:
        """The bridge (re)starts."""
        return PinStore(folder, lambda: self.boot, lambda: self.now_s)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def store(tmp_path: Path, machine: Machine) -> PinStore:
    opened = machine.store(tmp_path)
    opened.set(Role.STAFF, "4711")
    opened.set(Role.COACH, "2580")
    return opened


def guess(store: PinStore, times: int) -> PinRefusal:
    for _ in range(times):
        refusal = store.check(WRONG)
        assert isinstance(refusal, PinRefusal)
    return refusal


def test_each_pin_gives_its_role(store: PinStore) -> None:
    assert (store.check("4711"), store.check("2580")) == (Role.STAFF, Role.COACH)
    assert store.check("4710") == PinRefusal(tries_left=4, wait_s=0.0)


def test_the_files_are_private_and_hold_no_pin(store: PinStore, tmp_path: Path) -> None:
    guess(store, 1)
    for name in ("pins.json", "tries.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        assert b"4711" not in (tmp_path / name).read_bytes()
        assert WRONG.encode() not in (tmp_path / name).read_bytes()
    assert not list(tmp_path.glob("*.new"))


def test_the_same_pin_twice_is_two_hashes(tmp_path: Path, store: PinStore) -> None:
    before = (tmp_path / "pins.json").read_bytes()
    store.set(Role.STAFF, "4711")
    assert (tmp_path / "pins.json").read_bytes() != before


@pytest.mark.parametrize("pin", ["", "471", "47a1", "4711 ", "1" * 13, "0000", "1234", "9876", "٤٧١١"])
def test_a_pin_that_is_none_or_too_easy_is_not_taken(store: PinStore, pin: str) -> None:
    with pytest.raises(PinError) as error:
        store.set(Role.TECHNICIAN, pin)
    assert not pin or pin not in str(error.value)


def test_two_roles_do_not_share_a_pin(store: PinStore) -> None:
    with pytest.raises(PinError, match="another role"):
        store.set(Role.COACH, "4711")
    with pytest.raises(PinError, match="needs no PIN"):
        store.set(Role.VISITOR, "5813")


def test_five_tries_then_a_wait_that_grows(store: PinStore, machine: Machine) -> None:
    assert [guess(store, 1).tries_left for _ in range(FREE_TRIES)] == [4, 3, 2, 1, 0]
    for wait_s in (*WAITS_S, WAITS_S[-1]):
        assert store.check("4711") == PinRefusal(tries_left=0, wait_s=wait_s), "the right one has to wait as well"
        machine.now_s += wait_s - 1
        assert store.check("4711") == PinRefusal(tries_left=0, wait_s=1)
        machine.now_s += 1
        guess(store, 1)
    machine.now_s += WAITS_S[-1]
    assert store.check("4711") is Role.STAFF
    assert guess(store, 1).tries_left == FREE_TRIES - 1


def test_a_restart_of_the_bridge_shortens_nothing(store: PinStore, machine: Machine, tmp_path: Path) -> None:
    guess(store, FREE_TRIES)
    machine.now_s += 10
    again = machine.store(tmp_path)
    assert again.check("4711") == PinRefusal(tries_left=0, wait_s=WAITS_S[0] - 10)


def test_pulling_the_plug_begins_the_wait_anew(store: PinStore, machine: Machine, tmp_path: Path) -> None:
    """After another start nobody knows how long the machine was off: its clock on the wall may say anything."""
    guess(store, FREE_TRIES)
    machine.boot, machine.now_s = "second", 3.0
    again = machine.store(tmp_path)
    assert again.check("4711") == PinRefusal(tries_left=0, wait_s=WAITS_S[0])
    machine.now_s += WAITS_S[0] - 5
    assert machine.store(tmp_path).check("4711") == PinRefusal(tries_left=0, wait_s=5)
    machine.now_s += 5
    assert again.check("4711") is Role.STAFF


def test_a_try_is_counted_before_the_pin_is_looked_at(
    store: PinStore, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killing the bridge while it computes must not give the try back."""
    looking, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> bool:
        looking.set()
        return go_on.wait(60) and False

    monkeypatch.setattr(pins, "_fits", slow)
    thread = threading.Thread(target=store.check, args=(WRONG,))
    thread.start()
    assert looking.wait(60)
    kept = (tmp_path / "tries.json").read_bytes()
    go_on.set()
    thread.join()
    assert b'"failed":1' in kept


def test_files_that_are_damaged(store: PinStore, machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "tries.json").write_text("{")
    assert machine.store(tmp_path).check("4711") == PinRefusal(tries_left=0, wait_s=WAITS_S[-1])
    (tmp_path / "tries.json").unlink()
    (tmp_path / "pins.json").write_text("[]")
    with pytest.raises(OSError, match="damaged"):
        machine.store(tmp_path).check("4711")


def test_a_pin_that_was_taken_away(store: PinStore) -> None:
    assert store.remove(Role.STAFF)
    assert not store.remove(Role.STAFF)
    assert isinstance(store.check("4711"), PinRefusal)
    assert store.check("2580") is Role.COACH


def test_the_real_clock_of_this_machine_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "WAITS_S", (300.0,))  # longer than a busy machine takes for a few hashes
    store = PinStore(tmp_path)
    store.set(Role.STAFF, "4711")
    guess(store, FREE_TRIES)
    first, second = store.check("4711"), PinStore(tmp_path).check("4711")
    assert isinstance(first, PinRefusal) and isinstance(second, PinRefusal)
    assert 0 < second.wait_s <= first.wait_s <= 300


def test_no_clock_that_was_turned_back_makes_a_wait_longer_than_it_is() -> None:
    kept = Tries(failed=FREE_TRIES, boot="b", until_s=1e9)
    assert tries.wait_left_s(kept, 0.0) == WAITS_S[0]
