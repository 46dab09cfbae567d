"""`maakhoek-region`: the server of a region, set up and kept by single commands."""

import argparse
import sys
from pathlib import Path

from provisioning.ca.ceremony import CeremonyError
from provisioning.ca.signer import AuthorityError
from provisioning.region import admin, backup, setup
from provisioning.region.broker import BrokerError
from provisioning.region.config import CONFIG, RegionConfig, RegionError, checked, load


def main() -> int:
    """Parse, do, say what was done."""
    parser = argparse.ArgumentParser(prog="maakhoek-region", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    make = commands.add_parser("setup", help="from a fresh Debian 13 to a region that works; may be run again")
    make.add_argument("--name", help="of the region, such as Leie")
    make.add_argument("--host", help="what kiosks and browsers call this server, such as region.example.org")
    make.add_argument("--also", action="append", default=[], metavar="NAME", help="another name of it; repeatable")
    make.add_argument("--stick", type=Path, help="where the root's stick is mounted; the first time")
    make.add_argument("--passphrase-from-stdin", action="store_true", help="of the root: one line")
    make.set_defaults(run=_setup)
    commands.add_parser("lists", help="the broker reads the authority's lists again").set_defaults(run=_lists)
    commands.add_parser("certificates", help="the server's own, where due").set_defaults(run=_certificates)
    other = commands.add_parser("replace", help="another intermediate signs from now on; kiosks need nothing")
    other.add_argument("folder", type=Path, help="where `maakhoek-admin ceremony --again` put it")
    other.add_argument("--leaked", action="store_true", help="what the old one signed is refused at once")
    other.set_defaults(run=_replace)
    save = commands.add_parser("backup", help="database, authority and settings into one sealed file")
    save.add_argument("--to", type=Path, default=backup.FOLDER, help=f"the folder ({backup.FOLDER})")
    save.set_defaults(run=_backup)
    back = commands.add_parser("restore", help="from such a file, on this machine or a new one")
    back.add_argument("file", type=Path)
    back.add_argument("--stick", type=Path, required=True, help="where the root's stick is mounted: it opens it")
    back.add_argument("--passphrase-from-stdin", action="store_true", help="of the stick: one line")
    back.set_defaults(run=_restore)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except (RegionError, AuthorityError, CeremonyError, BrokerError) as error:
        print(error, file=sys.stderr)
        return 2
    except PermissionError as error:
        print(f"{error.filename}: {error.strerror}; run it with sudo", file=sys.stderr)
        return 2
    return 0


def _setup(a: argparse.Namespace) -> None:
    if CONFIG.exists():
        old = load()
        config = RegionConfig(
            a.name or old.name, a.host or old.host, tuple(a.also) or old.also, old.authority, old.enrol_port,
            old.broker_port, old.repository,
        )  # fmt: skip
    elif a.name and a.host:
        config = RegionConfig(a.name, a.host, tuple(a.also))
    else:
        raise RegionError("the first time it needs a name and a host: --name Leie --host region.example.org")
    passphrase = sys.stdin.readline().rstrip("\n") if a.passphrase_from_stdin else None
    setup.set_up(checked(config), a.stick, passphrase)
    print("An account for staff: maakhoek-dashboard account NAME --role admin --password-from-stdin")
    print('A kiosk: maakhoek-admin new --library "Bibliotheek Deinze"')


def _lists(_: argparse.Namespace) -> None:
    setup.write_lists(load())
    setup.reload_services()


def _certificates(_: argparse.Namespace) -> None:
    setup.renew_certificates(load())


def _replace(a: argparse.Namespace) -> None:
    setup.replace_intermediate(load(), a.folder, leaked=a.leaked)


def _backup(a: argparse.Namespace) -> None:
    print(backup.back_up(load(), a.to))


def _restore(a: argparse.Namespace) -> None:
    passphrase = admin.asked_passphrase(from_stdin=a.passphrase_from_stdin, twice=False)
    config = backup.restore(a.file, a.stick, passphrase)
    setup.set_up(config, None, None)


if __name__ == "__main__":
    sys.exit(main())
