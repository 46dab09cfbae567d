"""The page on which people say where and when they are told."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client
from support.accounts import signed_in

from dashboard import models
from dashboard.alerts import readings
from dashboard.alerts.confirmation import token
from dashboard.alerts.policy import Quiet
from dashboard.rights import Role

ADDRESS = "noor@example.org"


def test_everybody_says_where_and_when(database: None) -> None:
    client = signed_in("noor", Role.OPERATOR, "deinze")
    client.post("/account/", {"address": ADDRESS, "quiet_from": "22:00", "quiet_to": "07:30", "language": "fr"})
    assert readings.people() == [] and 'id="unconfirmed"' in client.get("/account/").content.decode()
    assert client.get(_link()).url == "/account/?confirmed#mail"
    (person,) = readings.people()
    assert (person.address, person.language, person.quiet) == (ADDRESS, "fr", Quiet(22 * 60, 7 * 60 + 30))
    assert 'value="22:00"' in client.get("/account/").content.decode()
    assert [row.about for row in models.Audit.objects.filter(act="mail_set")] == [""], "no address in the register"

    client.post("/account/", {"address": "", "quiet_from": "", "quiet_to": "", "language": "nl"})
    assert readings.people() == []


def _link() -> str:
    """As it stands in the letter to the only account there is."""
    return f"/account/mail/{token(models.MailWish.objects.get())}/"


def _save(client: Client, address: str, **more: str) -> None:
    client.post("/account/", {"address": address, "quiet_from": "", "quiet_to": "", "language": "nl"} | more)


def test_until_a_new_address_is_confirmed_mail_goes_where_it_went(database: None) -> None:
    client = signed_in("noor", Role.ADMIN)
    _save(client, ADDRESS)
    client.get(_link())
    _save(client, "nieuw@example.org")
    first = _link()
    assert [person.address for person in readings.people()] == [ADDRESS]
    assert [wish.asked for wish in readings.unconfirmed()] == ["nieuw@example.org"]
    _save(client, "nieuwer@example.org")
    assert client.get(first).url == "/account/?late#mail", "of another address"
    assert [person.address for person in readings.people()] == [ADDRESS]
    _save(client, ADDRESS)
    assert readings.unconfirmed() == [] and not models.MailWish.objects.get().asked, "it was theirs already"


def test_an_address_is_asked_once_unless_they_want_it_again(database: None) -> None:
    client = signed_in("noor", Role.ADMIN)
    _save(client, ADDRESS)
    readings.keep_asked(*readings.unconfirmed())
    _save(client, ADDRESS)
    assert readings.unconfirmed() == []
    _save(client, ADDRESS, again="")
    assert len(readings.unconfirmed()) == 1


def test_a_link_is_for_its_account_alone_once_and_for_three_days(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("noor", Role.ADMIN)
    _save(client, ADDRESS)
    link = _link()
    assert Client().get(link).status_code == 302 and readings.people() == []
    assert signed_in("an", Role.ADMIN).get(link).url == "/account/?late#mail" and readings.people() == []
    with monkeypatch.context() as later:
        later.setattr(PasswordResetTokenGenerator, "_now", lambda _: datetime.now() + timedelta(days=4))
        assert client.get(link).url == "/account/?late#mail" and readings.people() == []
    assert client.get(link).url == "/account/?confirmed#mail" and len(readings.people()) == 1
    assert client.get(link).url == "/account/?late#mail", "used"
    acts = models.Audit.objects.filter(act="mail_confirmed")
    assert [(row.who, row.about) for row in acts] == [("noor", "")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"address": "noor"}, "Dit is geen e-mailadres."),
        ({"quiet_from": "22:00"}, "begin en een einde"),
        ({"address": "noor@example.org\nBcc: all@example.org"}, "Dit is geen e-mailadres."),
    ],
)
def test_what_makes_no_sense_is_refused(database: None, fields: dict[str, str], said: str) -> None:
    client = signed_in("noor", Role.OPERATOR, "deinze")
    answer = client.post("/account/", {"address": "", "language": "nl"} | fields)
    assert said in answer.content.decode()
    assert not models.MailWish.objects.exists()


def test_who_may_do_nothing_gets_no_mail_and_no_form(database: None) -> None:
    assert 'id="mail"' not in signed_in("an", Role.VIEWER).get("/account/").content.decode()
    assert Client().get("/account/").status_code == 302
