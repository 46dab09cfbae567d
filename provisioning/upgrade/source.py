"""Where new versions come from: the region's repository, and the key that signs it.

The enrolment is told both, over the connection that the setup file's pin has proved. Root takes them over once:
what happens to the enrolment's own user afterwards does not move a kiosk to another repository.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from provisioning import files

ENTRY: Final = Path("/etc/apt/sources.list.d/maakhoek.sources")
IDENTITY: Final = Path("/var/lib/maakhoek-identity/identity.toml")
_URL: Final = re.compile(r"https?://[A-Za-z0-9.:-]{1,260}/[A-Za-z0-9._/-]{0,100}")
_KEY: Final = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----\n[A-Za-z0-9+/=:. \n-]{1,8000}\n-----END PGP PUBLIC KEY BLOCK-----\n?"
)


@dataclass(frozen=True)
class Source:
    """As checked; `key`: the public half, in ASCII armour."""

    url: str
    key: str


def checked(table: Any) -> Source:
    """Of {"url", "key"}. Raises ValueError that names what it should be."""
    if not isinstance(table, dict):
        raise ValueError("`packages` should hold `url` and `key`")
    url, key = table.get("url"), table.get("key")
    if not isinstance(url, str) or not _URL.fullmatch(url):
        raise ValueError("`packages.url` should be an address such as http://region.example.org/packages/")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError("`packages.key` should be a public key of OpenPGP in ASCII armour")
    return Source(url, key)


def entry(source: Source) -> str:
    """In the form of sources.list(5), the key inside."""
    key = "\n".join(f" {line}" if line else " ." for line in source.key.strip().splitlines())
    return f"Types: deb\nURIs: {source.url}\nSuites: ./\nSigned-By:\n{key}\n"


def take_over(identity: Path = IDENTITY, into: Path = ENTRY) -> bool:
    """Whether apt knows a repository of ours now. Raises ValueError where the identity's cannot be used."""
    if into.exists():
        return True
    if not identity.exists():
        return False
    try:
        source = checked(tomllib.loads(identity.read_text(encoding="utf-8")).get("packages"))
    except ValueError as error:
        raise ValueError(f"{identity}: {error}; enrol this kiosk anew (maakhoek-admin again)") from None
    files.write(into, entry(source))
    return True
