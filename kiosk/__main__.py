"""`python -m kiosk --config FILE [--inspect SOCKET] [--screen NAME [--state FILE.json]]`"""

import argparse
import logging
import signal
import sys
from pathlib import Path

import msgspec

from kiosk.config import ConfigError, read_config
from kiosk.staging import StagingError, read_stage, stage


def main(arguments: list[str] | None = None) -> int:
    """The process; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m kiosk", description="The touchscreen of Maakhoek.")
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="kiosk.toml")
    parser.add_argument(
        "--inspect",
        type=Path,
        metavar="SOCKET",
        help="for test automation: tell on this UNIX socket what stands where on the screen",
    )
    made_up = "only show this screen, with a made-up state (kiosk/staging.py)"
    parser.add_argument("--screen", metavar="NAME", help=made_up)
    parser.add_argument("--state", type=Path, metavar="FILE", help="JSON: what differs from its usual state")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        config = read_config(options.config)
        staged = read_stage(options.screen, options.state) if options.screen else None
    except (ConfigError, StagingError) as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 2

    from kiosk.ui import environment
    from kiosk.ui.fonts import FontMissingError, find_fonts

    try:
        fonts = find_fonts()
    except FontMissingError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 2
    environment.prepare(config.screen)

    from kiosk.ui.app import KioskApp
    from kiosk.ui.theme import Theme

    config = msgspec.structs.replace(config, screen=environment.as_it_is(config.screen))
    try:
        app = KioskApp(config, Theme(config.screen, fonts), options.inspect)
        if staged is not None:
            app.show_only(stage(app.model, options.screen, staged))
    except StagingError as error:
        print(f"kiosk: {options.state or options.screen}: {error}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop())
    app.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
