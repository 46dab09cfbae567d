"""The bridge's configuration: a TOML file, read once."""

import difflib
import os
import pwd
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from firmware_bridge import contract
from firmware_bridge.profile import Profile, ProfileError, load_profile
from firmware_bridge.service.opening import WEEKDAYS, AtClosing, Opening, read_day
from firmware_bridge.service.policy import Policy


class ConfigError(ValueError):
    """The file cannot be used; the message names the file, the key and what it should be."""


KIOSK_ID: Final = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$"
COLOUR: Final = r"^#[0-9A-Fa-f]{6}$"
MAX_SOCKET_PATH_BYTES: Final = 107
"""What fits in the kernel's sockaddr_un."""

Text = Annotated[str, Meta(min_length=1, max_length=80)]


class Broker(Struct, frozen=True, forbid_unknown_fields=True):
    """The region's MQTT broker. `ca` turns TLS on; `certificate` and `key` are this kiosk's own."""

    host: Annotated[str, Meta(min_length=1)]
    port: Annotated[int, Meta(ge=1, le=65535)] = 1883
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None


class _Spool(Struct, frozen=True, forbid_unknown_fields=True):
    material: Text
    colour: Annotated[str, Meta(pattern=COLOUR)]
    name: str = ""


Stretches = tuple[str, ...]


class _Opening(Struct, frozen=True, forbid_unknown_fields=True):
    monday: Stretches = ()
    tuesday: Stretches = ()
    wednesday: Stretches = ()
    thursday: Stretches = ()
    friday: Stretches = ()
    saturday: Stretches = ()
    sunday: Stretches = ()
    closed: tuple[date, ...] = ()


class _Queue(Struct, frozen=True, forbid_unknown_fields=True):
    approval: bool = False


class _Policy(Struct, frozen=True, forbid_unknown_fields=True):
    visitor_cancel_s: Annotated[float, Meta(ge=0)] = 120.0
    at_closing: AtClosing = AtClosing.FINISH
    closing_margin_s: Annotated[float, Meta(ge=0, le=7200)] = 900.0
    trust_clock: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    kiosk: Annotated[str, Meta(pattern=KIOSK_ID)]
    library: Text
    profile: str
    port: Annotated[str, Meta(min_length=1)]
    data: Annotated[str, Meta(min_length=1)]
    socket: Annotated[str, Meta(min_length=1)]
    spool: _Spool
    baud: Annotated[int, Meta(ge=1200, le=4_000_000)] | None = None
    socket_users: tuple[Annotated[int, Meta(ge=0)] | Text, ...] = ()
    identity: str | None = None
    broker: Broker | Annotated[tuple[Broker, ...], Meta(min_length=1, max_length=8)] | None = None
    opening: _Opening | None = None
    queue: _Queue = _Queue()
    policy: _Policy = _Policy()


class _Identity(Struct, frozen=True):
    """What the enrolment wrote; it may write more than the bridge reads."""

    kiosk: Annotated[str, Meta(pattern=KIOSK_ID)]
    library: Text
    broker: Broker


class Config(Struct, frozen=True, kw_only=True):
    """See docs of the keys in `SHOULD_BE`. `baud` None: the profile's. `brokers`: the best first; none: no
    region. `hours` None: nothing is said of them, nothing ever closes. `spool`: until another one is put in.
    `practice` is for the command of that name; no file can say it.

    `socket_users` are the uids that may speak on the UNIX socket beside root and the bridge's own.
    """

    kiosk: str
    library: str
    profile: Profile
    port: str
    baud: int | None
    data: Path
    socket: Path
    socket_users: frozenset[int]
    spool: contract.Spool
    brokers: tuple[Broker, ...]
    hours: Opening | None = None
    rules: Policy = Policy()
    practice: bool = False


SHOULD_BE: Final = {
    "kiosk": 'the id of this kiosk in small letters, digits and dashes, such as "deinze"',
    "library": 'the name of the library, such as "Bibliotheek Deinze"',
    "profile": 'the id of a printer profile, such as "prusa-mk3s"',
    "port": 'the serial device of the printer, such as "/dev/serial/by-id/usb-…", or "auto" for the one there is',
    "baud": "the speed of the serial port, such as 115200 (without it: the profile's)",
    "data": "the folder of the journal and the jobs",
    "socket": f"the path of the UNIX socket, at most {MAX_SOCKET_PATH_BYTES} bytes",
    "socket_users": 'a list of users of this machine, such as ["maakhoek-kiosk"] or [1001]',
    "spool": "a table with material, colour and perhaps name",
    "spool.material": 'the material of the loaded spool, such as "PLA"',
    "spool.colour": 'the colour of the loaded spool, such as "#E4572E"',
    "spool.name": 'the name of the colour, such as "Oranje"',
    "identity": "the file that the enrolment writes; once it is there, its kiosk, library and broker stand",
    "broker": "a table with host, and perhaps port, ca, certificate and key; or several [[broker]], best first",
    "broker.host": 'the host name of the MQTT broker, such as "127.0.0.1"',
    "broker.port": "a TCP port from 1 to 65535",
    "broker.ca": "the file with the authority's certificate, in PEM",
    "broker.certificate": "the file with this kiosk's certificate, in PEM",
    "broker.key": "the file with this kiosk's private key, in PEM",
    "opening": "a table of opening hours: monday to sunday, and closed",
    **{f"opening.{day}": 'a list of hours, such as ["10:00-12:30", "14:00-18:00"]' for day in WEEKDAYS},
    "opening.closed": "a list of dates without quotes, such as [2026-12-25]",
    "queue": "a table with approval",
    "queue.approval": "true where staff lets each job in before it may be printed",
    "policy": "a table with visitor_cancel_s, at_closing, closing_margin_s and trust_clock",
    "policy.visitor_cancel_s": "for how many seconds anybody may cancel a print; 0: only staff",
    "policy.at_closing": '"finish" or "pause": what a running print does when the library closes',
    "policy.closing_margin_s": "seconds that a print must have before closing beside its own time, at most 7200",
    "policy.trust_clock": "true where the clock is right without a time service (a clock module with a battery)",
}


