"""`cool` at the wrong speed: on a pseudo-terminal whose far end understands only its own."""

import os
import pty
import termios
import threading
import time
from pathlib import Path

import pytest

from firmware_bridge.commands.cool import Target, cool
from firmware_bridge.profile import load_profile

SPEEDS = {57600: termios.B57600, 115200: termios.B115200}


class FarEnd:
    """A printer of one speed: what comes at another is noise to it, and the other way round."""

    def __init__(self, speed: int) -> None:
        self.master, self._slave = pty.openpty()
        self.name = os.ttyname(self._slave)
        self.heard: list[bytes] = []
        self._speed = speed
        self._is_over = False
        os.set_blocking(self.master, False)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """The printer is gone."""
        self._is_over = True
        self._thread.join()
        os.close(self.master)
        os.close(self._slave)

    def _run(self) -> None:
        while not self._is_over:
            try:
                data = os.read(self.master, 4096)
            except BlockingIOError:
                time.sleep(0.005)
                continue
            if termios.tcgetattr(self._slave)[4] != SPEEDS[self._speed]:
                os.write(self.master, b"\xe6\x1f\x98")
                continue
            for line in filter(None, data.split(b"\n")):
                self.heard.append(line)
                hot = b"ok T:180.0 /0.0 B:50.0 /0.0 @:0 B@:0\n" if b"M105" in line else b"ok\n"
                os.write(self.master, hot)


@pytest.mark.parametrize("speed", [57600, 115200])
def test_the_other_speeds_are_tried(tmp_path: Path, speed: int) -> None:
    printer = FarEnd(speed)
    try:
        report = cool(Target(printer.name, (9600, 57600, 115200), load_profile("prusa-mk3s")), timeout_s=8.0)
    finally:
        printer.close()
    assert report.outcome == "cold"
    assert b"M104 S0" in printer.heard and b"M140 S0" in printer.heard
