"""`python -m dashboard serve | recorder | alerts | migrate | account NAME | fleet`, each with `--config FILE`."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from dashboard.config import ConfigError
from dashboard.databases import shown, sqlite_file
from dashboard.logs import log_to_stderr

UNUSABLE = 2
"""Exit code where the configuration or the database has to be mended first."""


ROLES = ("viewer", "operator", "admin", "auditor")
"""`rights.Role`, which can be imported only when Django is set up."""


def main() -> int:
    """Parse, set Django up, hand over."""
    arguments = _parser().parse_args()
    log_to_stderr()
    os.umask(0o007)  # the database holds accounts: nothing for others
    os.environ["MAAKHOEK_DASHBOARD"] = str(arguments.config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
    try:
        import dashboard.settings  # noqa: F401  Django would wrap its errors
    except ConfigError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    import django

    django.setup()
    return int(arguments.run(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="The region: recorder and pages.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, required=True, help="the TOML file")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", parents=[common], help="serve the pages")
    serve.set_defaults(run=_serve)
    recorder = commands.add_parser("recorder", parents=[common], help="record what the kiosks report")
    recorder.set_defaults(run=_record)
    alerts = commands.add_parser("alerts", parents=[common], help="tell people of troubles by e-mail")
    alerts.set_defaults(run=_tell)
    migrate = commands.add_parser("migrate", parents=[common], help="make or update the database")
    migrate.set_defaults(run=_migrate)
    fleet = commands.add_parser("fleet", parents=[common], help="report for kiosks that are not there")
    fleet.add_argument("--kiosks", type=int, default=8, metavar="N", help="how many (8)")
    fleet.add_argument("--faults", type=float, default=0.15, help="share of prints that go wrong, 0 to 1 (0.15)")
    fleet.add_argument("--seed", type=int, default=1, help="the same one makes the same fleet (1)")
    fleet.add_argument(
        "--at", type=_door, action="append", default=[], metavar="HOST:PORT",
        help="the broker's door for kiosks (as `broker` in FILE); may come again",
    )  # fmt: skip
    fleet.add_argument(
        "--pki", type=Path, metavar="FOLDER", help="TLS with ca.crt, and each kiosk's own ID.crt and ID.key, in it"
    )
    fleet.add_argument("--names", action="store_true", help="only say who they are: id, tab, library")
    fleet.set_defaults(run=_fleet)
    account = commands.add_parser("account", parents=[common], help="make an account, or give it a new password")
    account.add_argument("name", metavar="NAME")
    account.add_argument(
        "--password-from-stdin", action="store_true", required=True, help="read the password: one line"
    )
    account.add_argument("--role", default="viewer", choices=ROLES, help="what it is for (viewer)")
    account.add_argument(
        "--kiosk", action="append", default=[], metavar="ID", help="an operator's; may come again"
    )
    account.add_argument("--mail", default="", metavar="ADDRESS", help="tell it of troubles there")
    account.set_defaults(run=_account)
    reset = commands.add_parser(
        "reset-two-factor", parents=[common], help="let an account set up its second step anew"
    )
    reset.add_argument("name", metavar="NAME")
    reset.set_defaults(run=_reset_two_factor)
    return parser


def _serve(_: argparse.Namespace) -> int:
    from django.conf import settings

    from dashboard.web import serve

    return _trouble_with_database() or serve(settings.CONFIG.host, settings.CONFIG.port, settings.CONFIG.workers)


def _record(_: argparse.Namespace) -> int:
    from django.conf import settings

    from dashboard.recorder.service import Recorder

    if trouble := _trouble_with_database():
        return trouble
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Recorder(settings.CONFIG.brokers, stop, with_home_assistant=settings.CONFIG.home_assistant).run()
    return 0


def _tell(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from dashboard.alerts.post import PostOffice
    from dashboard.alerts.service import Teller

    if settings.CONFIG.mail is None:
        print(
            f"{arguments.config}: there is no table `mail`: give the mail server's host and a sender",
            file=sys.stderr,
        )
        return UNUSABLE
    if trouble := _trouble_with_database():
        return trouble
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Teller(PostOffice(settings.CONFIG.mail), settings.CONFIG.public_url, stop).run()
    return 0


def _migrate(arguments: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError

    name = shown(settings.CONFIG.database)
    if file := sqlite_file(settings.CONFIG.database):
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        print(f"the database {name} cannot be used: {error}", file=sys.stderr)
        return UNUSABLE
    logging.getLogger("dashboard").info("the database %s is up to date", name)
    return 0


def _account(arguments: argparse.Namespace) -> int:
    from dashboard.accounts import AccountError, set_account
    from dashboard.rights import Role

    if trouble := _trouble_with_database():
        return trouble
    try:
        password = sys.stdin.readline().rstrip("\n")
        role, kiosks = Role(arguments.role), tuple(arguments.kiosk)
        said = set_account(arguments.name, password, role, kiosks, arguments.mail)
    except AccountError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    print(said)
    return 0


def _reset_two_factor(arguments: argparse.Namespace) -> int:
    from dashboard.accounts import AccountError, reset_two_factor

    if trouble := _trouble_with_database():
        return trouble
    try:
        print(reset_two_factor(arguments.name))
    except AccountError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    return 0


def _fleet(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from dashboard.fleet.connection import Where
    from dashboard.fleet.libraries import kiosk_id, library
    from dashboard.fleet.run import gather, run

    if arguments.names:
        for n in range(arguments.kiosks):
            print(f"{kiosk_id(n)}\t{library(n)}")
        return 0
    brokers = settings.CONFIG.brokers
    if not arguments.at and any(broker.socket for broker in brokers):
        print(
            "the recorder's socket lets nobody speak for kiosks: name the broker's door with --at HOST:PORT",
            file=sys.stderr,
        )
        return UNUSABLE
    if arguments.pki and (missing := _first_missing(arguments.pki, arguments.kiosks)):
        print(f"{missing}: is not there; --pki holds ca.crt, and ID.crt and ID.key of each kiosk", file=sys.stderr)
        return UNUSABLE
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    doors = arguments.at or [(broker.host, broker.port) for broker in brokers]
    where = [Where(host, port, arguments.pki) for host, port in doors]
    run(gather(arguments.kiosks, where, arguments.faults, arguments.seed), stop)
    return 0


def _first_missing(pki: Path, kiosks: int) -> Path | None:
    from dashboard.fleet.libraries import kiosk_id

    own = (f"{kiosk_id(n)}.{kind}" for n in range(kiosks) for kind in ("crt", "key"))
    return next((pki / name for name in ("ca.crt", *own) if not (pki / name).is_file()), None)


def _door(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no HOST:PORT, such as 127.0.0.1:8883")
    return host, int(port)


def _trouble_with_database() -> int:
    """0, or UNUSABLE where the database is not there or not of this version; says which command mends it."""
    from django.conf import settings
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    remedy = f"run: python -m dashboard migrate --config {os.environ['MAAKHOEK_DASHBOARD']}"
    name = shown(settings.CONFIG.database)
    file = sqlite_file(settings.CONFIG.database)
    if file and not file.exists():
        print(f"there is no database {name}; {remedy}", file=sys.stderr)
        return UNUSABLE
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            print(f"the database {name} is of an older version; {remedy}", file=sys.stderr)
            return UNUSABLE
    except DatabaseError as error:
        print(f"the database {name} cannot be used: {error}", file=sys.stderr)
        return UNUSABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
