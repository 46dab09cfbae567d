"""`maakhoek-admin`: the region's kiosks and its authority, for who keeps the server."""

import argparse
import getpass
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from provisioning import files, setup_file
from provisioning.ca import certificates
from provisioning.ca.authority import CODE_LIFE, Authority
from provisioning.ca.ceremony import CeremonyError, make_intermediate, make_root
from provisioning.ca.signer import GUIDE, AuthorityError
from provisioning.region import card, config, sealing
from provisioning.region.config import RegionConfig, RegionError
from provisioning.setup_file import SetupFile

SOON: Final = timedelta(days=365)
"""Who keeps a server is told so long before the end of its intermediate."""


def main() -> int:
    """Parse, do, say what was done."""
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(arguments))
    except (RegionError, AuthorityError, CeremonyError) as error:
        print(error, file=sys.stderr)
        return 2
    except PermissionError as error:
        print(f"{error.filename}: {error.strerror}; run it with sudo", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="maakhoek-admin", description=__doc__)
    parser.add_argument(
        "--config", type=Path, default=config.CONFIG, help=f"the region's settings ({config.CONFIG})"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ceremony = commands.add_parser("ceremony", help="the root on a stick, the intermediate on this machine")
    ceremony.add_argument("--stick", type=Path, required=True, help="where the root's stick is mounted")
    ceremony.add_argument("--name", default="Maakhoek", help="of the region")
    ceremony.add_argument("--folder", type=Path, default=RegionConfig.authority, help="for the intermediate")
    ceremony.add_argument("--again", action="store_true", help="the root is there: only another intermediate")
    ceremony.add_argument("--passphrase-from-stdin", action="store_true", help="one line, instead of asking")
    ceremony.set_defaults(run=_ceremony)

    new = commands.add_parser("new", help="a setup file and a card for a new kiosk")
    new.add_argument("--library", required=True, help='its name, such as "Bibliotheek Deinze"')
    new.add_argument("--id", default="", help="the kiosk's (made from the name)")
    new.set_defaults(run=_new)
    again = commands.add_parser("again", help="a setup file and a card for a kiosk that is known")
    again.add_argument("kiosk", metavar="ID")
    again.set_defaults(run=_again)
    for command in (new, again):
        command.add_argument("--out", type=Path, default=Path(), help="the folder for both files (here)")

    for name, words in (("stop", "deaf, mute and kept out, from now on"), ("resume", "let it in; then `again`")):
        command = commands.add_parser(name, help=words)
        command.add_argument("kiosk", metavar="ID")
        command.set_defaults(run=_stop if name == "stop" else _resume)
    list_ = commands.add_parser("list", help="the kiosks and their certificates")
    list_.add_argument("--json", action="store_true", help="one object a kiosk and line, for programs")
    list_.set_defaults(run=_list)
    commands.add_parser("audit", help="who did what").set_defaults(run=_audit)
    return parser


def hold_ceremony(stick: Path, folder: Path, name: str, passphrase: str, *, again: bool) -> str:
    """What to write in the register: the root's pin. Raises CeremonyError."""
    if (folder / "intermediate.key").exists():
        raise CeremonyError(
            f"{folder / 'intermediate.key'}: is there already; for another one take an empty --folder, then "
            "`maakhoek-region replace FOLDER`"
        )
    now = datetime.now(UTC)
    if not again:
        make_root(stick, passphrase, name, now)
    sealing.hand_over(stick, folder, passphrase)
    make_intermediate(stick, passphrase, folder, name, now)
    return certificates.pin(x509.load_pem_x509_certificate((folder / "root.crt").read_bytes()))


def asked_passphrase(*, from_stdin: bool, twice: bool) -> str:
    """Raises CeremonyError where the two differ."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Passphrase of the root: ")
    if twice and getpass.getpass("Once more: ") != first:
        raise CeremonyError("the two passphrases differ; nothing was made")
    return first


def _ceremony(a: argparse.Namespace) -> int:
    passphrase = asked_passphrase(from_stdin=a.passphrase_from_stdin, twice=not a.again)
    pin = hold_ceremony(a.stick, a.folder, a.name, passphrase, again=a.again)
    print(f"The intermediate is in {a.folder}. Take the stick out.\nThe root's fingerprint (SHA-256): {pin}")
    return 0


def _new(a: argparse.Namespace) -> int:
    settings, authority = _opened(a)
    now = datetime.now(UTC)
    kiosk, code = authority.new_kiosk(a.library, now, who(), a.id)
    return _hand_out(a.out, settings, authority, kiosk, code, now)


def _again(a: argparse.Namespace) -> int:
    settings, authority = _opened(a)
    now = datetime.now(UTC)
    return _hand_out(a.out, settings, authority, a.kiosk, authority.again(a.kiosk, now, who()), now)


def _hand_out(
    out: Path, settings: RegionConfig, authority: Authority, kiosk: str, code: str, now: datetime
) -> int:
    known = authority.register.kiosk(kiosk)
    assert known is not None
    pin = certificates.pin(authority.root)
    setup = SetupFile(known.library, settings.enrol_url, pin, code, now + CODE_LIFE)
    out.mkdir(parents=True, exist_ok=True)
    folder = out / kiosk
    folder.mkdir(mode=0o700, exist_ok=True)
    files.write(folder / setup_file.NAME, setup_file.text(setup), 0o600)
    files.write(folder / "kaart.html", card.page(setup, kiosk, settings.name), 0o600)
    print(f"{kiosk}: {folder / setup_file.NAME} for a USB stick, {folder / 'kaart.html'} to print.")
    print(f"They let one kiosk in, until {setup.expires:%Y-%m-%d %H:%M} UTC. Delete them when it is in.")
    return 0


def _stop(a: argparse.Namespace) -> int:
    _, authority = _opened(a)
    authority.stop(a.kiosk, datetime.now(UTC), who())
    print(f"{a.kiosk} is stopped: the broker reads its lists again within seconds.")
    return 0


def _resume(a: argparse.Namespace) -> int:
    _, authority = _opened(a)
    authority.resume(a.kiosk, datetime.now(UTC), who())
    print(f"{a.kiosk} may come back; its certificates were taken back, so: maakhoek-admin again {a.kiosk}")
    return 0


def _list(a: argparse.Namespace) -> int:
    _, authority = _opened(a)
    if authority.signs_until - datetime.now(UTC) < SOON:
        print(
            f"The intermediate ends on {authority.signs_until:%Y-%m-%d}: replace it ({GUIDE}).",
            file=sys.stderr,
        )
    for kiosk in authority.register.kiosks():
        good = [one for one in authority.register.certificates(kiosk.id) if one.revoked_at is None]
        if a.json:
            ends = good[-1].until.isoformat() if good else None
            told = {"id": kiosk.id, "library": kiosk.library, "stopped": bool(kiosk.stopped_at), "until": ends}
            print(json.dumps(told, ensure_ascii=False))
            continue
        until = f"until {good[-1].until:%Y-%m-%d}" if good else "no certificate"
        print(f"{kiosk.id:32}  {'STOPPED' if kiosk.stopped_at else until:16}  {kiosk.library}")
    return 0


def _audit(a: argparse.Namespace) -> int:
    _, authority = _opened(a)
    for line in authority.register.audit():
        print(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.actor:16} {line.action:14} {line.kiosk:24} {line.detail}")
    return 0


def _opened(a: argparse.Namespace) -> tuple[RegionConfig, Authority]:
    settings = config.load(a.config)
    return settings, Authority(settings.authority)


def who() -> str:
    """For the audit: the person behind sudo."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


if __name__ == "__main__":
    sys.exit(main())
