"""The setup file: what a kiosk needs to find its region, to believe it, and to be let in once.

version = 1
library = "Bibliotheek Deinze"
region = "https://region.example.org:8443"
ca_sha256 = "…"          # SHA-256 of the root certificate: the only authority that the kiosk will believe
code = "…"               # 128 random bits, for one kiosk and one key
expires = 2026-11-29T11:00:00+00:00
"""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

NAME: Final = "maakhoek-opstart.toml"
VERSION: Final = 1
MAX_BYTES: Final = 4096

_SHOULD_BE: Final = {
    "library": "the library's name",
    "region": 'an address such as "https://region.example.org:8443"',
    "ca_sha256": "64 hexadecimal digits",
    "code": "32 hexadecimal digits",
    "expires": "a date and a time with its offset",
}


class SetupFileError(ValueError):
    """The file cannot be used; the message names the key and what it should be."""


@dataclass(frozen=True)
class SetupFile:
    """As checked; `region` is an https address without a path."""

    library: str
    region: str
    ca_sha256: str
    code: str
    expires: datetime

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the region's enrolment service."""
        parts = urlsplit(self.region)
        return parts.hostname or "", parts.port or 443


def text(setup: SetupFile) -> str:
    """The file's own words. It is a secret until it has been used."""
    return (
        f"# Maakhoek: opstartbestand voor {setup.library}. Eén keer te gebruiken.\n"
        f"version = {VERSION}\n"
        f"library = {json.dumps(setup.library, ensure_ascii=False)}\n"
        f'region = "{setup.region}"\n'
        f'ca_sha256 = "{setup.ca_sha256}"\n'
        f'code = "{setup.code}"\n'
        f"expires = {setup.expires.isoformat(timespec='seconds')}\n"
    )


def load(path: Path) -> SetupFile:
    """Raises SetupFileError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SetupFileError(f"{path}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise SetupFileError(f"{path}: is too long for a setup file")
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SetupFileError(f"{path}: is not text") from None
    except SetupFileError as error:
        raise SetupFileError(f"{path}: {error}") from None


def parse(words: str) -> SetupFile:
    """Raises SetupFileError. Keys that a later version adds are no trouble."""
    try:
        table = tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        raise SetupFileError(f"is not TOML: {error}") from None
    if table.get("version") != VERSION:
        raise SetupFileError(f"`version` is {table.get('version')!r}; it should be {VERSION}: ask for a new file")
    checks = {
        "library": _is_line,
        "region": _is_address,
        "ca_sha256": _matches(r"[0-9a-f]{64}"),
        "code": _matches(r"[0-9a-f]{32}"),
        "expires": lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    }
    for key, is_good in checks.items():
        if not is_good(table.get(key)):
            raise SetupFileError(f"`{key}` is missing or wrong; it should be {_SHOULD_BE[key]}")
    return SetupFile(**{key: table[key] for key in checks})


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 80 and value.isprintable()


def _matches(pattern: str) -> Any:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_address(value: Any) -> bool:
    return (
        isinstance(value, str)
        and re.fullmatch(r"https://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?", value) is not None
    )
