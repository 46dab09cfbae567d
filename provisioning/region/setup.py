"""`maakhoek-region setup`: from a fresh Debian 13 to a region that works; again, only what is missing."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Final

from provisioning import files
from provisioning.ca import replacement
from provisioning.ca.authority import Authority
from provisioning.ca.signer import GUIDE
from provisioning.region import admin, broker
from provisioning.region.config import CONFIG, RegionConfig, RegionError

ETC: Final = Path("/etc/maakhoek-region")
DASHBOARD: Final = ETC / "dashboard.toml"
NGINX: Final = Path("/etc/nginx/conf.d/maakhoek.conf")
SOCKET: Final = Path("/run/maakhoek-broker/broker.sock")
DATABASE: Final = "maakhoek"
ROLE: Final = "maakhoek-dashboard"
_DASHBOARD: Final = Template(f"""# Written by `maakhoek-region setup`, once: change it as you need.
database = "postgresql:///{DATABASE}"
secret = "/var/lib/maakhoek-dashboard/secret"
public_url = "https://$host"

[broker]
socket = "{SOCKET}"
""")
REPOSITORY: Final = "maakhoek-repository"
REPOSITORY_KEYS: Final = Path("/var/lib/maakhoek-repository")
SERVICES: Final = ("broker", "enrolment", "recorder", "dashboard", "alerts")


def run(*command: str, as_user: str = "", stdin: str | None = None) -> str:
    """Its output. Raises RegionError with what it said."""
    whole = ("runuser", "-u", as_user, "--", *command) if as_user else command
    done = subprocess.run(whole, capture_output=True, text=True, cwd="/", input=stdin)
    if done.returncode != 0:
        raise RegionError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def set_up(config: RegionConfig, stick: Path | None, passphrase: str | None) -> None:
    """All of it, each part said when it is done. Raises RegionError, CeremonyError, AuthorityError."""
    if os.geteuid() != 0:
        raise RegionError("setting a server up takes root: sudo maakhoek-region setup …")
    if not Path("/run/systemd/system").is_dir():
        raise RegionError("systemd does not run here; this is for a booted Debian 13")
    run("systemd-sysusers", "maakhoek-region.conf")
    run("systemd-tmpfiles", "--create", "maakhoek-region.conf")
    files.write(CONFIG, config.text())
    _authority(config, stick, passphrase)
    _said("the authority, the server's certificate and the lists")
    write_lists(config)
    _said(f"the broker for kiosks, port {config.broker_port}")
    make_database()
    _dashboard(config)
    _said("the database and the pages")
    run(REPOSITORY, "init", str(config.repository))
    _web(config)
    _said(f"the repository of new versions, {config.repository}")
    # Debian's own instance would be a second broker that nobody needs.
    run("systemctl", "disable", "--now", "--quiet", "mosquitto.service")
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", "--quiet", "maakhoek-region.target")
    run("systemctl", "restart", *(f"maakhoek-{name}.service" for name in SERVICES))
    run("systemctl", "start", "maakhoek-region.target")
    run("systemctl", "reload-or-restart", "nginx.service")
    _said(f"services are up; staff: https://{config.host}/, kiosks: {config.enrol_url}")


def write_lists(config: RegionConfig) -> None:
    """The broker's configuration and access lists, from the authority's. Raises BrokerError."""
    pki = config.authority / "pki"
    settings = broker.Settings(ETC / "broker", pki, SOCKET, config.broker_port)
    broker.write(settings, (pki / "stopped").read_text().split())


def reload_services() -> None:
    """Broker and pages read certificates and lists again; nobody is cut off."""
    for service in ("maakhoek-broker.service", "nginx.service"):
        subprocess.run(("systemctl", "reload", service), check=False, capture_output=True)


def renew_certificates(config: RegionConfig) -> None:
    """The server's own, where it is due; and the lists, so that they are never older than a day."""
    authority = Authority(config.authority)
    now = datetime.now(UTC)
    authority.renew_server(config.names, now)
    authority.write_lists(now)
    authority.close()


def replace_intermediate(config: RegionConfig, by: Path, *, leaked: bool) -> None:
    """The one in `by` signs from now on. Where the old one's key has leaked, all that it signed is refused,
    on open connections too. Raises AuthorityError, RegionError."""
    replacement.replace(config.authority, by, leaked=leaked)
    authority = Authority(config.authority)
    authority.note(datetime.now(UTC), admin.who(), "replace", "leaked" if leaked else "")
    authority.close()
    renew_certificates(config)
    write_lists(config)
    reload_services()
    if leaked:
        run("systemctl", "try-restart", "maakhoek-broker.service")
    _said(f"another intermediate signs, until {authority.signs_until:%Y-%m-%d}; kiosks renew within a day")


def _authority(config: RegionConfig, stick: Path | None, passphrase: str | None) -> None:
    folder = config.authority
    if not (folder / "intermediate.key").exists():
        if stick is None:
            raise RegionError(f"there is no authority yet: add --stick FOLDER ({GUIDE})")
        if passphrase is None:
            passphrase = admin.asked_passphrase(from_stdin=False, twice=True)
        has_root = any(stick.glob("*root.key"))
        pin = admin.hold_ceremony(stick, folder, config.name, passphrase, again=has_root)
        _said(f"the ceremony; the root's fingerprint (SHA-256) is {pin}")
    renew_certificates(config)
    for path in (folder / "register.sqlite", folder / "intermediate.key"):
        shutil.chown(path, "maakhoek-ca", "maakhoek-ca")
        path.chmod(0o600)


def make_database() -> None:
    """The role that recorder and pages are known by, and its database, where they are missing."""
    run("systemctl", "start", "postgresql.service")
    if not _found(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        run("createuser", ROLE, as_user="postgres")
    if not _found(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        as_utf8 = ("--encoding", "UTF8", "--template", "template0")
        run("createdb", "--owner", ROLE, *as_utf8, DATABASE, as_user="postgres")


def _found(query: str) -> bool:
    return bool(run("psql", "-tAc", query, as_user="postgres").strip())


def _dashboard(config: RegionConfig) -> None:
    if not DASHBOARD.exists():
        files.write(DASHBOARD, _DASHBOARD.substitute(host=config.host))
    run("maakhoek-dashboard", "migrate", as_user=ROLE)


def _web(config: RegionConfig) -> None:
    if NGINX.exists() or not NGINX.parent.is_dir():
        return
    template = Template((Path(__file__).parent / "nginx.conf").read_text())
    folders = {"pki": config.authority / "pki", "repository": config.repository}
    files.write(NGINX, template.substitute(names=" ".join(config.names), **folders))


def _said(words: str) -> None:
    print(f"✓ {words}", flush=True)
