"""Rows of the region's database to what the policy looks at."""

from typing import Any

from support.accounts import make_account
from support.region_rows import kiosk_row, listening
from support.reporting_kiosk import now_ms

from dashboard import models
from dashboard.alerts import readings
from dashboard.alerts.policy import NOT_LISTENING, NOT_REPORTING, Notice
from dashboard.pages.status import SILENT_AFTER_MS
from dashboard.rights import Role


def _wish(name: str, role: Role, *kiosks: str, **fields: Any) -> models.MailWish:
    return models.MailWish.objects.create(
        user=make_account(name, role, *kiosks), address=f"{name}@example.org", **fields
    )


def test_who_gets_mail(database: None) -> None:
    _wish("operator", Role.OPERATOR, "deinze", "eeklo")
    _wish("admin", Role.ADMIN, language="fr")
    _wish("viewer", Role.VIEWER)
    silent = _wish("silent", Role.ADMIN)
    silent.address = ""
    silent.save()
    gone = _wish("gone", Role.ADMIN)
    gone.user.is_active = False
    gone.user.save()

    people = {person.address.partition("@")[0]: person for person in readings.people()}
    assert people.keys() == {"operator", "admin"}
    assert people["operator"].kiosks == {"deinze", "eeklo"}
    assert people["admin"].kiosks is None and people["admin"].language == "fr"


def test_alarms_and_silence_are_troubles(database: None) -> None:
    listening()
    lost_ms = now_ms() - 3_600_000
    kiosk_row("deinze", online=False, online_since_ms=lost_ms, online_reason="")
    kiosk_row("eeklo", online=False, online_since_ms=lost_ms, online_reason="shutdown")
    kiosk_row("gavere", seen_ms=now_ms() - SILENT_AFTER_MS - 5_000)
    at_home = kiosk_row("zelzate")
    for code, severity, cleared in (
        ("disk_full", "attention", None),
        ("call", "info", None),
        ("closing", "info", 1),
    ):
        models.Alert.objects.create(
            kiosk=at_home, alert=code, code=code, severity=severity, since_ms=7, cleared_ms=cleared
        )

    found = {(t.kiosk, t.what): t for t in readings.troubles([], now_ms())}
    assert found.keys() == {
        ("deinze", NOT_REPORTING),
        ("gavere", NOT_REPORTING),
        ("zelzate", "disk_full"),
        ("zelzate", "call"),
    }
    assert found["deinze", NOT_REPORTING].since_ms == lost_ms
    assert found["zelzate", "call"].in_hand and not found["zelzate", "disk_full"].in_hand


def test_what_was_silent_stays_so_while_nobody_listens_and_until_it_is_heard(database: None) -> None:
    kiosk_row("gavere", seen_ms=now_ms() - 2 * SILENT_AFTER_MS)
    told = [Notice(1, "gavere", NOT_REPORTING, 5, told_ms=6)]
    listening(connected=False)
    assert {t.what for t in readings.troubles(told, now_ms())} == {NOT_REPORTING, NOT_LISTENING}

    models.Listening.objects.update(connected=True, since_ms=now_ms(), alive_ms=now_ms())
    assert [(t.what, t.since_ms) for t in readings.troubles(told, now_ms())] == [(NOT_REPORTING, 5)]

    models.Kiosk.objects.update(seen_ms=now_ms())
    assert readings.troubles(told, now_ms()) == []


def test_notices_are_kept_as_they_are(database: None) -> None:
    user = make_account("noor", Role.ADMIN)
    first = [Notice(user.pk, "deinze", "call", 1, "help"), Notice(user.pk, "", NOT_LISTENING, 2)]
    readings.keep([], first)
    assert sorted(readings.notices(), key=lambda n: n.since_ms) == first
    second = [Notice(user.pk, "deinze", "call", 1, "help", told_ms=3, gone_ms=4)]
    readings.keep(first, second)
    assert readings.notices() == second
