"""Setup files: written by the region, read by a kiosk, mistrusted by both."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning import setup_file
from provisioning.region import card
from provisioning.setup_file import MAX_BYTES, SetupFile, SetupFileError

GOOD = SetupFile(
    "Bibliotheek Deinze",
    "https://region.example.org:8443",
    "ab" * 32,
    "0123456789abcdef" * 2,
    datetime(2026, 11, 29, 12, tzinfo=UTC),
)


@given(st.text(min_size=1, max_size=80).filter(str.isprintable))
def test_any_name_of_a_library_comes_through(library: str) -> None:
    setup = SetupFile(library, GOOD.region, GOOD.ca_sha256, GOOD.code, GOOD.expires)
    assert setup_file.parse(setup_file.text(setup)) == setup


def test_a_stick_from_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / setup_file.NAME
    path.write_bytes(b"\xef\xbb\xbf" + setup_file.text(GOOD).replace("\n", "\r\n").encode())
    assert setup_file.load(path) == GOOD
    assert setup_file.load(path).address == ("region.example.org", 8443)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("version = 1", "version = 2", "version"),
        ("https:", "http:", "region"),
        (":8443", ":8443/x", "region"),
        ("region.example.org", "user@elsewhere", "region"),
        ("abab", "abxy", "ca_sha256"),
        ("0123", "01", "code"),
        ("+00:00", "", "expires"),
        ('Bibliotheek Deinze"', 'a\\nb"', "library"),
        ("code =", "cod =", "code"),
        ("version", "version\x00", "TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(SetupFileError, match=named):
        setup_file.parse(setup_file.text(GOOD).replace(old, new))


def test_a_file_that_is_not_one_is_no_trouble(tmp_path: Path) -> None:
    for data in (b"\xff\xfe\x00", b"x" * (MAX_BYTES + 1), b"", b"[[["):
        (tmp_path / "f").write_bytes(data)
        with pytest.raises(SetupFileError):
            setup_file.load(tmp_path / "f")
    with pytest.raises(SetupFileError):
        setup_file.load(tmp_path)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_card_has_six_steps_and_a_qr_code_and_loads_nothing() -> None:
    odd = SetupFile("<b>Bib & Co</b>", GOOD.region, GOOD.ca_sha256, GOOD.code, GOOD.expires)
    html = card.page(odd, "deinze", "Leie")
    page = _Page()
    page.feed(html)
    assert page.tags.count("li") == 6 and page.tags.count("svg") == 1
    assert "<b>Bib & Co</b>" in page.words and "29 november 2026" in page.words
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert GOOD.code not in page.words
