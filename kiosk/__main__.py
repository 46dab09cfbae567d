"""`python -m kiosk --config FILE [--inspect SOCKET]`"""

import argparse
import logging
import signal
import sys
from pathlib import Path

from kiosk.config import ConfigError, read_config


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
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        config = read_config(options.config)
    except ConfigError as error:
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

    app = KioskApp(config, Theme(config.screen, fonts), options.inspect)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop())
    app.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
