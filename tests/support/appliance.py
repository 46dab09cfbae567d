"""The whole appliance and its region, as `make run` starts it, on a virtual screen and a printer that hurries."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.workbench.stack import Options, Stack
from support.screen import Finger, xvfb

ROOT = Path(__file__).parents[2]
COLLECTION = ROOT / "build" / "collection"


@contextmanager
def appliance(
    folder: Path,
    speed: float,
    width_px: int = 1280,
    height_px: int = 800,
    diagonal_inch: float = 10.1,
    neighbours: int = 0,
) -> Iterator[tuple[Stack, Finger]]:
    """Everything started and ready; everything stopped at the end. `make collection` comes first."""
    assert (COLLECTION / "collection.json").exists(), "no collection; build it with `make collection`"
    with xvfb(folder, width_px, height_px) as display:
        options = Options(
            data=folder / "run",
            collection=COLLECTION,
            speed=speed,
            width_px=width_px,
            height_px=height_px,
            diagonal_inch=diagonal_inch,
            # The region shows Flemish time, wherever its server stands; so does the kiosk.
            kiosk_environment={**display, "TZ": "Europe/Brussels"},
            neighbours=neighbours,
        )
        stack = Stack(options)
        try:
            stack.prepare_region()
            for program in stack.programs():
                stack.supervisor.start(program)
            yield stack, Finger(display, stack.inspect_socket)
        finally:
            stack.supervisor.stop()
