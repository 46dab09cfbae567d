"""The pages through Django's own client: who sees what, in which words, and with the broker down."""

import asyncio
import json
import random
import re
from typing import Any

import pytest
from django.test import AsyncClient, Client
from support.accounts import PASSWORD, make_account, signed_in
from support.region_rows import as_json, job_row, kiosk_row, listening, snapshot
from support.reporting_kiosk import job

from dashboard import models
from dashboard.pages.parts import now_ms
from dashboard.rights import Role
from firmware_bridge.contract import (
    Event,
    EventType,
    Fault,
    FaultCode,
    Info,
    JobState,
    LinkHealth,
    Printer,
    PrinterState,
    Progress,
    Spool,
    State,
    Telemetry,
    Temperatures,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def staff() -> Client:
    """Signed in."""
    return signed_in("noor", Role.VIEWER)


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/jobs/", "/printers/deinze/", "/printers/nowhere/"])
def test_no_page_is_open(path: str) -> None:
    kiosk_row()
    answer = Client().get(path)
    assert (answer.status_code, answer.url) == (302, f"/sign-in?next={path}")


def test_a_stream_without_a_session_says_only_that() -> None:
    async def first() -> bytes:
        answer = await AsyncClient().get("/live")
        return b"".join([piece async for piece in answer.streaming_content])

    assert asyncio.run(first()) == b"event: signed-out\ndata: {}\n\n"


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


# --- what they show -------------------------------------------------------------------------------


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


def test_the_stream_sends_what_changed_and_only_that(staff: Client) -> None:
    listening()
    kiosk = kiosk_row()
    kiosk_row("gent")
    session = staff.cookies["sessionid"].value

    async def messages() -> list[dict[str, Any]]:
        client = AsyncClient()
        client.cookies["sessionid"] = session
        answer = await client.get("/live")
        stream = answer.streaming_content.__aiter__()
        assert (await anext(stream)).startswith(b"retry:")
        first = json.loads((await anext(stream)).removeprefix(b"data: "))

        def print_is_done() -> None:
            ready = snapshot(job(JobState.READY))
            models.Kiosk.objects.filter(pk=kiosk.pk).update(state=as_json(ready))
            models.Listening.objects.update(changes=1)

        await asyncio.to_thread(print_is_done)
        second = json.loads((await asyncio.wait_for(anext(stream), 2)).removeprefix(b"data: "))
        await stream.aclose()
        return [first, second]

    first, second = asyncio.run(messages())
    assert set(first["parts"]) == {"notice", "summary", "nothing", "tile-deinze", "tile-gent"}
    assert set(second["parts"]) == {"summary", "tile-deinze"}
    assert "Klaar om af te halen" in second["parts"]["tile-deinze"]
    assert first["order"] == {"tiles": ["tile-deinze", "tile-gent"]}


def _as_a_column_holds_it(text: str) -> str:
    """What PostgreSQL refuses has never come so far."""
    return text.replace("\x00", "")[:64]


def test_no_value_that_a_kiosk_can_send_breaks_a_page(staff: Client) -> None:
    listening()
    dice = random.Random(7)
    numbers = [0, -1, 1e300, -1e300, 2**62, 0.5, 1e-9]
    whole = [0, -1, 2**62, -(2**62), 5]
    texts = ["", "<script>alert(1)</script>", "\u202e", "x" * 5_000, '"><svg onload=x>', "\x00"]
    for n in range(40):
        plate = job(
            dice.choice(list(JobState)),
            card=dice.choice(texts),
            estimate_s=dice.choice(numbers),
            grams=dice.choice(numbers),
            submitted_ms=dice.choice(whole),
            started_ms=dice.choice(whole),
        )
        state = State(
            ts_ms=dice.choice(whole),
            up_ms=0,
            session=0,
            printer=Printer(
                connected=dice.random() < 0.8, state=dice.choice(list(PrinterState)), firmware=dice.choice(texts)
            ),
            job=plate,
            queue=(plate,),
        )
        progress = Progress(
            line=dice.choice(whole),
            lines=0,
            layer=dice.choice(whole),
            layers=dice.choice(whole),
            done=dice.choice(numbers),
            elapsed_s=dice.choice(numbers),
            remaining_s=dice.choice(numbers),
        )
        telemetry = Telemetry(
            ts_ms=dice.choice(whole),
            up_ms=0,
            session=0,
            temperatures=Temperatures(nozzle_c=dice.choice(numbers), bed_target_c=dice.choice(numbers)),
            progress=progress,
            link=LinkHealth(lines_per_s=dice.choice(numbers), resends=dice.choice(whole)),
            heating_remaining_s=dice.choice(numbers),
        )
        spool = Spool(material="PLA", colour=dice.choice(texts), name=dice.choice(texts))
        info = Info(
            kiosk=f"k{n}",
            library=dice.choice(texts),
            software="",
            journal="j",
            profile="",
            printer_name="",
            spool=spool,
            session=0,
        )
        kiosk = kiosk_row(
            f"k{n}",
            state,
            telemetry=as_json(telemetry),
            info=as_json(info),
            library=_as_a_column_holds_it(info.library),
            seen_ms=dice.choice([*whole, now_ms()]),
            online_since_ms=dice.choice(whole),
            online=dice.random() < 0.9,
        )
        card = _as_a_column_holds_it(plate.card)
        job_row(kiosk, "j", card=card, grams=plate.grams, printed_s=1e300, finished_ms=dice.choice(whole))
        models.Telemetry.objects.create(
            kiosk=kiosk,
            received_ms=now_ms(),
            nozzle_c=dice.choice(numbers),
            lines_per_s=0,
            resends=0,
        )
        page = staff.get(f"/printers/k{n}/").content.decode()
        assert "<script>alert" not in page and "<svg onload" not in page
    for path in ("/", "/jobs/"):
        page = staff.get(path).content.decode()
        assert "<script>alert" not in page and "<svg onload" not in page
