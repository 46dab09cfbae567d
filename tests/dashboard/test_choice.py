"""Sorting and filtering the grid by the address, the screen on the wall, and the models' pictures."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from support.accounts import signed_in
from support.region_rows import kiosk_row, listening, snapshot
from support.reporting_kiosk import job

from dashboard.pages import words
from dashboard.pages.choice import Choice, Order, read
from dashboard.pages.parts import now_ms
from dashboard.pages.status import Need
from dashboard.rights import Role
from firmware_bridge.contract import JobState

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def staff() -> Client:
    """Signed in, with four printers: one printing, one failed, one that waits, one that is silent."""
    listening()
    kiosk_row("deinze")
    kiosk_row("aalter", snapshot(job(JobState.FAILED)), library="Bibliotheek Aalter")
    kiosk_row("eeklo", snapshot(job(JobState.READY)), library="Bibliotheek Eeklo")
    kiosk_row("gavere", library="Bibliotheek Gavere", online=False, seen_ms=now_ms() - 3_600_000)
    return signed_in("noor", Role.VIEWER)


def _shown(page: str) -> list[str]:
    return re.findall(r'id="tile-(\w+)"', page)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["aalter", "gavere", "eeklo", "deinze"]),
        ("order=name", ["aalter", "deinze", "eeklo", "gavere"]),
        ("order=ready", ["deinze", "aalter", "eeklo", "gavere"]),
        ("order=heard", ["gavere"]),
        ("state=hand", ["eeklo"]),
        ("state=busy&library=Bibliotheek+Deinze", ["deinze"]),
        ("library=Bibliotheek+Eeklo", ["eeklo"]),
        ("state=away", []),
        ("state=tomorrow&order=sideways", ["aalter", "gavere", "eeklo", "deinze"]),
    ],
)
def test_the_address_chooses_and_orders(staff: Client, asked: str, shown: list[str]) -> None:
    page = staff.get(f"/?{asked}").content.decode()
    assert _shown(page)[: len(shown) if asked == "order=heard" else None] == shown
    assert ('id="nothing" hidden' in page) is bool(shown), "where nothing fits, it says so"


def test_counts_are_of_the_library_whatever_state_is_shown(staff: Client) -> None:
    page = staff.get("/?state=help").content.decode()
    assert _shown(page) == ["aalter"]
    counts = re.search(r'id="summary".*?</p>', page, re.S)
    assert counts and counts[0].count("<b>1</b>") == 4
    assert 'href="/?" aria-current="true"' in counts[0], "the chosen one leads back to all"
    assert 'href="/?state=busy"' in counts[0]


def test_an_address_says_only_what_was_chosen() -> None:
    choice = read({"library": "Bibliotheek & zo", "state": "hand", "order": "need"})
    assert choice == Choice("Bibliotheek & zo", Need.HAND, Order.NEED)
    assert choice.address() == "library=Bibliotheek+%26+zo&state=hand"
    assert choice.address(state="") == "library=Bibliotheek+%26+zo"
    assert Choice().address() == ""


def test_what_is_not_heard_looks_like_nothing_else(staff: Client) -> None:
    kiosk_row("tielt", snapshot(connected=False), library="Bibliotheek Tielt")
    for path in ("/", "/wall/"):
        page = staff.get(path).content.decode()
        [silent] = re.findall(r'<li class="([^"]*)" id="tile-gavere"', page)
        [off] = re.findall(r'<li class="([^"]*)" id="tile-tielt"', page)
        assert "unheard" in silent and "unheard" not in off
        assert "Meldt zich niet" in page and "Printer niet verbonden" in page


# --- the wall ---------------------------------------------------------------------------------------


def test_the_wall_has_nothing_to_touch_and_stays_signed_in(staff: Client) -> None:
    answer = staff.get("/wall/?library=Bibliotheek+Deinze")
    page = answer.content.decode()
    assert _shown(page) == ["deinze"]
    assert not re.search(r"<(a|button|input|select|form)\b", page)
    assert "Bijgewerkt om" in page and 'data-live="/wall/live?library=Bibliotheek+Deinze"' in page
    assert answer.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE, "its two weeks begin anew"


# --- pictures ---------------------------------------------------------------------------------------


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region that has a copy of the collection."""
    (tmp_path / "sleutelhanger").mkdir()
    (tmp_path / "sleutelhanger/picture.png").write_bytes(b"\x89PNG")
    titles = {"nl": "Sleutelhangertje", "fr": "Porte-clés"}
    entries = [
        {"card": {"id": "sleutelhanger", "title": titles}, "picture": "sleutelhanger/picture.png"},
        {"card": {"id": "evil", "title": {}}, "picture": "../secret.png"},
    ]
    (tmp_path.parent / "secret.png").write_bytes(b"no")
    (tmp_path / "collection.json").write_text(json.dumps({"entries": entries}))
    monkeypatch.setattr(settings, "CONFIG", msgspec.structs.replace(settings.CONFIG, collection=str(tmp_path)))
    return tmp_path


def test_a_tile_shows_the_model_in_the_spool_s_colour(staff: Client, collection: Path) -> None:
    page = staff.get("/").content.decode()
    tile = page[page.index('id="tile-deinze"') : page.index("</li>", page.index('id="tile-deinze"'))]
    assert 'href="/models/sleutelhanger.png"' in tile and 'flood-color="#E4572E"' in tile
    assert "Sleutelhangertje, eigen versie" in tile
    silent = page[page.index('id="tile-gavere"') : page.index("</li>", page.index('id="tile-gavere"'))]
    assert "/models/" not in silent, "what it prints now, nobody knows"
    answer = staff.get("/models/sleutelhanger.png")
    assert b"".join(answer.streaming_content) == b"\x89PNG" and answer["Content-Type"] == "image/png"
    assert Client().get("/models/sleutelhanger.png").status_code == 302


@pytest.mark.parametrize("card", ["evil", "nobody"])
def test_a_picture_that_is_not_in_the_collection_is_not_there(staff: Client, collection: Path, card: str) -> None:
    assert staff.get(f"/models/{card}.png").status_code == 404


@pytest.mark.parametrize("content", ["", "{}", '{"entries": [1]}', '{"entries": [{"card": {}}]}'])
def test_a_collection_that_cannot_be_read_is_none(staff: Client, collection: Path, content: str) -> None:
    (collection / "collection.json").write_text(content)
    assert words.model_name("sleutelhanger") == "Sleutelhanger"
    assert staff.get("/").status_code == 200
