"""The dashboard's configuration: a TOML file, read once."""

import difflib
import os
import re
import secrets
import tempfile
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from dashboard.databases import UnusableError, django_settings


class ConfigError(ValueError):
    """The file cannot be used; the message names the file, the key and what it should be."""


Text = Annotated[str, Meta(min_length=1)]
Port = Annotated[int, Meta(ge=1, le=65535)]


class Broker(Struct, frozen=True, forbid_unknown_fields=True):
    """The regional MQTT broker, on its local listener: a UNIX socket, or a host and a port."""

    host: Text = "127.0.0.1"
    port: Port = 1883
    socket: Text | None = None

    @property
    def where(self) -> str:
        """For people."""
        return self.socket or f"{self.host}:{self.port}"


RoleName = Literal["viewer", "operator", "admin", "auditor"]


class Mail(Struct, frozen=True, forbid_unknown_fields=True):
    """The library's mail server, and from whom letters come. With STARTTLS unless the server has none."""

    host: Text
    sender: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$")]
    port: Port = 587
    starttls: bool = True
    user: Text | None = None
    password_file: Text | None = None


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """See `SHOULD_BE`. Relative paths count from the working directory."""

    database: Text
    secret: Text
    host: Text = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Meta(ge=1, le=32)] = 1
    public_url: Annotated[str, Meta(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?$")] | None = None
    broker: Broker | Annotated[tuple[Broker, ...], Meta(min_length=1, max_length=8)] = Broker()
    home_assistant: bool = False
    collection: Text | None = None
    mail: Mail | None = None
    two_factor_for: tuple[RoleName, ...] = ()

    @property
    def brokers(self) -> tuple[Broker, ...]:
        """All that kiosks may be at."""
        return (self.broker,) if isinstance(self.broker, Broker) else self.broker


SHOULD_BE: Final = {
    "database": (
        'the path of the SQLite file, such as "build/run/region.sqlite", '
        'or the address of a PostgreSQL database, such as "postgresql:///maakhoek"'
    ),
    "secret": "the path of the file with the site's secret; it is made where it is not there",
    "host": 'the address to listen on, such as "127.0.0.1"',
    "port": "the TCP port to listen on, from 1 to 65535",
    "workers": "how many processes serve the pages, from 1 to 32",
    "public_url": 'the address that staff type, such as "https://printers.example.org"',
    "broker": "a table with the host and perhaps the port of the MQTT broker; or several, as [[broker]]",
    "broker.host": 'the host name of the MQTT broker, such as "127.0.0.1"',
    "broker.port": "a TCP port from 1 to 65535, such as 1883",
    "mail": "a table with at least `host` and `sender`",
    "mail.host": 'the host name of the mail server, such as "smtp.example.org"',
    "mail.sender": 'the address that letters come from, such as "printers@example.org"',
    "mail.port": "a TCP port from 1 to 65535, such as 587",
    "mail.starttls": "true, or false where the server has no STARTTLS",
    "mail.user": 'the name to log in with, such as "printers"',
    "mail.password_file": "the path of a file with the password of `user` in it",
    "two_factor_for": 'a list of the roles that have to sign in with a second step, such as ["admin"]',
    "home_assistant": "true when Home Assistant is to find the kiosks by itself, else false",
    "broker.socket": 'the path of the broker\'s UNIX socket, such as "/run/maakhoek/broker.sock"',
    "collection": 'the folder of the built collection, for titles and pictures, such as "build/collection"',
}


def load_config(path: Path) -> Config:
    """Read and check. Raises ConfigError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_explain(str(error))}") from None
    try:
        django_settings(config.database)
    except UnusableError as error:
        raise ConfigError(f"{path}: `database` {error}; it should be {SHOULD_BE['database']}") from None
    if config.mail is not None:
        _check_mail(path, config.mail)
        if config.public_url is None:
            wanted = SHOULD_BE["public_url"]
            raise ConfigError(f"{path}: `mail` needs `public_url`, for links in letters; it should be {wanted}")
    return config


def _check_mail(path: Path, mail: Mail) -> None:
    if (mail.user is None) != (mail.password_file is None):
        raise ConfigError(f"{path}: `mail.user` and `mail.password_file` go together: give both, or neither")
    if mail.user is not None and not mail.starttls:
        raise ConfigError(f"{path}: `mail.user` needs `mail.starttls`: a password never goes out readable")


def _explain(message: str) -> str:
    """Say a validation message of msgspec in terms of keys: which one, and what it should be."""
    said, _, place = message.partition(" - at ")
    table = re.sub(r"\[\d*\.*\]", "", place.strip("`").removeprefix("$").lstrip("."))
    field = re.search(r"field `(.+)`$", said)
    key = ".".join(filter(None, (table, field[1] if field else "")))
    if field and "unknown" in said:
        near = difflib.get_close_matches(key, SHOULD_BE, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(SHOULD_BE)}"
        return f"`{key}` is not a key; {hint}"
    trouble = "is missing" if field else f"is wrong ({said[0].lower()}{said[1:]})"
    return f"`{key}` {trouble}; it should be {SHOULD_BE[key]}"


def read_or_make_secret(path: Path) -> str:
    """The site's secret, made once with mode 0600. Two processes that start together get the same one.

    Raises ConfigError when others may read it, or when it cannot be read or made.
    """
    try:
        if not path.exists():
            _make_secret(path)
        if path.stat().st_mode & 0o077:
            raise ConfigError(f"{path}: others may read the secret; run: chmod 600 {path}")
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(f"`secret`: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"`secret`: {path}: is not text; remove it, and a new one is made") from error
    if len(secret) < 32:
        raise ConfigError(f"`secret`: {path}: is shorter than 32 characters; remove it, and a new one is made")
    return secret


def _make_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:  # mode 0600
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            return  # the other process was first: its secret stands
