"""Where new versions come from: what is taken for a repository, and what could write more into apt's file."""

from typing import Any

import pytest
from support.enrolment import PACKAGES_KEY

from provisioning.upgrade.source import checked, entry

URL = "http://region.example.org/packages/"


def test_what_apt_reads() -> None:
    lines = entry(checked({"url": URL, "key": PACKAGES_KEY})).splitlines()
    assert lines[:4] == ["Types: deb", f"URIs: {URL}", "Suites: ./", "Signed-By:"]
    assert lines[4] == " -----BEGIN PGP PUBLIC KEY BLOCK-----" and lines[5] == " ."
    assert all(line.startswith(" ") for line in lines[4:])


@pytest.mark.parametrize(
    ("table", "named"),
    [
        (None, "packages"),
        ({"url": URL}, "packages.key"),
        ({"url": URL, "key": 1}, "packages.key"),
        ({"url": URL, "key": PACKAGES_KEY.replace("=Xn3k", "=Xn3k\rTrusted: yes")}, "packages.key"),
        ({"url": URL, "key": PACKAGES_KEY + PACKAGES_KEY.replace("PUBLIC", "PRIVATE")}, "packages.key"),
        ({"url": "file:/home", "key": PACKAGES_KEY}, "packages.url"),
        ({"url": f"{URL}\nTrusted: yes", "key": PACKAGES_KEY}, "packages.url"),
        ({"url": "http://region.example.org/a b/", "key": PACKAGES_KEY}, "packages.url"),
        ({"url": "http://region.example.org", "key": PACKAGES_KEY}, "packages.url"),
    ],
)
def test_anything_else_is_refused_by_name(table: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        checked(table)