def load_config(path: Path) -> Config:
    """Read and check. Raises ConfigError."""
    return _load(path, without=())


def load_local_config(path: Path) -> Config:
    """The same without the region: heaters go off also where a certificate cannot be read. Raises ConfigError."""
    return _load(path, without=("identity", "broker"))


def _load(path: Path, without: tuple[str, ...]) -> Config:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    try:
        return _checked({key: value for key, value in table.items() if key not in without})
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def _checked(table: dict[str, Any]) -> Config:
    try:
        file = msgspec.convert(table, _File)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(str(error))) from None
    if file.identity is not None and Path(file.identity).exists():
        file = _enrolled(file, Path(file.identity))
    try:
        profile = load_profile(file.profile)
    except ProfileError as error:
        raise ConfigError(f"`profile`: {error}") from error
    if len(file.socket.encode()) > MAX_SOCKET_PATH_BYTES:
        raise _wrong("socket", "is too long")
    brokers = (file.broker,) if isinstance(file.broker, Broker) else file.broker or ()
    for broker in brokers:
        _check_tls(broker)
    spool = contract.Spool(material=file.spool.material, colour=file.spool.colour, name=file.spool.name)
    return Config(
        kiosk=file.kiosk,
        library=file.library,
        profile=profile,
        port=file.port,
        baud=file.baud,
        data=Path(file.data),
        socket=Path(file.socket),
        socket_users=frozenset(_uid(user) for user in file.socket_users),
        spool=spool,
        brokers=brokers,
        hours=_hours(file.opening) if file.opening is not None else None,
        rules=Policy(approval=file.queue.approval, **msgspec.structs.asdict(file.policy)),
    )


def _enrolled(file: _File, path: Path) -> _File:
    """With the kiosk, the library and the broker that the region gave."""
    try:
        identity = msgspec.toml.decode(path.read_bytes(), type=_Identity)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"`identity`: {path}: cannot be used: {error}; enrol this kiosk again") from None
    return msgspec.structs.replace(file, kiosk=identity.kiosk, library=identity.library, broker=identity.broker)


def _hours(said: _Opening) -> Opening:
    week = []
    for day in WEEKDAYS:
        try:
            week.append(read_day(getattr(said, day)))
        except ValueError as error:
            raise _wrong(f"opening.{day}", f"is wrong ({error})") from None
    return Opening(tuple(week), frozenset(said.closed))


def _uid(user: int | str) -> int:
    if isinstance(user, int):
        return user
    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        raise _wrong("socket_users", f'names "{user}", whom this machine does not know') from None


def _check_tls(broker: Broker) -> None:
    if (broker.certificate is None) != (broker.key is None):
        raise _wrong(
            "broker.key" if broker.key is None else "broker.certificate", "is missing beside its other half"
        )
    if broker.certificate is not None and broker.ca is None:
        raise _wrong("broker.ca", "is missing: a certificate is only shown over TLS")
    for key, name in (("ca", broker.ca), ("certificate", broker.certificate), ("key", broker.key)):
        if name is not None and not os.path.isfile(name):  # noqa: PTH113  it never raises
            raise _wrong(f"broker.{key}", f"names no file ({name})")


def _wrong(key: str, trouble: str) -> ConfigError:
    return ConfigError(f"`{key}` {trouble}; it should be {SHOULD_BE[key]}")


def _explain(message: str) -> str:
    """Say a validation message of msgspec in terms of keys: which one, and what it should be."""
    said, _, place = message.partition(" - at ")
    prefix = re.sub(r"\[\d*\.*\]", "", place.strip("`").removeprefix("$").lstrip("."))
    field = re.search(r"field `(.+)`$", said)
    if field is None:
        return str(_wrong(prefix, f"is wrong ({said[0].lower()}{said[1:]})"))
    key = ".".join(filter(None, (prefix, field[1])))
    if "unknown" not in said:
        return str(_wrong(key, "is missing"))
    near = difflib.get_close_matches(key, SHOULD_BE, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else f"; there are: {', '.join(SHOULD_BE)}"
    return f"`{key}` is not a key{hint}"
