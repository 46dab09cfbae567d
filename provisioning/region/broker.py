"""Mosquitto's configuration and access lists, written from the templates beside this file."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

TEMPLATES: Final = Path(__file__).parent
KIOSK_ID: Final = re.compile(r"[a-z0-9-]{1,64}")


class BrokerError(ValueError):
    """The configuration cannot be written; the message says why."""


@dataclass(frozen=True)
class Settings:
    """`pki` holds ca.crt, ca.crl, broker.crt and broker.key. `socket` is the recorder's door.

    `user`: whom Mosquitto becomes when root starts it; '' leaves it to Mosquitto (`mosquitto`). `home_assistant`:
    a certificate with the name `home-assistant` may read what kiosks say, and nothing else.
    """

    folder: Path
    pki: Path
    socket: Path
    port: int = 8883
    address: str = "0.0.0.0"
    max_connections: int = 5_000
    user: str = ""
    home_assistant: bool = False


def write(settings: Settings, stopped: Iterable[str] = ()) -> Path:
    """Write all of it; the path of mosquitto.conf. Raises BrokerError."""
    for name in ("ca.crt", "ca.crl", "broker.crt", "broker.key"):
        if not (settings.pki / name).is_file():
            raise BrokerError(f"{settings.pki / name}: is not there; the broker needs it")
    settings.folder.mkdir(parents=True, exist_ok=True)
    acl_kiosks, acl_recorder = settings.folder / "kiosks.acl", settings.folder / "recorder.acl"
    _replace(acl_recorder, _lists("recorder.acl", settings))
    write_access(settings, stopped)
    filled = Template((TEMPLATES / "mosquitto.conf").read_text()).substitute(
        run_as=f"user {settings.user}\n" if settings.user else "",
        port=settings.port,
        address=settings.address,
        max_connections=settings.max_connections,
        pki=settings.pki,
        acl_kiosks=acl_kiosks,
        socket=settings.socket,
        acl_recorder=acl_recorder,
    )
    config = settings.folder / "mosquitto.conf"
    _replace(config, filled)
    return config


def write_access(settings: Settings, stopped: Iterable[str]) -> None:
    """Who is stopped may connect and is neither heard nor told anything; SIGHUP makes Mosquitto read it again.

    Raises BrokerError.
    """
    text = _lists("kiosks.acl", settings)
    for kiosk in stopped:
        if not KIOSK_ID.fullmatch(kiosk):
            raise BrokerError(f"{kiosk!r}: a kiosk's id is small letters, digits and hyphens, 64 at most")
        text += f"\nuser {kiosk}\ntopic deny #\n"
    _replace(settings.folder / "kiosks.acl", text)


def _lists(name: str, settings: Settings) -> str:
    """A list as its template has it, with what Home Assistant may where there is one."""
    text = (TEMPLATES / name).read_text()
    return text + (TEMPLATES / "home-assistant" / name).read_text() if settings.home_assistant else text


def _replace(path: Path, text: str) -> None:
    """All of it or nothing, for a broker that reads it meanwhile; open to the folder's group and nobody else."""
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_text(text)
    os.chown(fresh, -1, path.parent.stat().st_gid)
    fresh.chmod(0o640)
    fresh.replace(path)
