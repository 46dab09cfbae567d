"""The second step of signing in: set up, asked for, recovered, reset; with real codes, and in Chromium."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_core_python.selenium import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from msgspec.structs import replace
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from support.accounts import PASSWORD, make_account, signed_in
from support.broker import mosquitto
from support.browser import chromium
from support.dashboard import ACCOUNT, Region, region
from support.dashboard import PASSWORD as ACCOUNT_PASSWORD
from support.waiting import until

from dashboard import models, second_factor
from dashboard.accounts import AccountError, reset_two_factor
from dashboard.rights import Role

OWN, CODE = "/account/two-factor/", "/sign-in/code"
STEP_S = 30


def _code(key: bytes, steps_ahead: int = 0) -> str:
    """What an app shows, now or soon: a code is taken only once, and one step of difference is allowed."""
    return f"{totp(key, t0=-steps_ahead * STEP_S):06d}"


def _device(name: str = "noor") -> TOTPDevice:
    return TOTPDevice.objects.get(user__username=name)


def _may_try_again() -> None:
    """As if the wait after a wrong code were over."""
    for model in (TOTPDevice, StaticToken._meta.get_field("device").related_model):
        model.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def _set_up(client: Client) -> list[str]:
    """The recovery codes."""
    client.get(OWN)
    page = client.post(OWN, {"code": _code(_device().bin_key)}).content.decode()
    # Where a step began in between, the device has learnt that the app is late; `_code` never is.
    TOTPDevice.objects.update(drift=0)
    return re.findall(r"<li>([a-z2-7]{4}-[a-z2-7]{4})</li>", page)


def _sign_in(name: str = "noor") -> Client:
    client = Client()
    answer = client.post("/sign-in", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def _acts() -> list[str]:
    return [row.act for row in models.Audit.objects.order_by("pk")]


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, two_factor_for=("admin",)))


def test_it_is_on_only_when_the_app_has_shown_a_right_code(database: None) -> None:
    client = signed_in("noor", Role.VIEWER)
    page = client.get(OWN).content.decode()
    assert "<svg" in page and "viewBox" in page
    wrong = client.post(OWN, {"code": "000000"}).content.decode()
    assert "niet goed" in wrong and not second_factor.is_on(User.objects.get())
    _may_try_again()
    assert len(_set_up(client)) == 10
    assert second_factor.is_on(User.objects.get())
    assert _acts()[-2:] == ["code_refused", "two_factor_on"]
    assert client.get("/").status_code == 200, "this session goes on"


def test_the_key_to_type_is_the_one_of_the_picture(database: None) -> None:
    page = signed_in("noor", Role.VIEWER).get(OWN).content.decode()
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert shown is not None
    told = parse_qs(urlsplit(_device().config_url).query)
    assert told["secret"] == [shown[1].replace(" ", "")] and told["issuer"] == ["Maakhoek"]


def test_after_the_password_nothing_is_seen_before_the_code(database: None) -> None:
    _set_up(signed_in("noor", Role.ADMIN))
    client = _sign_in()
    for path in ("/", "/audit/", "/account/", "/jobs/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, CODE), path
    assert client.get(OWN)["Location"] == CODE
    assert b"signed-out" in asyncio.run(_all_of(client.get("/live").streaming_content))
    assert 'aria-label="Pagina' not in client.get(CODE).content.decode()

    refused = client.post(CODE, {"code": "000000", "next": "/jobs/"})
    assert refused.status_code == 200 and "niet goed" in refused.content.decode()
    _may_try_again()
    passed = client.post(CODE, {"code": _code(_device().bin_key, 1), "next": "/jobs/"})
    assert (passed.status_code, passed["Location"]) == (302, "/jobs/")
    assert client.get("/").status_code == 200


async def _all_of(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in stream])


def test_a_code_works_once(database: None) -> None:
    _set_up(signed_in("noor", Role.VIEWER))
    code = _code(_device().bin_key, 1)
    assert _sign_in().post(CODE, {"code": code}).status_code == 302
    assert _sign_in().post(CODE, {"code": code}).status_code == 200


def test_who_guesses_waits(database: None) -> None:
    """Even the right code, while the wait lasts."""
    _set_up(signed_in("noor", Role.VIEWER))
    client = _sign_in()
    for n in range(6):
        client.post(CODE, {"code": f"{n:06d}"})
        TOTPDevice.objects.update(throttling_failure_count=n + 1)
    assert client.post(CODE, {"code": _code(_device().bin_key, 1)}).status_code == 200
    assert _acts().count("code_refused") == 7


def test_it_sends_nobody_to_another_site(database: None) -> None:
    _set_up(signed_in("noor", Role.VIEWER))
    answer = _sign_in().post(CODE, {"code": _code(_device().bin_key, 1), "next": "https://evil.example.org/"})
    assert answer["Location"] == "/"


def test_a_recovery_code_works_once_and_is_written_down(database: None) -> None:
    first, second, *_ = _set_up(signed_in("noor", Role.VIEWER))
    client = _sign_in()
    assert client.post(CODE, {"code": f" {first.upper()} "}).status_code == 302
    assert client.get("/").status_code == 200
    assert _acts()[-1] == "recovery_code_used"
    assert _sign_in().post(CODE, {"code": first}).status_code == 200
    _may_try_again()
    assert _sign_in().post(CODE, {"code": second}).status_code == 302
    assert second_factor.codes_left(User.objects.get()) == 8


def test_new_recovery_codes_replace_the_old_ones(database: None) -> None:
    client = signed_in("noor", Role.VIEWER)
    old, *_ = _set_up(client)
    page = client.post(OWN, {"do": "codes", "code": _code(_device().bin_key, 1)}).content.decode()
    new = re.findall(r"<li>([a-z2-7]{4}-[a-z2-7]{4})</li>", page)
    assert len(new) == 10 and old not in new
    assert _sign_in().post(CODE, {"code": old}).status_code == 200


def test_turning_it_off_takes_a_code(database: None) -> None:
    client = signed_in("noor", Role.VIEWER)
    _set_up(client)
    assert "niet goed" in client.post(OWN, {"do": "off", "code": "000000"}).content.decode()
    _may_try_again()
    assert client.post(OWN, {"do": "off", "code": _code(_device().bin_key, 1)})["Location"] == "/account/"
    assert not second_factor.is_on(User.objects.get()) and _acts()[-1] == "two_factor_off"
    assert _sign_in().get("/").status_code == 200


def test_where_it_is_required_it_comes_first_and_stays(database: None, required: None) -> None:
    make_account("noor", Role.ADMIN)
    make_account("an", Role.VIEWER)
    assert _sign_in("an").get("/").status_code == 200, "not of this role"
    client = _sign_in()
    assert client.get("/")["Location"].partition("?")[0] == OWN
    assert len(_set_up(client)) == 10
    assert client.get("/").status_code == 200
    answer = client.post(OWN, {"do": "off", "code": _code(_device().bin_key, 1)})
    assert answer.status_code == 200 and second_factor.is_on(User.objects.get(username="noor"))
    assert 'value="off"' not in answer.content.decode()


def test_a_reset_leaves_the_password_alone(database: None) -> None:
    _set_up(signed_in("noor", Role.VIEWER))
    assert "signs in with its password" in reset_two_factor("noor")
    assert _sign_in().get("/").status_code == 200
    assert not StaticToken.objects.exists()
    assert [row.about for row in models.Audit.objects.filter(act="two_factor_reset")] == ['{"account": "noor"}']
    with pytest.raises(AccountError, match="there is none of that name"):
        reset_two_factor("nobody")


def test_signing_out_halfway_is_possible(database: None) -> None:
    _set_up(signed_in("noor", Role.VIEWER))
    client = _sign_in()
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/")["Location"].startswith("/sign-in?")


# --- in the browser ------------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Region]:
    with mosquitto(tmp_path) as broker, region(tmp_path, broker) as running:
        yield running


def _type_password(web: WebDriver) -> None:
    web.find_element(By.NAME, "username").send_keys(ACCOUNT)
    web.find_element(By.NAME, "password").send_keys(ACCOUNT_PASSWORD + Keys.ENTER)


def _broken(web: WebDriver) -> list[str]:
    result = Axe().run(web)
    assert len(result["passes"]) > 10, "it looked"
    assert web.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in result["violations"]]


@pytest.mark.parametrize(("size", "dark"), [((1280, 800), False), ((390, 844), True)], ids=["desk", "phone, dark"])
def test_in_a_browser_with_the_key_that_it_shows(
    made: Region, tmp_path: Path, size: tuple[int, int], dark: bool
) -> None:
    with chromium(tmp_path, size, dark=dark) as web:
        web.get(made.url + "account/two-factor/")
        _type_password(web)
        secret = until(lambda: web.find_elements(By.ID, "secret"), what="the key")[0].text
        key = base64.b32decode(secret.replace(" ", ""))
        assert _broken(web) == []
        web.find_element(By.NAME, "code").send_keys(_code(key) + Keys.ENTER)
        until(lambda: web.find_elements(By.ID, "recovery"), what="the recovery codes")
        recovery = web.find_element(By.CSS_SELECTOR, ".recovery-codes li").text
        assert _broken(web) == []

        web.delete_all_cookies()
        web.get(made.url)
        _type_password(web)
        until(lambda: web.current_url.endswith("sign-in/code?next=/"), what="the second step")
        assert _broken(web) == []
        web.find_element(By.NAME, "code").send_keys(_code(key, 1) + Keys.ENTER)
        until(lambda: web.find_elements(By.ID, "tiles"), what="signed in")

        web.get(made.url + "account/two-factor/")
        assert _broken(web) == []
        web.delete_all_cookies()
        web.get(made.url)
        _type_password(web)
        until(lambda: web.find_elements(By.NAME, "code"), what="the second step")
        web.find_element(By.NAME, "code").send_keys(recovery + Keys.ENTER)
        until(lambda: web.find_elements(By.ID, "tiles"), what="signed in with a recovery code")
