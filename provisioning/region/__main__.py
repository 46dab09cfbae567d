"""`python -m provisioning.region`: write the broker's configuration."""

import argparse
import sys
from pathlib import Path

from provisioning.region.broker import BrokerError, Settings, write


def main() -> int:
    """Parse, write, say where."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.region", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where mosquitto.conf and its lists go")
    parser.add_argument("--pki", type=Path, required=True, help="holds ca.crt, ca.crl, broker.crt, broker.key")
    parser.add_argument("--socket", type=Path, required=True, help="the recorder's UNIX socket")
    parser.add_argument("--port", type=int, default=8883, help="for kiosks (8883)")
    parser.add_argument("--address", default="0.0.0.0", help="to listen on (all)")
    parser.add_argument(
        "--stop", action="append", default=[], metavar="KIOSK", help="neither heard nor told; repeatable"
    )
    parser.add_argument("--home-assistant", action="store_true", help="let the client `home-assistant` read")
    a = parser.parse_args()
    try:
        folders = (a.folder.resolve(), a.pki.resolve(), a.socket.resolve())
        config = write(Settings(*folders, a.port, a.address, home_assistant=a.home_assistant), a.stop)
    except (BrokerError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{config} is written; run: systemctl reload-or-restart mosquitto")
    return 0


if __name__ == "__main__":
    sys.exit(main())
