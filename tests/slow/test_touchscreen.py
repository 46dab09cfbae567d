"""The touchscreen on the kernel's own graphics, its seat from seatd; and that it takes no more than its share."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from appliance import glass
from PIL import Image
from support.guest import BOOT_S, booted
from support.system_guest import SystemGuest
from support.waiting import until

BRIDGE, KIOSK, SEAT = "maakhoek-bridge.service", "maakhoek-kiosk.service", "seatd.service"
TESTS = Path(__file__).parents[1]
WIDTH_PX, HEIGHT_PX = 1280, 800
"""The screen of the package's own kiosk.toml."""
SCREEN = ("-device", f"virtio-gpu-pci,xres={WIDTH_PX},yres={HEIGHT_PX}", "-device", "virtio-tablet-pci")
ABSOLUTE_MAX = 0x7FFF
"""QEMU's tablets go from 0 to here, in both directions."""
AT_LEISURE = "[Service]\nWatchdogSec=0\nTimeoutStartSec=infinity\n"
NO_GPU = "Environment=WLR_RENDERER=pixman LIBGL_ALWAYS_SOFTWARE=1\n"
LOOK = f"""python3 -c 'import socket
line = socket.socket(socket.AF_UNIX)
line.connect("{glass.RUNTIME}/inspect")
line.sendall(b"look\\n")
print(line.makefile().readline())'"""
KEYBOARD_MODE = """python3 -c 'import array, fcntl
mode = array.array("i", [0])
fcntl.ioctl(open("/dev/tty1"), 0x4B44, mode)
print(mode[0])'"""
"""KDGKBMODE of linux/kd.h."""
K_OFF = 4
GROUP = f"/sys/fs/cgroup/system.slice/{KIOSK}"
GREEDY = f"""sh -c 'echo $$ >{GROUP}/cgroup.procs; exec python3 -c "b\\"x\\" * (1 << 30)"' || true"""
"""Something of the touchscreen's wants a gigabyte."""
LINES = "wc -l </run/simulated-printer/log"


@pytest.fixture(scope="module")
def guest(kiosk_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemGuest]:
    """The touchscreen is up. With memory for more than the touchscreen may take, and a clock that
    runs by itself: one that counts instructions is too slow for who draws, so nothing here is timed."""
    devices = (*SCREEN, "-m", "2048", "-smp", "2")
    with booted(SystemGuest, tmp_path_factory.mktemp("guest"), "system", *devices, root=kiosk_root) as system:
        system.run("mkdir -p /run/guest/support")
        for name in ("waiting", "bridge_client"):
            system.write(f"/run/guest/support/{name}.py", (TESTS / f"support/{name}.py").read_text())
        system.write("/run/guest/printing.py", (TESTS / "slow/guest/printing.py").read_text())
        add(system, BRIDGE, AT_LEISURE)
        add(system, KIOSK, glass.open_to_look()[KIOSK] + AT_LEISURE + NO_GPU)
        system.run(f"touch /run/guest/touchscreen; systemctl daemon-reload; systemctl restart {BRIDGE}")
        system.run(f"systemctl start {KIOSK}")
        yield system


def add(guest: SystemGuest, unit: str, text: str) -> None:
    """More of a unit's configuration."""
    guest.run(f"mkdir -p /run/systemd/system/{unit}.d")
    guest.write(f"/run/systemd/system/{unit}.d/leisure.conf", text)


def main_pid(guest: SystemGuest, unit: str) -> str:
    return guest.run(f"systemctl show -P MainPID {unit}").strip()


def comes_back(guest: SystemGuest, before: str) -> None:
    """The touchscreen, as another process than `before`; and it draws."""
    guest.until(f'[ "$(systemctl show -P MainPID {KIOSK})" != {before} ] && systemctl is-active -q {KIOSK}')
    assert look(guest)


def look(guest: SystemGuest) -> dict[str, Any]:
    """What can be pressed and read, by name, as kiosk/ui/inspect.py tells it once it draws."""
    told = json.loads(until(lambda: guest.run(f"{LOOK} || true").strip(), BOOT_S, "it tells what it shows"))
    return {widget["name"]: widget for widget in told["widgets"]}


def picture(guest: SystemGuest) -> Image.Image:
    """What the graphics card shows."""
    path = guest.folder / "picture.png"
    assert not guest.command("screendump", filename=str(path), format="png")
    return Image.open(path).convert("RGB")


def colours(image: Image.Image) -> int:
    assert image.size == (WIDTH_PX, HEIGHT_PX)
    return len(image.getcolors(WIDTH_PX * HEIGHT_PX) or ())


def tap(guest: SystemGuest, x: float, y: float) -> None:
    """A finger, in the screen's pixels."""
    at = {"x": x / WIDTH_PX, "y": y / HEIGHT_PX}
    moved = [
        {"type": "abs", "data": {"axis": axis, "value": round(share * ABSOLUTE_MAX)}} for axis, share in at.items()
    ]
    assert not guest.command("input-send-event", events=moved)
    for down in (True, False):
        pressed = {"type": "btn", "data": {"button": "left", "down": down}}
        assert not guest.command("input-send-event", events=[pressed])


def test_it_draws_and_feels_a_finger(guest: SystemGuest) -> None:
    until(lambda: colours(picture(guest)) > 100, BOOT_S, "more than a console shows", 1.0)
    seen = look(guest)
    button = seen.get("setup-models") or seen["wake"]
    tap(guest, button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    until(lambda: {"search", "look-around"} & look(guest).keys(), BOOT_S, "the models")


def test_no_console_hears_the_keys(guest: SystemGuest) -> None:
    assert int(guest.run(KEYBOARD_MODE)) == K_OFF


def test_what_takes_too_much_memory_is_ended_and_the_print_goes_on(guest: SystemGuest) -> None:
    guest.run("python3 /run/guest/printing.py")
    bridge, kiosk = main_pid(guest, BRIDGE), main_pid(guest, KIOSK)
    guest.run(GREEDY)
    guest.until(f"journalctl --sync && journalctl -u {KIOSK} | grep -q oom-kill")
    lines = int(guest.run(LINES))
    until(lambda: int(guest.run(LINES)) > lines, BOOT_S, "lines go on")
    comes_back(guest, kiosk)
    assert main_pid(guest, BRIDGE) == bridge


def test_a_seat_that_is_lost_is_taken_again(guest: SystemGuest) -> None:
    kiosk = main_pid(guest, KIOSK)
    guest.run(f"systemctl kill -s KILL {SEAT}")
    comes_back(guest, kiosk)
    assert int(guest.run(KEYBOARD_MODE)) == K_OFF
