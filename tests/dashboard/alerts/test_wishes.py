"""The page on which people say where and when they are told."""

import pytest
from django.test import Client
from support.accounts import signed_in

from dashboard import models
from dashboard.alerts import readings
from dashboard.alerts.policy import Quiet
from dashboard.rights import Role

ADDRESS = "noor@example.org"


def test_everybody_says_where_and_when(database: None) -> None:
    client = signed_in("noor", Role.OPERATOR, "deinze")
    client.post("/account/", {"address": ADDRESS, "quiet_from": "22:00", "quiet_to": "07:30", "language": "fr"})
    (person,) = readings.people()
    assert (person.address, person.language, person.quiet) == (ADDRESS, "fr", Quiet(22 * 60, 7 * 60 + 30))
    assert 'value="22:00"' in client.get("/account/").content.decode()
    assert [row.about for row in models.Audit.objects.filter(act="mail_set")] == [""], "no address in the register"

    client.post("/account/", {"address": "", "quiet_from": "", "quiet_to": "", "language": "nl"})
    assert readings.people() == []


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
