"""No value that a kiosk can send breaks a page."""

import random

import pytest
from django.test import Client
from support.accounts import signed_in
from support.region_rows import as_json, job_row, kiosk_row, listening
from support.reporting_kiosk import job

from dashboard import models
from dashboard.pages.parts import now_ms
from dashboard.rights import Role
from firmware_bridge.contract import (
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
