"""Any screen with a made-up state: `python -m kiosk --config FILE --screen watch --state FILE.json`.

The file holds what differs from the screen's usual state, in the words of `domain.model` and of the contract:

    {"session": {"language": "fr", "modes": {"large": true, "contrast": "night"}},
     "world": {"now": "2026-11-22T14:52:30", "state": {"job": {"state": "paused", "paused_by": "kiosk"}}},
     "toolpath": "munt"}

`"first"` as a card is the collection's first, `"personal"` the first that can be made one's own; `toolpath` is the
card whose toolpath lies on the plate. No bridge and no worker is started, and time stands still.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from catalogue.packs import PackError, read_toolpath
from kiosk.domain.model import Model
from kiosk.domain.piece import Piece
from kiosk.domain.session import Session
from kiosk.domain.world import JobToolpath, World
from kiosk.locale import Translator
from kiosk.presenters import present

Staged = dict[str, Any]

_INFO: Staged = {
    "kiosk": "made-up",
    "library": "Bibliotheek De Werkbank",
    "software": "0",
    "journal": "made-up",
    "profile": "prusa-mk3s",
    "printer_name": "Prusa MK3S",
    "spool": {"material": "PLA", "colour": "#E4572E", "name": "Oranje"},
    "session": 1,
}
_JOB: Staged = {
    "id": "made-up",
    "card": "first",
    "personal": False,
    "state": "printing",
    "estimate_s": 1500.0,
    "grams": 4.0,
    "layers": 17,
    "submitted_ms": 0,
    "started_ms": 1000,
    "sticks": True,
}
_STATE: Staged = {
    "ts_ms": 0,
    "up_ms": 0,
    "session": 1,
    "printer": {"connected": True, "state": "IDLE"},
    "job": None,
    "queue": [],
}
_TELEMETRY: Staged = {
    "ts_ms": 0,
    "up_ms": 0,
    "session": 1,
    "temperatures": {"nozzle_c": 215.0, "nozzle_target_c": 215.0, "bed_c": 60.0, "bed_target_c": 60.0},
    "progress": {
        "line": 3000,
        "lines": 5000,
        "layer": 10,
        "layers": 17,
        "done": 0.6,
        "elapsed_s": 840.0,
        "remaining_s": 560.0,
    },
    "link": {},
}
_USUAL = {"job": _JOB, "telemetry": _TELEMETRY}
"""Under what is said of them."""
_COLD: Staged = {"nozzle_c": 28.0, "nozzle_target_c": 0.0, "bed_c": 26.0, "bed_target_c": 0.0}
_COOLING: Staged = {"nozzle_c": 120.0, "nozzle_target_c": 0.0, "bed_c": 52.0, "bed_target_c": 0.0}


def _at_printer(job_state: str, temperatures: Staged) -> Staged:
    job = _JOB | {"state": job_state}
    telemetry = _TELEMETRY | {"temperatures": temperatures}
    return {
        "session": {"place": "job"},
        "world": {"state": _STATE | {"job": job}, "telemetry": telemetry},
        "toolpath": "first",
    }


def _at_place(place: str, job_state: str) -> Staged:
    return _at_printer(job_state, _TELEMETRY["temperatures"]) | {"session": {"place": place}}


def _wifi(**visit: Any) -> Staged:
    return {"session": {"place": "wifi", "wifi": visit}}


def _staff(**desk: Any) -> Staged:
    """A technician, who sees everything."""
    session = {"place": "staff", "staff": {"role": "technician", "ends_at_s": 1e9, **desk}}
    return {"session": session, "world": {"telemetry": _TELEMETRY | {"temperatures": _COLD}}}


_NETWORKS = [
    {"id": "a:password", "name": "Bibliotheek De Werkbank", "strength": 82, "access": "password"},
    {"id": "b:open", "name": "Stad-Gasten", "strength": 55, "access": "open"},
    {"id": "c:enterprise", "name": "eduroam", "strength": 70, "access": "enterprise"},
]
_SETUP = {
    "is_set_up": False,
    "wifi": "free",
    "checks": [
        {
            "what": "network",
            "title": "Netwerk",
            "tick": "good",
            "said": "Verbonden met wifi ({address}).",
            "values": {"address": "192.0.2.7"},
        },
        {"what": "clock", "title": "Klok", "tick": "good", "said": "De klok staat juist."},
        {
            "what": "region",
            "title": "Regio",
            "tick": "bad",
            "said": "Dit scherm is nog niet aangemeld.",
            "remedy": "Steek de USB-stick met het opstartbestand in het scherm.",
        },
        {"what": "printer", "title": "Printer", "tick": "good", "said": "De printer antwoordt."},
        {
            "what": "test_print",
            "title": "Proefprint",
            "tick": "waiting",
            "said": "Er is nog niets geprint.",
        },
    ],
}

USUAL: dict[str, Staged] = {
    "attract": {"session": {"place": "attract"}},
    "setup": {"session": {"place": "attract"}, "world": {"setup": _SETUP}},
    "wifi": _wifi(networks=_NETWORKS),
    "wifi-password": _wifi(stage="password", chosen=_NETWORKS[0], password="geheim"),
    "wifi-join": _wifi(stage="joining", chosen=_NETWORKS[0], step="checking"),
    "collection": {"session": {"place": "collection"}},
    "model": {"session": {"place": "model", "card": "first"}},
    "make": {"session": {"place": "make", "card": "personal", "draft": {"card": "personal", "text": "Noor"}}},
    "plate": {"session": {"place": "plate", "card": "first"}},
    "watch": _at_printer("printing", _TELEMETRY["temperatures"]),
    "cooling": _at_printer("cooling", _COOLING),
    "ready": _at_printer("ready", _COLD),
    "trouble": _at_printer("cancelled", _COLD),
    "search": {"session": {"place": "search"}},
    "problem": _at_place("problem", "printing"),
    "queue": _at_place("queue", "printing"),
    "pin": {"session": {"place": "pin", "pin": {}}},
    "staff": _staff(),
    "staff-queue": _staff(page="queue", job="made-up")
    | {"world": {"state": _STATE | {"job": _JOB}, "telemetry": _TELEMETRY}},
    "staff-name": _staff(page="name", typing={"card": "first", "text": "Oranje"}),
    "staff-log": _staff(page="log", log=["INFO local.server: serving"]),
    "staff-clean": _staff(clean_until_s=30.0),
}
"""What each screen usually shows, before a file changes it. A screen that is not here takes all from its file."""


class StagingError(ValueError):
    """The made-up state cannot be used; the message names the key and what it should be."""


def read_stage(screen: str, path: Path | None) -> Staged:
    """The screen's usual state, changed by the file.

    Raises StagingError.
    """
    usual = _over({"world": {"info": _INFO, "state": _STATE}}, USUAL.get(screen, {}))
    if path is None:
        if screen not in USUAL:
            raise StagingError(f"--screen {screen} needs a --state; without one: {', '.join(USUAL)}")
        return usual
    try:
        given = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except OSError as error:
        raise StagingError(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise StagingError(f"{path}: {error}") from error
    for key in set(given) - {"session", "world", "toolpath"}:
        raise StagingError(f"{path}: '{key}' is not known; it should be session, world or toolpath")
    return _over(usual, given)


def stage(model: Model, screen: str, staged: Staged) -> Model:
    """The model that shows `screen` so, from one that has its collection.

    Raises StagingError.
    """
    pieces = model.world.pieces
    session = _made(Session, _with_cards(staged.get("session", {}), pieces), "session")
    world = _made(World, _with_cards(staged.get("world", {}), pieces), "world")
    # Time stands still: nobody is away.
    session.setdefault("touched_s", world.get("uptime_s", model.world.uptime_s))
    made = Model(replace(model.world, **world), replace(Session(), **session))
    made = made.with_world(toolpath=_toolpath(made, staged.get("toolpath")))
    shown = present(made, Translator(made.session.language)).screen
    if shown != screen:
        raise StagingError(f"this state shows the screen '{shown}', not '{screen}'")
    return made


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> Staged:
    """Keys of `above` over those of `below`, all the way down. What a job lacks is as in the usual one."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key) or _USUAL.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            merged[key] = _over(under, value)
        else:
            merged[key] = value
    return merged


