"""Rows of the region's database, for tests that run Django in their own process."""

from typing import Any

import msgspec

from dashboard import models
from dashboard.pages.parts import now_ms
from firmware_bridge.contract import (
    Info,
    Job,
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
from support.reporting_kiosk import job


def listening(connected: bool = True) -> None:
    """The recorder runs, and hears the broker or not."""
    models.Listening.objects.create(pk=1, connected=connected, since_ms=now_ms() - 3_600_000, alive_ms=now_ms())


def as_json(message: msgspec.Struct) -> str:
    """As the database keeps it."""
    return msgspec.json.encode(message).decode()


def kiosk_row(kiosk: str = "deinze", state: State | None = None, **fields: Any) -> models.Kiosk:
    """A kiosk that reports; it prints where nothing else is said."""
    info = Info(
        kiosk=kiosk,
        library="Bibliotheek Deinze",
        software="0.1.0",
        journal="j",
        profile="prusa-mk3s",
        printer_name="Original Prusa MK3S+",
        spool=Spool(material="PLA", colour="#E4572E", name="Oranje"),
        session=1,
    )
    telemetry = Telemetry(
        ts_ms=now_ms(),
        up_ms=1,
        session=1,
        temperatures=Temperatures(nozzle_c=214.6, nozzle_target_c=215.0, bed_c=60.0, bed_target_c=60.0),
        progress=Progress(
            line=43, lines=100, layer=10, layers=24, done=0.43, elapsed_s=900.0, remaining_s=1_380.0
        ),
        link=LinkHealth(),
    )
    values: dict[str, Any] = {
        "library": info.library,
        "info": as_json(info),
        "journal": "j",
        "online": True,
        "online_since_ms": now_ms() - 60_000,
        "state": as_json(state or snapshot()),
        "telemetry": as_json(telemetry),
        "telemetry_ms": now_ms(),
        "seen_ms": now_ms(),
    }
    return models.Kiosk.objects.create(id=kiosk, **(values | fields))


def snapshot(plate: Job | None = None, connected: bool = True, **fields: Any) -> State:
    """A printer that prints, or is away."""
    plate = plate or job(JobState.PRINTING, personal=True)
    printer = Printer(connected=connected, state=PrinterState.PRINTING if connected else PrinterState.ERROR)
    values = {"ts_ms": now_ms(), "up_ms": 1, "session": 1, "queue": ()} | fields
    return State(printer=printer, job=plate if connected else None, **values)


def job_row(kiosk: models.Kiosk, name: str, **fields: Any) -> None:
    """A finished job."""
    values: dict[str, Any] = {
        "card": "dobbelsteen",
        "personal": False,
        "state": "collected",
        "estimate_s": 100.0,
        "printed_s": 5_400.0,
        "grams": 12.34,
        "layers": 9,
        "submitted_ms": now_ms(),
        "started_ms": now_ms(),
        "finished_ms": now_ms(),
    }
    models.Job.objects.create(kiosk=kiosk, job=name, **(values | fields))
