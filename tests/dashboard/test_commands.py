"""Asking something of a kiosk: what is offered to whom, the page that asks, the outbox and the audit."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from django.db import DatabaseError
from django.test import Client
from paho.mqtt.enums import CallbackAPIVersion
from support.accounts import signed_in
from support.region_rows import as_json, kiosk_row, listening, snapshot
from support.reporting_kiosk import job

from dashboard import audit, models
from dashboard.commands import ANSWER_GRACE_MS, Step, answered, as_of
from dashboard.pages.parts import now_ms
from dashboard.recorder import store
from dashboard.recorder.messages import Message
from dashboard.recorder.outbox import Outbox
from dashboard.rights import Role
from firmware_bridge.contract import (
    Call,
    CallReason,
    CommandName,
    CommandResult,
    Event,
    EventType,
    JobState,
    Origin,
    Outcome,
    OutOfOrderReason,
    State,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def operator() -> Client:
    """Works at Deinze."""
    return signed_in("noor", Role.OPERATOR, "deinze")


def _stand(state: State | None = None) -> None:
    listening()
    kiosk_row(state=state or snapshot())


def _ask(client: Client, name: str, of_job: str = "", **fields: str) -> Any:
    """Open the page that asks and send its form."""
    path = f"/printers/deinze/ask/{name}/"
    page = client.get(path, {"job": of_job}).content.decode()
    command = re.search(r'name="id" value="(\w+)"', page)
    return client.post(path, {"id": command[1] if command else "", "job": of_job} | fields)


def _offered(client: Client) -> set[str]:
    page = client.get("/printers/deinze/").content.decode()
    return set(re.findall(r'href="/printers/deinze/ask/(\w+)/', page))


PAUSED_THERE = job(JobState.PAUSED, paused_by=Origin.KIOSK)
PAUSED_HERE = job(JobState.PAUSED, paused_by=Origin.REGION)
CALL = Call(since_ms=1, reason=CallReason.HELP)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (snapshot(), {"pause", "cancel", "out_of_order"}),
        (snapshot(PAUSED_THERE), {"cancel", "out_of_order"}),
        (snapshot(PAUSED_HERE), {"resume", "cancel", "out_of_order"}),
        (snapshot(job(JobState.READY)), {"out_of_order"}),
        (snapshot(job(JobState.READY), call=CALL), {"take_call", "clear_call", "out_of_order"}),
        (
            snapshot(job(JobState.READY), for_staff=(job(JobState.WAITING_FOR_STAFF, id="j2"),)),
            {"approve", "refuse", "out_of_order"},
        ),
        (
            snapshot(job(JobState.READY), queue=(job(JobState.QUEUED, id="j2"),)),
            {"cancel", "out_of_order"},
        ),
    ],
    ids=["printing", "paused there", "paused here", "ready", "called", "for staff", "queued"],
)
def test_only_what_can_be_is_offered(operator: Client, state: State, offered: set[str]) -> None:
    _stand(state)
    assert _offered(operator) == offered | {"identify"}, "which device it is may always be asked"


def test_nothing_starts_or_heats_from_here(operator: Client) -> None:
    _stand()
    assert {name.value for name in CommandName}.isdisjoint({"start", "heat", "answer", "gcode"})
    for name in ("start", "heat", "gcode", "answer"):
        assert operator.get(f"/printers/deinze/ask/{name}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "kiosks"),
    [(Role.VIEWER, ()), (Role.AUDITOR, ()), (Role.OPERATOR, ("gent",)), (None, ())],
    ids=["viewer", "auditor", "operator elsewhere", "no role"],
)
def test_who_may_not_is_offered_nothing_and_refused(role: Role | None, kiosks: tuple[str, ...]) -> None:
    _stand()
    client = signed_in("ada", role, *kiosks)
    assert _offered(client) == set()
    path = "/printers/deinze/ask/pause/"
    assert client.get(path).status_code == 403
    assert client.post(path, {"id": "0" * 32, "job": "j1"}).status_code == 403
    assert not models.Command.objects.exists()


def test_the_page_asks_before_anything_is_written(operator: Client) -> None:
    _stand()
    page = operator.get("/printers/deinze/ask/cancel/", {"job": "j1"}).content.decode()
    for said in ("De print stoppen?", "Bibliotheek Deinze · Sleutelhanger", "Ja, stop de print", "Nee, terug"):
        assert said in page
    assert not models.Command.objects.exists() and not models.Audit.objects.filter(act="command").exists()


def test_a_command_and_its_audit_stand_together(operator: Client) -> None:
    _stand()
    changes = models.Listening.objects.get().changes
    answer = _ask(operator, "pause", "j1")
    assert (answer.status_code, answer.url) == (302, "/printers/deinze/#commands")
    command = models.Command.objects.get()
    assert (command.name, command.job, command.by, command.step) == ("pause", "j1", "noor", "waiting")
    assert command.expires_ms - command.asked_ms == 30_000
    assert "noor" not in command.staff, "the kiosk learns an opaque id"
    row = models.Audit.objects.get(act="command")
    assert (row.who, row.kiosk, json.loads(row.about)["command"]) == ("noor", "deinze", command.id)
    assert models.Listening.objects.get().changes == changes + 1, "open pages learn of it"


def test_without_its_audit_there_is_no_command(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _stand()

    def full_disk(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(audit, "note", full_disk)
    operator.raise_request_exception = False
    assert _ask(operator, "pause", "j1").status_code == 500
    assert not models.Command.objects.exists()


def test_a_form_that_is_sent_twice_asks_once(operator: Client) -> None:
    _stand()
    form = {"id": "a" * 32, "job": "j1"}
    for _ in range(2):
        assert operator.post("/printers/deinze/ask/pause/", form).status_code == 302
    assert models.Command.objects.count() == 1 and models.Audit.objects.filter(act="command").count() == 1


def test_a_form_from_elsewhere_is_refused() -> None:
    _stand()
    client = Client(enforce_csrf_checks=True)
    client.force_login(signed_in("ada", Role.ADMIN).get("/").wsgi_request.user)
    assert client.post("/printers/deinze/ask/pause/", {"id": "a" * 32, "job": "j1"}).status_code == 403
    assert not models.Command.objects.exists()


@pytest.mark.parametrize("command_id", ["", "x", "A" * 32, "0" * 33, "../" + "0" * 29])
def test_an_unfit_id_is_refused(operator: Client, command_id: str) -> None:
    _stand()
    answer = operator.post("/printers/deinze/ask/pause/", {"id": command_id, "job": "j1"})
    assert answer.status_code == 400 and not models.Command.objects.exists()


def test_out_of_order_asks_why(operator: Client) -> None:
    _stand()
    page = operator.get("/printers/deinze/ask/out_of_order/").content.decode()
    assert page.count('type="radio"') == len(OutOfOrderReason) and "<legend>" in page
    assert _ask(operator, "out_of_order").status_code == 400
    assert _ask(operator, "out_of_order", reason="weather").status_code == 400
    assert _ask(operator, "out_of_order", reason="no_filament").status_code == 302
    command = models.Command.objects.get()
    assert (command.value, command.reason) == (True, "no_filament")
    models.Kiosk.objects.update(state=as_json(snapshot(out_of_order=True)))
    assert "Weer in gebruik nemen" in operator.get("/printers/deinze/").content.decode()
    assert _ask(operator, "out_of_order").status_code == 302
    assert models.Command.objects.latest("asked_ms").value is False


def test_when_the_moment_has_passed_it_says_so(operator: Client) -> None:
    _stand(snapshot(job(JobState.READY)))
    answer = operator.get("/printers/deinze/ask/pause/", {"job": "j1"})
    assert answer.status_code == 409 and "intussen veranderd" in answer.content.decode()
    assert operator.post("/printers/deinze/ask/pause/", {"id": "a" * 32, "job": "j1"}).status_code == 409
    assert not models.Command.objects.exists()


def test_a_kiosk_that_is_not_there_is_asked_nothing(operator: Client) -> None:
    listening()
    kiosk_row(online=False)
    page = operator.get("/printers/deinze/").content.decode()
    assert "Opdrachten komen er nu niet aan" in page and _offered(operator) == set()
    assert operator.post("/printers/deinze/ask/pause/", {"id": "a" * 32, "job": "j1"}).status_code == 409


# --- what becomes of it ---------------------------------------------------------------------------


def test_the_kiosk_has_the_last_word() -> None:
    assert answered(Step.SENT, Outcome.ACCEPTED) is Step.ACCEPTED
    assert answered(Step.FINISHED, Outcome.ACCEPTED) is Step.FINISHED, "a late repetition changes nothing"
    assert answered(Step.REJECTED, Outcome.FINISHED) is Step.REJECTED
    assert answered(Step.EXPIRED, Outcome.FINISHED) is Step.FINISHED, "it was our guess"


def test_what_nobody_took_has_expired_by_the_clock() -> None:
    assert as_of(Step.WAITING, 1_000, 999) is Step.WAITING
    assert as_of(Step.WAITING, 1_000, 1_000) is Step.EXPIRED
    assert as_of(Step.SENT, 1_000, 1_000) is Step.SENT
    assert as_of(Step.SENT, 1_000, 1_000 + ANSWER_GRACE_MS) is Step.EXPIRED
    assert as_of(Step.ACCEPTED, 1_000, 10**12) is Step.ACCEPTED


def _record(kiosk: str, body: Any) -> None:
    store.record([Message(kiosk, body, False, now_ms())])


def test_an_answer_is_believed_from_its_own_kiosk_alone(operator: Client) -> None:
    _stand()
    _ask(operator, "pause", "j1")
    command = models.Command.objects.get().id
    _record("gent", CommandResult(id=command, outcome=Outcome.FINISHED))
    assert models.Command.objects.get().step == "waiting"
    _record("deinze", CommandResult(id=command, outcome=Outcome.REJECTED, reason="nothing is being printed"))
    row = models.Command.objects.get()
    assert (row.step, row.detail) == ("rejected", "nothing is being printed")
    ended = json.loads(models.Audit.objects.get(act="command_ended").about)
    assert (ended["command"], ended["outcome"]) == (command, "rejected")
    page = operator.get("/printers/deinze/").content.decode()
    assert "Geweigerd door de kiosk" in page and "nothing is being printed" in page


def test_the_journal_tells_what_no_answer_told(operator: Client) -> None:
    _stand()
    _ask(operator, "pause", "j1")
    command = models.Command.objects.get().id
    data = {"id": command, "name": "pause", "by": "staff-1", "outcome": "finished", "reason": ""}
    _record("deinze", Event(journal="j", seq=1, ts_ms=now_ms(), type=EventType.COMMAND, data=data))
    assert models.Command.objects.get().step == "finished"
    page = operator.get("/printers/deinze/journal/").content.decode()
    assert "Opdracht van het dashboard" in page and "Pauze: Uitgevoerd" in page


@dataclass
class _OpenDoor:
    """A broker that has let us in and answers when the test says so."""

    name: str = "broker"
    client: mqtt.Client | None = field(
        default_factory=lambda: mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    )


@pytest.mark.parametrize(
    ("reason", "step"),
    [("Success", "sent"), ("No matching subscribers", "expired"), ("Not authorized", "failed")],
)
def test_what_the_broker_says_of_it_counts(operator: Client, reason: str, step: str) -> None:
    _stand()
    _ask(operator, "pause", "j1")
    outbox = Outbox([_OpenDoor()])
    outbox.turn(now_ms())
    outbox.taken("broker", 1, reason, now_ms())
    assert models.Command.objects.get().step == step


@pytest.mark.parametrize("data", [{}, {"id": 7, "outcome": []}, {"id": None, "outcome": "finished"}])
def test_a_strange_row_about_a_command_stops_no_journal(data: dict[str, Any]) -> None:
    _stand()
    _record("deinze", Event(journal="j", seq=1, ts_ms=now_ms(), type=EventType.COMMAND, data=data))
    assert models.Cursor.objects.get().seq == 1 and models.Event.objects.count() == 1
