"""The people page: who comes in, with which role, and what nobody can do to themselves; chosen passwords."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from support.accounts import PASSWORD, make_account, signed_in
from support.region_rows import kiosk_row

from dashboard import models, second_factor
from dashboard.accounts import LastAdminError, block, change
from dashboard.rights import Right, Role, may, role_of

pytestmark = pytest.mark.usefixtures("database")

NEW_PASSWORD = "drie rustige woorden"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def link_in(text: str) -> str:
    found = re.search(r'<code id="link"[^>]*>http://testserver(/password/[^<]+)</code>', text)
    assert found, text
    return found[1]


def acts(who: str) -> list[str]:
    return list(models.Audit.objects.filter(who=who).order_by("id").values_list("act", flat=True))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.AUDITOR])
def test_only_an_admin_manages_people(role: Role) -> None:
    client = signed_in("an", role, "deinze")
    other = make_account("noor", Role.ADMIN)
    for path in ("/people/", "/people/new/", f"/people/{other.pk}/"):
        assert client.get(path).status_code == client.post(path, {"do": "block"}).status_code == 403
    assert 'href="/people/"' not in page(client, "/")
    assert User.objects.get(pk=other.pk).is_active


def test_who_is_invited_chooses_a_password_with_a_link_that_works_once() -> None:
    kiosk_row("deinze", library="Bibliotheek Deinze")
    admin = signed_in("ada", Role.ADMIN)
    answer = admin.post("/people/new/", {"name": "noor", "role": "operator", "kiosks": ["deinze"]})
    noor = User.objects.get(username="noor")
    assert (
        role_of(noor) is Role.OPERATOR
        and may(noor, Right.COMMAND, "deinze")
        and not may(noor, Right.COMMAND, "gent")
    )
    assert not noor.has_usable_password() and "Nog geen wachtwoord" in page(admin, "/people/")
    link = link_in(answer.content.decode())
    assert link.split("/")[-2] not in page(admin, f"/people/{noor.pk}/"), "shown once"

    client = Client()
    form = client.get(link, follow=True)
    assert "Voor noor." in form.content.decode()
    where = form.redirect_chain[-1][0]
    assert "noor" in client.post(where, {"new_password1": "noor", "new_password2": "noor"}).content.decode()
    assert not User.objects.get(pk=noor.pk).has_usable_password(), "a password that is its name is none"
    done = client.post(where, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert done.status_code == 302
    assert "werkt niet meer" in Client().get(link, follow=True).content.decode()
    assert client.post("/sign-in", {"username": "noor", "password": NEW_PASSWORD}).status_code == 302
    assert acts("ada") == ["signed_in", "account_set", "link_made"] and acts("noor") == [
        "password_set",
        "signed_in",
    ]
    assert not models.Audit.objects.filter(about__contains=link.split("/")[-2]).exists()


def test_a_link_of_who_is_blocked_opens_nothing() -> None:
    admin, noor = signed_in("ada", Role.ADMIN), make_account("noor", Role.VIEWER)
    link = link_in(admin.post(f"/people/{noor.pk}/", {"do": "link"}).content.decode())
    assert admin.post(f"/people/{noor.pk}/", {"do": "block"}).status_code == 302
    assert "werkt niet meer" in Client().get(link, follow=True).content.decode()
    assert 'value="link"' not in page(admin, f"/people/{noor.pk}/")


def test_a_new_role_counts_at_once_and_stands_in_the_register() -> None:
    kiosk_row("deinze")
    admin, noor = signed_in("ada", Role.ADMIN), make_account("noor", Role.OPERATOR, "deinze")
    admin.post(f"/people/{noor.pk}/", {"do": "role", "role": "auditor", "kiosks": ["deinze"]})
    noor = User.objects.get(pk=noor.pk)
    assert role_of(noor) is Role.AUDITOR and not models.Post.objects.exists(), "an auditor works at no kiosk"
    row = models.Audit.objects.get(act="account_set")
    assert row.who == "ada" and '"account": "noor"' in row.about and "auditor" in row.about
    assert "Bewaard." in page(admin, f"/people/{noor.pk}/?kept")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "noor", "role": "operator"}, "minstens één bibliotheek"),
        ({"name": "ADA", "role": "viewer"}, "Die naam is er al."),
        ({"name": "noor met spaties", "role": "viewer"}, "alleen letters"),
        ({"name": "", "role": "viewer"}, "notice"),
        ({"name": "noor", "role": "emperor"}, "<form"),
        ({"name": "noor", "role": "operator", "kiosks": ["gent"]}, "<form"),
    ],
)
def test_what_cannot_be_makes_nobody(fields: dict[str, object], says: str) -> None:
    kiosk_row("deinze")
    admin = signed_in("ada", Role.ADMIN)
    answer = admin.post("/people/new/", fields)
    assert answer.status_code == 200 and says in answer.content.decode()
    assert User.objects.count() == 1


def test_a_post_at_a_kiosk_that_was_never_heard_can_be_kept() -> None:
    admin, noor = signed_in("ada", Role.ADMIN), make_account("noor", Role.OPERATOR, "gent")
    assert "gent" in page(admin, f"/people/{noor.pk}/")
    admin.post(f"/people/{noor.pk}/", {"do": "role", "role": "operator", "kiosks": ["gent"]})
    assert list(models.Post.objects.values_list("kiosk", flat=True)) == ["gent"]


def test_who_is_blocked_is_out_at_once_and_may_come_back() -> None:
    admin = signed_in("ada", Role.ADMIN)
    client = signed_in("noor", Role.VIEWER)
    noor = User.objects.get(username="noor")
    admin.post(f"/people/{noor.pk}/", {"do": "block"})
    assert client.get("/").status_code == 302
    assert client.post("/sign-in", {"username": "noor", "password": PASSWORD}).status_code == 200
    assert "Geblokkeerd" in page(admin, "/people/")
    admin.post(f"/people/{noor.pk}/", {"do": "let_in"})
    assert client.post("/sign-in", {"username": "noor", "password": PASSWORD}).status_code == 302
    assert acts("ada") == ["signed_in", "account_blocked", "account_let_in"]


def test_the_second_step_is_cleared_for_who_lost_it() -> None:
    admin, noor = signed_in("ada", Role.ADMIN), make_account("noor", Role.VIEWER)
    device = second_factor.begun(noor)
    device.confirmed = True
    device.save()
    assert 'value="two_factor"' in page(admin, f"/people/{noor.pk}/") and ">Aan" not in page(admin, "/")
    admin.post(f"/people/{noor.pk}/", {"do": "two_factor"})
    assert not second_factor.is_on(noor)
    assert acts("ada")[-1] == "two_factor_reset" and 'value="two_factor"' not in page(admin, f"/people/{noor.pk}/")


@pytest.mark.parametrize("fields", [{"do": "block"}, {"do": "role", "role": "viewer"}])
def test_the_last_admin_stays(fields: dict[str, str]) -> None:
    admin = signed_in("ada", Role.ADMIN)
    ada = User.objects.get(username="ada")
    answer = admin.post(f"/people/{ada.pk}/", fields)
    assert "laatste beheerder" in answer.content.decode()
    ada = User.objects.get(username="ada")
    assert ada.is_active and role_of(ada) is Role.ADMIN and acts("ada") == ["signed_in"], "undone, and not noted"

    make_account("noor", Role.ADMIN)
    assert admin.post(f"/people/{ada.pk}/", fields).status_code == 302


def test_who_cannot_sign_in_is_no_admin_that_counts() -> None:
    ada = make_account("ada", Role.ADMIN)
    invited, blocked = make_account("noor", Role.ADMIN), make_account("an", Role.ADMIN)
    invited.set_unusable_password()
    invited.save()
    block(blocked, by="ada")
    for attempt in (lambda: block(ada, by="ada"), lambda: change(ada, Role.VIEWER, (), by="ada")):
        with pytest.raises(LastAdminError):
            attempt()
    change(invited, Role.VIEWER, (), by="ada")
    assert role_of(invited) is Role.VIEWER and role_of(ada) is Role.ADMIN
