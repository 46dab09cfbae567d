"""The screen's door: the program that the unit runs, a bridge that checks the PIN, a simulated NetworkManager."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.bridge_process import bridge_process, simulated_printer
from support.hand_bridge import write_config
from support.simulated_network_manager import (
    NO_ADDRESS,
    WRONG_PASSWORD,
    Point,
    Scenario,
    simulated_network_manager,
)

PINS = {"coach": "2580", "staff": "4711", "technician": "8061"}
PSK = 0x100
PASSWORD = "geheim: \\ {}'\"#"
LIBRARY = Point(b"Bib\xff".hex(), 80, 1, rsn=PSK)
GUESTS = Point(b"Gasten".hex(), 40)
WORK = Point(b"Werk".hex(), 60, 1, rsn=0x200)
AIR = (LIBRARY, GUESTS, WORK)


@dataclass(frozen=True)
class Kiosk:
    """Its folder, and what its NetworkManager is like."""

    folder: Path
    bridge: Path

    def ask(self, scenario: Scenario, question: dict[str, str] | bytes) -> list[dict[str, Any]]:
        """All answers. What was typed is in no word of the program's."""
        line = question if isinstance(question, bytes) else json.dumps(question).encode() + b"\n"
        folder = self.folder / f"manager{sum(1 for _ in self.folder.glob('manager*'))}"
        folder.mkdir()
        command = [sys.executable, "-m", "provisioning.enrol", "--folder", self.folder, "serve"]
        places = ["--status", self.folder / "status.json", "--bridge", self.bridge]
        with simulated_network_manager(folder, scenario) as environment:
            done = subprocess.run(
                [*command, *places], input=line, capture_output=True, env=environment, timeout=60
            )
        said = done.stderr.decode()
        assert done.returncode == 0 and "Traceback" not in said, said
        assert not [typed for typed in (PASSWORD, *PINS.values()) if typed in said]
        return [json.loads(answer) for answer in done.stdout.splitlines()]

    def calls(self, number: int = 0) -> list[list[Any]]:
        """What NetworkManager was told to change, without that it was there."""
        lines = (self.folder / f"manager{number}" / "calls").read_text().splitlines()
        return [json.loads(line) for line in lines][1:]


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path, tmp_path / "no-bridge")


def join(point: Point, access: str, password: str = "", pin: str = "") -> dict[str, str]:
    return {"ask": "join", "network": f"{point.ssid}:{access}", "password": password, "pin": pin}


def test_the_networks_are_told_and_a_card_that_is_off_is_switched_on(kiosk: Kiosk) -> None:
    (answer,) = kiosk.ask(Scenario(AIR, is_on=False), {"ask": "networks"})
    assert [(told["name"], told["access"]) for told in answer["networks"]] == [
        ("Bib?", "password"),
        ("Gasten", "open"),
        ("Werk", "enterprise"),
    ]
    assert kiosk.calls() == [["set", "WirelessEnabled", True]]


def test_what_is_joined_is_kept_and_what_was_known_by_that_name_is_not(kiosk: Kiosk) -> None:
    answers = kiosk.ask(Scenario(AIR, known=LIBRARY.ssid), join(LIBRARY, "password", PASSWORD))
    steps = [answer.get("step") for answer in answers]
    assert steps[0] == "connecting" and steps[-2:] == ["address", None]
    assert answers[-1] == {"joined": True}
    joined, *after = kiosk.calls()
    assert joined[1]["802-11-wireless"]["ssid"] == LIBRARY.ssid
    assert joined[1]["802-11-wireless-security"] == {"key-mgmt": "wpa-psk", "psk": PASSWORD}
    assert joined[2:] == [True, "0", "volatile"]
    assert after == [["keep", True, 1], ["forget", "other"]]


@pytest.mark.parametrize(
    ("scenario", "point", "access", "trouble"),
    [
        (Scenario(AIR, WRONG_PASSWORD), LIBRARY, "password", "wrong_password"),
        (Scenario(AIR, NO_ADDRESS), GUESTS, "open", "no_address"),
        (Scenario(AIR, ((40, 0), (50, 0), (120, 53))), LIBRARY, "password", "out_of_reach"),
    ],
)
def test_what_is_not_joined_is_forgotten(
    scenario: Scenario, point: Point, access: str, trouble: str, kiosk: Kiosk
) -> None:
    assert kiosk.ask(scenario, join(point, access, PASSWORD))[-1] == {"trouble": trouble}
    assert [call[0] for call in kiosk.calls()] == ["join", "forget"]


