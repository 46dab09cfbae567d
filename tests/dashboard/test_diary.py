"""The diary of troubles and the yearly page, out of journals as kiosks write them."""

import asyncio
import csv
import io
import time
from datetime import date

import msgspec
import pytest
from django.test import Client
from support.accounts import signed_in
from support.asgi import visited
from support.region_rows import job_row
from support.region_year import live_a_year

from dashboard import models
from dashboard.figures import diary, year
from dashboard.figures.counting import libraries
from dashboard.figures.period import Period, year_of
from dashboard.pages import diary_words
from dashboard.pages.diary_views import AT_ONCE
from dashboard.rights import Role
from firmware_bridge import contract
from firmware_bridge.contract import Alert, AlertCode, Event, EventType, Fault, FaultCode, JobState, Severity

pytestmark = pytest.mark.usefixtures("database")
BEGAN_MS = 1_750_000_000_000  # 15 June 2025
YEAR = year_of(2025)


class _Journal:
    """Writes rows of one kiosk, a second after each other."""

    def __init__(self, kiosk: str) -> None:
        self.kiosk = models.Kiosk.objects.create(id=kiosk, library=f"Bibliotheek {kiosk.title()}")
        self.seq = 0

    def note(self, kind: EventType, at_s: float, /, **data: object) -> None:
        self.seq += 1
        ts_ms = BEGAN_MS + int(at_s * 1000)
        event = Event(journal="j", seq=self.seq, ts_ms=ts_ms, type=kind, data=data)
        models.Event.objects.create(
            kiosk=self.kiosk,
            journal="j",
            seq=self.seq,
            ts_ms=ts_ms,
            received_ms=ts_ms,
            type=kind.value,
            payload=msgspec.json.encode(event).decode(),
        )

    def alarm(self, kind: EventType, at_s: float, alert: Alert) -> None:
        self.note(kind, at_s, **msgspec.to_builtins(alert))


def _alert(code: AlertCode, since_s: float, **fields: object) -> Alert:
    values = {"id": code.value, "severity": Severity.ATTENTION, "since_ms": BEGAN_MS + int(since_s * 1000)}
    return Alert(code=code, **(values | fields))  # type: ignore[arg-type]


def test_a_trouble_tells_what_it_was_how_long_and_what_helped() -> None:
    journal = _Journal("deinze")
    job_row(journal.kiosk, "j1", card="tol")
    alert = _alert(AlertCode.PRINTER_FAULT, 0, job="j1", fault=Fault(code=FaultCode.THERMAL))
    journal.note(EventType.STAFF, -60, act="staff.load", role="staff", about={})
    journal.alarm(EventType.ALERT_RAISED, 0, alert)
    journal.note(EventType.STAFF, 290, act="wrong_pin", role="visitor", about={})
    journal.note(EventType.STAFF, 300, act="staff.unlock", role="staff", about={})
    journal.note(EventType.STAFF, 310, act="printer.clear", role="staff", about={})
    journal.alarm(EventType.ALERT_CLEARED, 310, alert)
    [trouble] = diary.told(diary.ended(YEAR, None))
    told = diary_words.entry(trouble, diary.cards([trouble])["deinze", "j1"])
    assert told.what == "Storing aan de printer" and told.model == "Tol" and told.lasted == "6 min"
    assert told.why == "De temperatuur klopt niet met wat gevraagd is."
    assert told.steps == ["Personeel heeft de printer nagekeken en vrijgegeven."], "not what came before, no PINs"


def test_what_is_written_just_behind_its_end_is_what_helped() -> None:
    journal = _Journal("deinze")
    alert = _alert(AlertCode.CALL, 0, detail="plate")
    journal.alarm(EventType.ALERT_CLEARED, 60, alert)
    journal.note(EventType.COMMAND, 60.2, id="c", name="clear_call", by="staff-1", outcome="finished")
    journal.note(EventType.PRINTER_CONNECTED, 90)
    [trouble] = diary.told(diary.ended(YEAR, ["deinze"]))
    told = diary_words.entry(trouble, "")
    assert told.steps == ["Vanuit het dashboard: Oproep opgelost."]
    assert told.why == "Er ligt iets op de plaat, of het komt er niet af."


def test_what_nobody_did_anything_about_went_away_by_itself() -> None:
    journal = _Journal("deinze")
    journal.alarm(EventType.ALERT_CLEARED, 60, _alert(AlertCode.DISK_FULL, 0))
    [trouble] = diary.told(diary.ended(YEAR, None))
    assert diary_words.entry(trouble, "").solved == "Het ging vanzelf over."


def test_a_row_that_cannot_be_read_is_left_out_of_the_diary() -> None:
    journal = _Journal("deinze")
    journal.note(EventType.ALERT_CLEARED, 0, code="of_tomorrow")
    journal.alarm(EventType.ALERT_CLEARED, 60, _alert(AlertCode.DISK_FULL, 0))
    assert len(diary.told(diary.ended(YEAR, None))) == 1
    assert diary.summed_up(YEAR, None) == diary.Ended(1, 60.0)


