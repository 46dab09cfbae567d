"""Commands out of the database to the kiosks, on the recorder's own thread."""

import logging
import math
import time
from collections.abc import Sequence
from typing import Any, Final, Protocol

import msgspec
from django.db import transaction
from django.db.models import F
from paho.mqtt.client import Client
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from dashboard import audit
from dashboard.commands import Step, as_of
from dashboard.models import Command, Listening
from firmware_bridge import contract
from firmware_bridge.contract import OutOfOrderReason, Topic

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
"""How often the outbox is looked into."""
TAKEN: Final = "Success"
NOBODY_LISTENS: Final = "No matching subscribers"
"""MQTT 5's reason: the broker had nobody to give it to, and keeps nothing."""


class Door(Protocol):
    """A broker. `client` is there while it has accepted us."""

    name: str
    client: Client | None


class Outbox:
    """Sends what waits, to the broker where the kiosk is, and lets expire what nobody took.

    A row leaves WAITING when the broker has the message. Where the connection ends before that, the next one sends
    it again under the same id, which a kiosk takes only once.
    """

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = {door.name: door for door in doors}
        self._under_way: dict[tuple[str, int], str] = {}
        self._look_due = 0.0

    def turn(self, now_ms: int) -> None:
        """Look, when it is time. Raises OperationalError when the database cannot be written."""
        if time.monotonic() < self._look_due:
            return
        self._look_due = time.monotonic() + LOOK_S
        pending = Command.objects.filter(step__in=(Step.WAITING.value, Step.SENT.value))
        sent = set(self._under_way.values())
        for row in pending.select_related("kiosk").order_by("asked_ms"):
            if as_of(Step(row.step), row.expires_ms, now_ms) is Step.EXPIRED:
                move(row, Step.EXPIRED, now_ms)
            elif row.step == Step.WAITING.value and row.id not in sent:
                self._send(row, now_ms)

    def forget(self, broker: str) -> None:
        """Its connection has ended: what it has not answered goes out again."""
        self._under_way = {key: command for key, command in self._under_way.items() if key[0] != broker}

    def taken(self, broker: str, packet: int, reason: str, now_ms: int) -> None:
        """The broker has answered a publication: is somebody there to get it? Raises OperationalError."""
        command = self._under_way.pop((broker, packet), None)
        row = Command.objects.filter(pk=command, step=Step.WAITING.value).first() if command else None
        if row is None:
            return
        if reason == NOBODY_LISTENS:
            move(row, Step.EXPIRED, now_ms, "not connected")
        elif reason == TAKEN:
            move(row, Step.SENT, now_ms)
        else:
            log.error("the broker refuses command %s to %s: %s", row.id, row.kiosk_id, reason)
            move(row, Step.FAILED, now_ms, f"the broker refuses it: {reason}")

    def _door_to(self, broker: str) -> Door | None:
        """Where a kiosk never said it is, any that is open."""
        return self._doors.get(broker) or next((d for d in self._doors.values() if d.client is not None), None)

    def _send(self, row: Command, now_ms: int) -> None:
        door = self._door_to(row.kiosk.broker)
        if door is None or door.client is None:
            return
        message = contract.Command(
            id=row.id,
            by=row.staff,
            expires_ms=row.expires_ms,
            job=row.job or None,
            value=row.value,
            reason=OutOfOrderReason(row.reason) if row.reason else None,
        )
        properties = Properties(PacketTypes.PUBLISH)
        properties.MessageExpiryInterval = max(1, math.ceil((row.expires_ms - now_ms) / 1000))
        topic = Topic.COMMAND.of(row.kiosk_id, row.name)
        said = door.client.publish(topic, msgspec.json.encode(message), 1, retain=False, properties=properties)
        self._under_way[door.name, said.mid] = row.id
        log.info("command %s to %s: %s by %s", row.id, row.kiosk_id, row.name, row.staff)


def move(row: Command, step: Step, now_ms: int, detail: Any = "") -> None:
    """Write the step, with its audit row where it is the end of it."""
    with transaction.atomic():
        row.step, row.step_ms, row.detail = step.value, now_ms, str(detail)[:500]
        row.save(update_fields=("step", "step_ms", "detail"))
        if step.is_over:
            about = {"command": row.id, "name": row.name, "outcome": step.value}
            audit.note(audit.Act.COMMAND_ENDED, "", row.kiosk_id, **about, detail=row.detail)
        Listening.objects.update(changes=F("changes") + 1)
