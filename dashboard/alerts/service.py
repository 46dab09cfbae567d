"""The process that tells people: a mail server that hangs holds up nobody but itself.

What is to be told stands in the database before a letter goes out, and is told when the server has taken it. So a
restart loses nothing; one that falls between these two sends the letter once more.
"""

import logging
import random
import threading
import time
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Final

from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from dashboard.alerts import readings
from dashboard.alerts.confirmation import token
from dashboard.alerts.letter import Letter, confirmation, letter
from dashboard.alerts.policy import Due, Notice, Person, due, review
from dashboard.alerts.post import PostError, PostOffice
from dashboard.models import MailWish
from dashboard.recorder.backoff import delays

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
FIRST_RETRY_S: Final = 5.0
LAST_RETRY_S: Final = 900.0


class Teller:
    """`run` returns when `stop` is set. `url`: of the dashboard."""

    def __init__(self, office: PostOffice, url: str, stop: threading.Event) -> None:
        self._office = office
        self._url = url
        self._stop = stop
        self._retries: dict[Hashable, tuple[float, Iterator[float]]] = {}

    def run(self) -> None:
        """Look again and again."""
        log.info("watching for troubles to tell")
        while not self._stop.is_set():
            try:
                self._look(time.time_ns() // 1_000_000)
            except OperationalError as error:
                log.error("the database cannot be used (%s); trying again", error)
                connection.close()
            self._stop.wait(LOOK_S)
        log.info("stopped")

    def _look(self, now_ms: int) -> None:
        before = readings.notices()
        people = readings.people()
        notices = review(people, readings.troubles(before, now_ms), before, now_ms)
        readings.keep(before, notices)
        here = timezone.localtime()
        for wish in readings.unconfirmed():
            self._ask(wish)
        for person in people:
            to_say = due(person, notices, now_ms, 60 * here.hour + here.minute)
            if to_say:
                notices = self._tell(person, to_say, notices, now_ms)
            if self._stop.is_set():
                return

    def _ask(self, wish: MailWish) -> None:
        """Whether the address is theirs."""
        link = self._url + reverse("confirm-mail", args=[token(wish)])
        if self._send((wish.user_id, wish.asked), confirmation(wish.asked, wish.language, link), wish.user_id):
            log.info("account %d is asked whether its new address is its own", wish.user_id)
            readings.keep_asked(wish)

    def _tell(self, person: Person, to_say: Due, notices: list[Notice], now_ms: int) -> list[Notice]:
        if not self._send(person.id, letter(person, to_say, readings.libraries(), self._url), person.id):
            return notices
        log.info("account %d is told: %d new, %d over", person.id, len(to_say.new), len(to_say.over))
        told = [replace(n, told_ms=now_ms) if n in to_say.new else n for n in notices if n not in to_say.over]
        readings.keep(notices, told)
        return told

    def _send(self, what: Hashable, said: Letter, account: int) -> bool:
        """Whether the server has taken it. `what` is tried again later and later, and not before its time."""
        due_s, waits = self._retries.get(what) or (0.0, delays(random.Random(), FIRST_RETRY_S, LAST_RETRY_S))
        if time.monotonic() < due_s:
            return False
        try:
            self._office.send(said)
        except PostError as error:
            wait_s = next(waits)
            self._retries[what] = (time.monotonic() + wait_s, waits)
            log.warning("account %d is not told: %s; next try in %.0f s", account, error, wait_s)
            return False
        self._retries.pop(what, None)
        return True