@pytest.mark.parametrize(
    ("scenario", "question", "trouble"),
    [
        (Scenario(AIR), join(Point("00ff"), "open"), "out_of_reach"),
        (Scenario(AIR), join(LIBRARY, "open"), "out_of_reach"),
        (Scenario(AIR), join(LIBRARY, "password", "short"), "wrong_password"),
        (Scenario(AIR), join(WORK, "enterprise", PASSWORD), "failed"),
        (Scenario(has_card=False), {"ask": "networks"}, "no_card"),
        (Scenario(AIR), b'{"ask": "poweroff"}\n', "not_understood"),
        (Scenario(AIR), b'{"ask": "join", "password": "' + PASSWORD[:6].encode() + b"\n", "not_understood"),
        (Scenario(AIR), b"\xff\x00" * 4000, "not_understood"),
        (Scenario(AIR), b"", "not_understood"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    scenario: Scenario, question: dict[str, str] | bytes, trouble: str, kiosk: Kiosk
) -> None:
    assert kiosk.ask(scenario, question) == [{"trouble": trouble}]
    assert kiosk.calls() == []


def test_a_network_that_wants_a_web_page_is_joined_and_it_is_said(kiosk: Kiosk) -> None:
    answers = kiosk.ask(Scenario(AIR, ((40, 0), (70, 0), (100, 0)), connectivity=2), join(GUESTS, "open"))
    assert answers[-1] == {"trouble": "portal"}
    assert ["keep", True, 1] in kiosk.calls()


def test_without_a_network_manager_it_is_said(kiosk: Kiosk, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.enrol", "--folder", tmp_path, "serve"],
        input=b'{"ask": "networks"}\n',
        capture_output=True,
        env={"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path / 'none'}", "PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    assert json.loads(done.stdout) == {"trouble": "failed"}


def test_the_ticks_are_told_as_before(kiosk: Kiosk) -> None:
    (answer,) = kiosk.ask(Scenario(), {"ask": "checks"})
    assert answer["is_set_up"] is False and answer["wifi"] in ("no", "free")
    assert [check["what"] for check in answer["checks"]] == ["network", "clock", "region", "printer", "test_print"]


# --- once the kiosk is a region's ------------------------------------------------------------------


@pytest.fixture
def enrolled(tmp_path: Path) -> Iterator[Kiosk]:
    """With a bridge that knows a coach, staff and a technician."""
    (tmp_path / "identity.toml").write_text("")
    for name in ("printer", "bridge"):
        (tmp_path / name).mkdir()
    config = write_config(tmp_path / "bridge")
    for role, pin in PINS.items():
        command = [sys.executable, "-m", "firmware_bridge", "pin", role, "--config", config]
        subprocess.run(command, input=pin.encode(), check=True, capture_output=True)
    with (
        simulated_printer(tmp_path / "printer") as printer,
        bridge_process(tmp_path / "bridge", printer.port) as bridge,
    ):
        yield Kiosk(tmp_path, bridge.socket)


def test_once_enrolled_only_a_technician_s_pin_opens_it(enrolled: Kiosk) -> None:
    """Nobody at the screen changes the Wi-Fi: not without a PIN, not with a coach's or staff's, not by guessing;
    and five guesses end it for the right one too."""
    refused = [{"trouble": "not_allowed"}]
    for question in ({"ask": "networks"}, join(LIBRARY, "password", PASSWORD)):
        for pin in ("", PINS["coach"], PINS["staff"], "not a pin"):
            assert enrolled.ask(Scenario(AIR), {**question, "pin": pin}) == refused
    right = {**join(LIBRARY, "password", PASSWORD), "pin": PINS["technician"]}
    assert enrolled.ask(Scenario(AIR), right)[-1] == {"joined": True}
    for guess in range(5):
        assert enrolled.ask(Scenario(AIR), {"ask": "networks", "pin": f"000{guess}"}) == refused
    assert enrolled.ask(Scenario(AIR), right) == refused


def test_once_enrolled_without_a_bridge_nobody_may(tmp_path: Path) -> None:
    (tmp_path / "identity.toml").write_text("")
    alone = Kiosk(tmp_path, tmp_path / "no-bridge")
    assert alone.ask(Scenario(AIR), {"ask": "networks", "pin": PINS["technician"]}) == [{"trouble": "not_allowed"}]
