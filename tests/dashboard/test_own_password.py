"""One's own password: the present one first, guesses are braked, and who else is signed in is out."""

import pytest
from django.test import Client
from support.accounts import PASSWORD, signed_in

from dashboard import models
from dashboard.rights import Role

pytestmark = pytest.mark.usefixtures("database")

NEW = "vier gewone woorden samen"
PAGE = "/account/password/"


@pytest.fixture
def noor() -> Client:
    """Signed in."""
    return signed_in("noor", Role.VIEWER)


def typed(old: str, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": again}


def test_it_is_changed_and_only_this_browser_stays_signed_in(noor: Client) -> None:
    elsewhere = Client()
    assert elsewhere.post("/sign-in", {"username": "noor", "password": PASSWORD}).status_code == 302
    assert f'href="{PAGE}"' in noor.get("/account/").content.decode()
    told = noor.post(PAGE, typed(PASSWORD), follow=True).content.decode()
    assert "Je nieuwe wachtwoord geldt vanaf nu." in told
    assert noor.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert Client().post("/sign-in", {"username": "noor", "password": PASSWORD}).status_code == 200
    assert Client().post("/sign-in", {"username": "noor", "password": NEW}).status_code == 302
    assert models.Audit.objects.filter(act="password_changed", who="noor").count() == 1


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (typed("iets anders"), "Je wachtwoord van nu klopt niet."),
        (typed(PASSWORD, "kort", "kort"), "kort"),
        (typed(PASSWORD, NEW, "iets anders"), "wachtwoord"),
        (typed("", "", ""), "verplicht"),
    ],
)
def test_what_is_refused_is_said_and_changes_nothing(noor: Client, form: dict[str, str], why: str) -> None:
    answer = noor.post(PAGE, form)
    text = answer.content.decode()
    assert answer.status_code == 200 and 'role="alert"' in text and why in text
    assert not models.Audit.objects.filter(act="password_changed").exists()
    assert Client().post("/sign-in", {"username": "noor", "password": PASSWORD}).status_code == 302


def test_guessing_is_braked_here_too(noor: Client) -> None:
    for _ in range(5):
        assert "klopt niet" in noor.post(PAGE, typed("geraden")).content.decode()
    assert "Te veel pogingen" in noor.post(PAGE, typed(PASSWORD)).content.decode()


def test_it_is_for_who_has_signed_in() -> None:
    assert Client().get(PAGE).url == f"/sign-in?next={PAGE}"