def _with_cards(value: Any, pieces: tuple[Piece, ...]) -> Any:
    """`"card": "first"` and `"card": "personal"` replaced by a card's id."""
    if isinstance(value, list):
        return [_with_cards(item, pieces) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _card(inner, pieces) if key == "card" and isinstance(inner, str) else _with_cards(inner, pieces)
        for key, inner in value.items()
    }


def _card(name: str, pieces: tuple[Piece, ...]) -> str:
    personal = [piece.card.id for piece in pieces if piece.card.is_personal]
    named = {"first": [piece.card.id for piece in pieces], "personal": personal}.get(name, [name])
    if not named or named[0] not in {piece.card.id for piece in pieces}:
        raise StagingError(f"there is no card '{name}' in the collection")
    return named[0]


def _made(kind: type, given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The fields of a dataclass from JSON."""
    hints, made = get_type_hints(kind), {}
    for key, value in given.items():
        if key not in hints:
            raise StagingError(f"`{where}.{key}` is not known; {where} has {', '.join(hints)}")
        try:
            made[key] = msgspec.convert(value, hints[key], dec_hook=_path)
        except msgspec.ValidationError as error:
            raise StagingError(f"`{where}.{key}`: {error}") from error
    return made


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(f"a {kind.__name__} cannot be made up")


def _toolpath(model: Model, card: str | None) -> JobToolpath | None:
    job = model.world.state.job if model.world.state else None
    if card is None or job is None:
        return None
    piece = model.world.piece(_card(card, model.world.pieces))
    facts = piece.print_for(model.world.info) if piece else None
    if piece is None or facts is None:
        raise StagingError(f"'{card}' has no toolpath for this printer")
    try:
        return JobToolpath(job.id, read_toolpath(piece.folder / facts.toolpath))
    except PackError as error:
        raise StagingError(str(error)) from error
