"""Messages into the database: a batch is one transaction, and what it acknowledges is committed."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from dashboard.models import Cursor, Kiosk, Listening
from dashboard.recorder.batch import Batch, Recorded
from dashboard.recorder.messages import Message, Poison
from firmware_bridge import contract

log = logging.getLogger(__name__)

_UNSTORABLE = (DatabaseError, InterfaceError, ValueError, OverflowError)
"""What a database says of a value that it cannot hold; OperationalError (busy, full) is another matter."""


def record(messages: Sequence[Message]) -> Recorded:
    """Commit them in order.

    A message that the database cannot hold is dropped with a log line, an event becomes a dead letter. Raises
    OperationalError when the database cannot be written at all: nothing is recorded then, try again.
    """
    try:
        return _commit(messages)
    except OperationalError:
        raise
    except _UNSTORABLE as error:
        _blame_the_connection(error)
        return _one_by_one(messages)


def _one_by_one(messages: Sequence[Message]) -> Recorded:
    """One of them is poison: find it, and keep the others."""
    recorded = Recorded()
    for message in messages:
        try:
            one = _commit([message])
        except OperationalError:
            raise
        except _UNSTORABLE as error:
            _blame_the_connection(error)
            log.warning("%s: cannot be stored: %s", message.kiosk, error)
            if not isinstance(message.body, contract.Event):
                continue
            event = message.body
            poison = Poison(event.journal, event.seq, str(error)[:500], msgspec.json.encode(event))
            one = _commit([replace(message, body=poison)])
        recorded.advanced |= one.advanced
        recorded.reminders |= one.reminders
    return recorded


def _blame_the_connection(error: Exception) -> None:
    """No message is poison because the server went away. Raises OperationalError."""
    if not connection.is_usable():
        raise OperationalError(str(error)) from error


def _commit(messages: Sequence[Message]) -> Recorded:
    with transaction.atomic():
        # One batch at a time, also where an old recorder has not quite ended when the new one begins.
        list(Listening.objects.select_for_update())
        batch = Batch(messages)
        for message in messages:
            batch.apply(message)
        batch.save()
        Listening.objects.update(changes=F("changes") + 1)
    return batch.recorded()


def cursors(broker: str) -> dict[str, contract.Ack]:
    """The cursor of the present journal of every kiosk that is at that broker, or was never at any."""
    kiosks = Kiosk.objects.exclude(journal="").filter(broker__in=("", broker))
    journals = dict(kiosks.values_list("id", "journal"))
    rows = Cursor.objects.values_list("kiosk_id", "journal", "seq")
    return {
        kiosk: contract.Ack(journal=journal, seq=seq)
        for kiosk, journal, seq in rows
        if journals.get(kiosk) == journal
    }


def infos() -> Iterator[contract.Info]:
    """Of every kiosk that has said who it is."""
    for info in Kiosk.objects.exclude(info="").values_list("info", flat=True):
        yield msgspec.json.decode(info, type=contract.Info)
