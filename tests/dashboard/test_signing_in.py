"""Who sees what: nothing is open, guessing is braked, and nothing comes from elsewhere."""

import re

import pytest
from django.test import Client
from support.accounts import PASSWORD, make_account, signed_in
from support.region_rows import kiosk_row

from dashboard import models
from dashboard.pages.parts import now_ms
from dashboard.rights import Role

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def staff() -> Client:
    """Signed in."""
    return signed_in("noor", Role.VIEWER)


@pytest.mark.parametrize("path", ["/", "/jobs/", "/printers/deinze/", "/printers/nowhere/"])
def test_no_page_is_open(path: str) -> None:
    kiosk_row()
    answer = Client().get(path)
    assert (answer.status_code, answer.url) == (302, f"/sign-in?next={path}")


def test_signing_in_and_out() -> None:
    make_account("noor", Role.VIEWER)
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in?next=/jobs/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    form = {"username": "noor", "password": PASSWORD, "next": "/jobs/"}
    assert client.post("/sign-in", form).status_code == 403
    answer = client.post("/sign-in", form | {"csrfmiddlewaretoken": token[1]})
    assert (answer.status_code, answer.url) == (302, "/jobs/")
    page = client.get("/jobs/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out", {"csrfmiddlewaretoken": token[1]}).status_code == 302
    assert client.get("/jobs/").status_code == 302


def test_nobody_is_sent_elsewhere_after_signing_in() -> None:
    make_account("noor", Role.VIEWER)
    form = {"username": "noor", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/sign-in", form).url == "/"


def test_guessing_is_braked_and_what_was_typed_is_not_kept() -> None:
    make_account("noor", Role.VIEWER)
    wrong = {"username": "noor", "password": "geraden"}
    for _ in range(5):
        assert "horen niet bij elkaar" in Client().post("/sign-in", wrong).content.decode()
    right = Client().post("/sign-in", {"username": "noor", "password": PASSWORD})
    assert right.status_code == 200 and "Te veel pogingen" in right.content.decode()
    other = make_account("ada", Role.VIEWER)
    assert Client().post("/sign-in", {"username": other.username, "password": PASSWORD}).status_code == 302
    models.SignInFailure.objects.update(at_ms=now_ms() - 11 * 60_000)
    assert Client().post("/sign-in", {"username": "noor", "password": PASSWORD}).status_code == 302
    Client().post("/sign-in", wrong)
    kept = list(models.SignInFailure.objects.values_list("key", flat=True))
    assert kept and all(re.fullmatch("[0-9a-f]{64}", key) for key in kept)


def test_every_answer_keeps_the_house_closed(staff: Client) -> None:
    for answer in (staff.get("/"), Client().get("/sign-in"), staff.get("/nowhere")):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        page = answer.content.decode()
        assert not re.search(r"https?://(?!www\.w3\.org)", page)
        assert not re.search(r"<script(?! src=)|\sstyle=|\son\w+=", page)
    assert Client(HTTP_HOST="elsewhere.example").get("/sign-in").status_code == 400


def test_fonts_and_styles_come_from_here() -> None:
    for name, kind in (
        ("fonts/text-regular.sfnt", "font/"),
        ("fonts/text-bold.sfnt", "font/"),
        ("fonts/icons.woff2", "font/woff2"),
        ("dashboard/tokens.css", "text/css"),
        ("dashboard/live.js", "text/javascript"),
    ):
        answer = Client().get(f"/static/{name}")
        assert answer.status_code == 200, name
        assert answer["Content-Type"].startswith(kind)
