"""A screen of other pixels than the configuration says: nothing of the kiosk lies beside the glass."""

import sys
from pathlib import Path

from support.programs import running
from support.screen import Finger, xvfb
from support.waiting import until

WIDTH_PX, HEIGHT_PX = 1024, 600


def test_it_fills_the_screen_that_there_is_and_says_so(tmp_path: Path, collection: Path) -> None:
    config, told, log = (tmp_path / name for name in ("kiosk.toml", "inspect", "log"))
    config.write_text(
        f'bridge = "{tmp_path}/no.sock"\ncollection = "{collection}"\nsession = "{tmp_path}/session"\n'
        'worker = ["true"]\n[screen]\nwidth_px = 1280\nheight_px = 800\ndiagonal_inch = 7\nfullscreen = true\n'
    )
    with xvfb(tmp_path, WIDTH_PX, HEIGHT_PX) as environment:
        finger = Finger(environment, told)
        command = [sys.executable, "-m", "kiosk", "--config", config, "--inspect", told]
        with running(command, log, env=finger._environment):
            until(told.exists, 60, "the inspection socket")
            finger.press("wake")
            finger.wait_for("collection")
            widgets = finger.look().widgets
    assert any(widget.name.startswith("card:") for widget in widgets)
    assert all(widget.x + widget.width <= WIDTH_PX + 1 for widget in widgets)
    assert all(widget.y + widget.height <= HEIGHT_PX + 1 for widget in widgets)
    assert "1024 x 600 pixels, kiosk.toml says 1280 x 800" in log.read_text()
