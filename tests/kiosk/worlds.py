"""Messages of the contract as the bridge sends them, for the pure tests and the layout audit."""

from datetime import datetime
from pathlib import Path

from catalogue.cards import read_collection
from firmware_bridge.contract import (
    Fault,
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
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.world import World

NOW = datetime(2026, 11, 22, 14, 52, 30)
INFO = Info(
    kiosk="deinze",
    library="Bibliotheek Deinze",
    software="0.1.0",
    journal="j",
    profile="prusa-mk3s",
    printer_name="Prusa MK3S",
    spool=Spool(material="PLA", colour="#E4572E", name="Oranje"),
    session=1,
)
WELL = Printer(connected=True, state=PrinterState.IDLE, firmware="Marlin")
AWAY = Printer(connected=False, state=PrinterState.ERROR)


def world(folder: Path, **changes: object) -> World:
    """A kiosk with the collection in `folder`, and no bridge yet."""
    pieces = tuple(Piece(entry, folder) for entry in read_collection(folder).entries)
    return World(now=NOW, uptime_s=1000.0, pieces=pieces, **changes)  # type: ignore[arg-type]


def model(folder: Path) -> Model:
    """That kiosk, at its first moment."""
    return Model(world=world(folder))


def job(state: JobState, card: str = "toren-1", **fields: object) -> Job:
    """A job of the first card."""
    started = None if state in (JobState.QUEUED, JobState.WAITING_FOR_PLATE) else 1000
    given: dict[str, object] = {"id": "j1", "personal": False, "started_ms": started, **fields}
    return Job(card=card, state=state, estimate_s=900.0, grams=3.0, layers=12, submitted_ms=500, **given)  # type: ignore[arg-type]


def state(on_plate: Job | None = None, *queue: Job, printer: Printer = WELL, **fields: object) -> State:
    """A snapshot."""
    told: dict[str, object] = {"ts_ms": 0, "up_ms": 0, "session": 1, **fields}
    return State(printer=printer, job=on_plate, queue=queue, **told)  # type: ignore[arg-type]


def telemetry(
    nozzle: float = 215, bed: float = 60, layer: int = 5, target: bool = True, elapsed_s: float = 60
) -> Telemetry:
    """In the middle of a print of 12 layers."""
    return Telemetry(
        ts_ms=0,
        up_ms=0,
        session=1,
        temperatures=Temperatures(
            nozzle_c=nozzle,
            nozzle_target_c=215 if target else 0,
            bed_c=bed,
            bed_target_c=60 if target else 0,
        ),
        progress=Progress(
            line=layer * 6, lines=80, layer=layer, layers=12, done=layer / 12, elapsed_s=elapsed_s, remaining_s=640
        ),
        link=LinkHealth(),
    )


def fault(code: object) -> Fault:
    """A fault with the firmware's own wording."""
    return Fault(code=code, detail="Error:Heating failed, system stopped! Heater_ID: E0")  # type: ignore[arg-type]
