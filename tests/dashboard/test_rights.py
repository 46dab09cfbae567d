"""Who may what: the table, held against Django's groups and every page; and the audit that shows it."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from support.accounts import PASSWORD, make_account, signed_in
from support.region_rows import kiosk_row, listening

from dashboard import models, rights
from dashboard.accounts import AccountError, set_account
from dashboard.rights import Right, Role, may, role_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("role", "sees", "asks_here", "asks_elsewhere", "reads_audit"),
    [
        (Role.VIEWER, True, False, False, False),
        (Role.OPERATOR, True, True, False, False),
        (Role.ADMIN, True, True, True, True),
        (Role.AUDITOR, True, False, False, True),
        (None, False, False, False, False),
    ],
)
def test_the_table(
    role: Role | None, sees: bool, asks_here: bool, asks_elsewhere: bool, reads_audit: bool
) -> None:
    user = make_account("noor", role, "deinze")
    assert may(user, Right.SEE, "deinze") is sees and may(user, Right.SEE) is sees
    assert may(user, Right.COMMAND, "deinze") is asks_here
    assert may(user, Right.COMMAND, "gent") is asks_elsewhere
    assert may(user, Right.READ_AUDIT) is reads_audit
    listening()
    kiosk_row()
    client = Client()
    client.force_login(user)
    for path in ("/", "/jobs/", "/printers/deinze/", "/printers/deinze/journal/"):
        assert client.get(path).status_code == (200 if sees else 403), path
    assert client.get("/audit/").status_code == (200 if reads_audit else 403)
    assert ('href="/audit/"' in client.get("/").content.decode()) is reads_audit


def test_an_update_of_the_database_restores_the_table() -> None:
    viewers = Group.objects.get(name="viewer")
    viewers.permissions.set(Group.objects.get(name="admin").permissions.all())
    assert may(make_account("noor", Role.VIEWER), Right.COMMAND, "deinze")
    rights.install()
    assert not may(make_account("ada", Role.VIEWER), Right.COMMAND, "deinze")


def test_an_account_has_one_role_and_its_posts() -> None:
    set_account("noor", PASSWORD, Role.OPERATOR, ("deinze", "gent"))
    user = models.Post.objects.first().user
    assert role_of(user) is Role.OPERATOR
    set_account("noor", PASSWORD, Role.VIEWER)
    assert role_of(user) is Role.VIEWER and not models.Post.objects.exists()
    about = models.Audit.objects.filter(act="account_set").values_list("about", flat=True)
    assert len(about) == 2 and "operator" in about[0] and PASSWORD not in "".join(about)


@pytest.mark.parametrize(
    ("role", "kiosks", "says"),
    [
        (Role.OPERATOR, (), "name its kiosk with --kiosk ID"),
        (Role.ADMIN, ("deinze",), "leave --kiosk out"),
        (Role.OPERATOR, ("Deinze!",), "small letters"),
    ],
)
def test_an_account_that_cannot_be_says_why(role: Role, kiosks: tuple[str, ...], says: str) -> None:
    with pytest.raises(AccountError, match=says):
        set_account("noor", PASSWORD, role, kiosks)


def test_the_audit_shows_who_came_and_who_was_refused() -> None:
    make_account("noor", Role.VIEWER)
    client = Client()
    client.post("/sign-in", {"username": "noor", "password": "per-ongeluk-mijn-wachtwoord"})
    client.post("/sign-in", {"username": "mijn-wachtwoord-in-het-naamveld", "password": "x"})
    client.post("/sign-in", {"username": "noor", "password": PASSWORD})
    client.post("/sign-out")
    kept = list(models.Audit.objects.order_by("id").values_list("act", "who"))
    assert kept == [
        ("sign_in_refused", ""),
        ("sign_in_refused", ""),
        ("signed_in", "noor"),
        ("signed_out", "noor"),
    ]
    page = signed_in("ada", Role.AUDITOR).get("/audit/").content.decode()
    for said in ("Aangemeld", "Afgemeld", "Aanmelding geweigerd", "noor"):
        assert said in page
    assert "wachtwoord-in-het" not in page


def test_a_long_audit_goes_by_the_page() -> None:
    for n in range(120):
        models.Audit.objects.create(at_ms=n, who=f"wie-{n}", act="strange_later_act", about='{"name": 5')
    client = signed_in("ada", Role.AUDITOR)
    assert "Blad 1 van 3" in client.get("/audit/").content.decode()
    assert "wie-0<" in client.get("/audit/?page=3").content.decode()
