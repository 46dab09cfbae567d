"""What the pages show of printers, in which words, and with the broker down."""

import re

import pytest
from django.test import Client
from support.accounts import signed_in
from support.region_rows import as_json, job_row, kiosk_row, listening, snapshot
from support.reporting_kiosk import job

from dashboard import models
from dashboard.pages.parts import now_ms
from dashboard.rights import Role
from firmware_bridge.contract import Event, EventType, Fault, FaultCode, JobState

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def staff() -> Client:
    """Signed in."""
    return signed_in("noor", Role.VIEWER)


def test_the_grid_answers_three_questions(staff: Client) -> None:
    listening()
    kiosk_row()
    page = staff.get("/").content.decode()
    tile = re.search(r'<li class="tile well" id="tile-deinze">.*?</li>', page, re.S)
    assert tile
    text = re.sub(r"<[^>]+>|\s+", " ", tile[0])
    for said in ("Print", "Bibliotheek Deinze", "Sleutelhanger, eigen versie", "klaar, over 23 min", "43 %"):
        assert said in text
    assert re.search(r"\d{1,2}\.\d\d uur", text)


def test_not_reporting_never_looks_like_printer_off(staff: Client) -> None:
    listening()
    kiosk_row("off", snapshot(connected=False))
    kiosk_row("lost", online=False)
    kiosk_row("silent", seen_ms=now_ms() - 200_000)
    page = staff.get("/").content.decode()
    tiles = dict(re.findall(r'id="tile-(\w+)">(.*?)</li>', page, re.S))
    assert "Printer niet verbonden" in tiles["off"] and "meldt zich" in tiles["off"]
    for name in ("lost", "silent"):
        assert "Meldt zich niet" in tiles[name]
        assert "Printer niet verbonden" not in tiles[name] and "niet bekend" in tiles[name]
        assert "Toen: Print, Sleutelhanger, eigen versie, 43 %." in tiles[name]
    assert "verbonden, maar stil" in tiles["silent"] and "verbinding verbroken" in tiles["lost"]


@pytest.mark.parametrize(
    ("quiet_ms", "connected", "says"),
    [
        (60_000, True, "De recorder van de regio draait niet"),
        (0, False, "De recorder bereikt de broker niet"),
    ],
)
def test_when_the_fault_is_ours_it_says_so(staff: Client, quiet_ms: int, connected: bool, says: str) -> None:
    listening(connected)
    models.Listening.objects.update(alive_ms=now_ms() - quiet_ms)
    kiosk_row()
    page = staff.get("/").content.decode()
    assert says in page
    assert "Meldt zich niet" not in page and "Niet bekend" in page


def test_a_page_before_anything_was_ever_heard(staff: Client) -> None:
    assert "Er heeft zich nog geen printer gemeld" in staff.get("/").content.decode()
    assert "Er is nog geen print afgelopen" in staff.get("/jobs/").content.decode()
    assert staff.get("/printers/nowhere/").status_code == 404


@pytest.mark.parametrize("missing", [("telemetry",), ("info",), ("state",), ("telemetry", "info", "state")])
def test_a_kiosk_that_has_not_said_everything_yet(staff: Client, missing: tuple[str, ...]) -> None:
    listening()
    kiosk_row(**dict.fromkeys(missing, ""), telemetry_ms=None, seen_ms=None)
    for path in ("/", "/printers/deinze/"):
        assert "Bibliotheek Deinze" in staff.get(path).content.decode()


def test_one_printer_with_its_plot_and_its_journal(staff: Client) -> None:
    listening()
    kiosk = kiosk_row()
    samples = [
        models.Telemetry(
            kiosk=kiosk,
            received_ms=now_ms() - n * 2_000,
            nozzle_c=200.0 + n % 3,
            nozzle_target_c=215.0,
            bed_c=60.0,
            bed_target_c=60.0,
            done=min(1.0, 0.0005 * n),
            lines_per_s=48.0,
            resends=0,
            round_trip_p50_ms=2.0,
            round_trip_p99_ms=14.0,
        )
        for n in range(1_700)
    ]
    models.Telemetry.objects.bulk_create(samples)
    failed = job(JobState.FAILED, fault=Fault(code=FaultCode.THERMAL))
    event = Event(journal="j", seq=1, ts_ms=now_ms(), type=EventType.JOB_CHANGED, job=failed)
    models.Event.objects.create(
        kiosk=kiosk,
        journal="j",
        seq=1,
        ts_ms=now_ms(),
        received_ms=now_ms(),
        type="job_changed",
        payload=as_json(event),
    )
    page = staff.get("/printers/deinze/").content.decode()
    assert "Temperatuur (°C)" in page and "Tijd (uur)" in page
    wide = re.search(r'<svg class="plot wide".*?</svg>', page, re.S)
    assert wide
    paths = dict(re.findall(r'class="line (\w+)" d="([^"]+)"', wide[0]))
    assert set(paths) == {"nozzle", "bed", "nozzle_target", "bed_target"}
    assert 300 < paths["nozzle"].count("L") < 600
    charts = re.findall(r'<svg class="plot wide".*?</svg>', page, re.S)
    for chart, says in zip(
        charts, ("Temperatuur (°C)", "Gedaan (%)", "Regels per seconde", "Antwoordtijd (ms)"), strict=True
    ):
        assert says in chart and "Tijd (uur)" in chart
    for said in ("Gedaan 0 %", "Regels 48/s", "Helft 2 ms", "Traag 14 ms"):
        assert said in page
    assert "Sleutelhanger: Mislukt" in page and "De temperatuur klopt niet" in page
    assert "Original Prusa MK3S+" in page and "10 / 24" in page
    assert "Geen metingen" not in page
    assert "Dag" in staff.get("/printers/deinze/?minutes=10080").content.decode()
    assert staff.get("/printers/deinze/?minutes=1e9").status_code == 200


def test_finished_jobs_newest_first_and_by_the_page(staff: Client) -> None:
    kiosk = kiosk_row()
    for n in range(31):
        job_row(kiosk, f"j{n}", card=f"kaart-{n}", finished_ms=now_ms() - n * 60_000)
    job_row(kiosk, "running", state="printing", finished_ms=None, card="loopt-nog")
    job_row(
        kiosk,
        "broken",
        state="failed",
        fault="thermal",
        personal=True,
        card="stuk",
        finished_ms=now_ms() + 1_000,
    )
    page = staff.get("/jobs/").content.decode()
    models_shown = re.findall(r'data-label="Model">(\w[\w ]*?)\s*(?:<|$)', page)
    assert models_shown[:3] == ["Stuk", "Kaart 0", "Kaart 1"] and len(models_shown) == 30
    assert "Loopt nog" not in page
    for said in ("eigen versie", "Mislukt", "De temperatuur klopt niet", "1 u 30 min", "12,3", "Blad 1 van 2"):
        assert said in page
    second = staff.get("/jobs/?page=2").content.decode()
    assert "Kaart 30" in second and "Nieuwere" in second


@pytest.mark.parametrize(("language", "says"), [("en", "Finished prints"), ("fr", "Impressions terminées")])
def test_the_language_is_a_choice(staff: Client, language: str, says: str) -> None:
    assert "Afgelopen prints" in staff.get("/").content.decode()
    staff.post("/language", {"language": language, "next": "/"})
    page = staff.get("/").content.decode()
    assert says in page and f'<html lang="{language}">' in page
