"""The region's own settings: /etc/maakhoek-region/region.toml."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONFIG: Final = Path("/etc/maakhoek-region/region.toml")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class RegionError(ValueError):
    """The settings cannot be used; the message names the key and what it should be."""


@dataclass(frozen=True)
class RegionConfig:
    """`host`: what kiosks and browsers call this server, a name or an IPv4 address; `also`: its other names."""

    name: str
    host: str
    also: tuple[str, ...] = ()
    authority: Path = Path("/var/lib/maakhoek-ca")
    enrol_port: int = 8443
    broker_port: int = 8883
    repository: Path = Path("/srv/maakhoek")

    @property
    def names(self) -> tuple[str, ...]:
        """All that the server's certificate is for."""
        return (self.host, *self.also)

    @property
    def enrol_url(self) -> str:
        """Where kiosks go with their code."""
        return f"https://{self.host}:{self.enrol_port}"

    @property
    def packages_url(self) -> str:
        """Where kiosks find new versions; their signature protects them, so plain HTTP will do."""
        return f"http://{self.host}/packages/"

    @property
    def packages_key(self) -> Path:
        """The public half of what signs them."""
        return self.repository / "maakhoek.asc"

    def text(self) -> str:
        """As a file."""
        also = ", ".join(f'"{name}"' for name in self.also)
        return (
            "# The region's server. After a change: maakhoek-region setup\n"
            f'name = "{self.name}"\nhost = "{self.host}"\nalso = [{also}]\nauthority = "{self.authority}"\n'
            f"enrol_port = {self.enrol_port}\nbroker_port = {self.broker_port}\n"
            f'repository = "{self.repository}"\n'
        )


def load(path: Path = CONFIG) -> RegionConfig:
    """Raises RegionError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RegionError(f"{path}: {error.strerror}; `maakhoek-region setup` makes it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegionError(f"{path}: is not TOML: {error}") from None
    known = {"name", "host", "also", "authority", "enrol_port", "broker_port", "repository"}
    if unknown := sorted(set(table) - known):
        raise RegionError(f"{path}: `{unknown[0]}` is not a key; there are: {', '.join(sorted(known))}")
    try:
        config = RegionConfig(
            table["name"],
            table["host"],
            tuple(table.get("also", ())),
            Path(table.get("authority", RegionConfig.authority)),
            table.get("enrol_port", RegionConfig.enrol_port),
            table.get("broker_port", RegionConfig.broker_port),
            Path(table.get("repository", RegionConfig.repository)),
        )
    except (KeyError, TypeError) as error:
        raise RegionError(f"{path}: {error} is missing or wrong") from None
    return checked(config, f"{path}: ")


def checked(config: RegionConfig, where: str = "") -> RegionConfig:
    """The same. Raises RegionError."""
    if not isinstance(config.name, str) or not re.fullmatch(r"[\w .'-]{1,40}", config.name):
        raise RegionError(f"{where}`name` should be 1 to 40 letters, such as Leie")
    for host in config.names:
        if not isinstance(host, str) or not _HOST.fullmatch(host):
            raise RegionError(f"{where}{host!r} is no host name or IPv4 address, such as region.example.org")
    for port in (config.enrol_port, config.broker_port):
        if type(port) is not int or not 1 <= port <= 65535:
            raise RegionError(f"{where}{port!r} is no TCP port")
    return config