def test_open_troubles_come_first_and_the_file_has_them_all() -> None:
    journal = _Journal("deinze")
    journal.alarm(EventType.ALERT_CLEARED, 90, _alert(AlertCode.ATTENTION, 0))
    models.Alert.objects.create(
        kiosk=journal.kiosk,
        alert="job_failed",
        code="job_failed",
        severity="attention",
        since_ms=BEGAN_MS - 1,
        fault="thermal",
    )
    staff = signed_in("noor", Role.VIEWER)
    asked = "from=2025-06-01&to=2025-06-30&library=Bibliotheek+Deinze"
    page = staff.get(f"/figures/faults/?{asked}").content.decode()
    assert page.index("nog open") < page.index("De printer wacht op iemand")
    first, second = _file(staff, asked)
    assert (first["alert"], first["fault"], first["until"]) == ("job_failed", "thermal", "")
    assert (second["minutes"], second["since"]) == ("1,5", "2025-06-15T17:06:40+02:00")
    assert "Geen storingen" in staff.get("/figures/faults/?from=2024-01-01&to=2024-12-31").content.decode()


def test_the_file_has_all_of_many_however_they_are_read() -> None:
    journal, many = _Journal("deinze"), 2 * AT_ONCE + 7
    for n in range(many):
        journal.alarm(EventType.ALERT_CLEARED, 60 * n, _alert(AlertCode.DISK_FULL, 60 * n - 30))
    rows = _file(signed_in("noor", Role.VIEWER), "from=2025-06-01&to=2025-06-30")
    assert len({row["since"] for row in rows}) == len(rows) == many
    assert [row["until"] for row in rows] == sorted((row["until"] for row in rows), reverse=True)


def _file(client: Client, asked: str) -> list[dict[str, str]]:
    """The CSV as a browser gets it."""

    async def content() -> bytes:
        session = client.cookies["sessionid"].value
        async with visited(f"/figures/faults/faults.csv?{asked}", session) as pieces:
            return b"".join([piece async for piece in pieces])

    return list(csv.DictReader(io.StringIO(asyncio.run(content()).decode("utf-8-sig")), delimiter=";"))


def test_every_act_of_the_diary_is_a_method_of_the_kiosk() -> None:
    methods = {
        kind.__struct_config__.tag
        for kind in vars(contract).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__struct_config__.tag
    }
    assert diary_words.ACTS.keys() <= methods


# --- the yearly page -------------------------------------------------------------------------------


def test_the_year_is_told_under_eight_headings_and_leaves_open_what_nobody_counted() -> None:
    journal = _Journal("deinze")
    for n, state in enumerate(("collected", "collected", "failed", "expired")):
        began = {"started_ms": None} if state == "expired" else {}
        job_row(journal.kiosk, f"j{n}", state=state, card=f"card-{n}", finished_ms=BEGAN_MS, **began)
    journal.note(EventType.FEEDBACK, 0, job="j0", card="tol", smiley=3, reason=None)
    journal.note(EventType.CALL, 1, step="called", by="kiosk", reason="help", job=None)
    journal.note(EventType.CALL, 2, step="cleared", by="kiosk", reason="help", job=None)
    journal.note(EventType.STAFF, 3, act="staff.unlock", role="coach", about={})
    journal.note(EventType.STAFF, 4, act="staff.cool", role="coach", about={})
    values = year.count(YEAR, libraries(), is_whole_region=True).values
    expected = {
        "prints_asked": 4,
        "prints_begun": 3,
        "succeeded": 2,
        "models": 3,
        "printer_days": 1,
        "opinions": 1,
        "calls": 1,
        "unlocked": 1,
        "printers": 1,
    }
    assert {name: values[name] for name in expected} == expected
    names = [line.name for heading in year.HEADINGS for line in heading.lines]
    assert len(year.HEADINGS) == 8 and len(names) == len(set(names))
    counted = {line.name for heading in year.HEADINGS for line in heading.lines if not line.is_by_hand}
    assert counted == values.keys(), "what is not counted says that it is filled in by hand"
    staff = signed_in("noor", Role.VIEWER)
    page = staff.get("/figures/year/?year=2025").content.decode()
    assert page.count("zelf invullen") == len(names) - len(counted)
    rows = list(
        csv.DictReader(
            io.StringIO(staff.get("/figures/year/year.csv?year=2025").content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert [row["figure"] for row in rows] == names
    assert {row["value"] for row in rows if row["source"] == "hand"} == {""}
    assert staff.get("/figures/year/?year=1").status_code == 400
    assert staff.get("/figures/year/?year=²").status_code == 400


def test_a_year_of_the_fleet_adds_up_whatever_it_is_counted_by() -> None:
    live_a_year(2025, kiosks=3, days=90)
    period = Period(date(2025, 1, 1), date(2025, 3, 31))
    chosen = libraries()
    counted = year.count(period, chosen, is_whole_region=True)
    ended = models.Job.objects.filter(finished_ms__gte=period.from_ms, finished_ms__lt=period.until_ms)
    assert counted.values["prints_asked"] == ended.count() > 500
    by_hand = sum(job.printed_s for job in ended) / 3600
    assert counted.values["hours"] == pytest.approx(by_hand)
    assert counted.values["succeeded"] == ended.filter(state=JobState.COLLECTED.value).count()
    parts = [year.count(period, {name: ids}, is_whole_region=False).values for name, ids in chosen.items()]
    for name in ("prints_begun", "grams", "calls", "faults", "printer_days", "opinions"):
        assert sum(part[name] or 0 for part in parts) == pytest.approx(counted.values[name]), name
    began = time.process_time()
    signed_in("noor", Role.VIEWER).get("/figures/year/?year=2025")
    assert time.process_time() - began < 1.0
