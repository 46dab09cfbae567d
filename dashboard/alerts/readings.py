"""Rows to what the policy looks at, and its notices back to rows."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import User
from django.db import transaction

from dashboard import models
from dashboard.alerts.policy import NOT_LISTENING, NOT_REPORTING, Notice, Person, Quiet, Trouble
from dashboard.pages import readings
from dashboard.pages.status import SILENT_AFTER_MS, Ears, Known, Reach, reach_of
from dashboard.rights import Right, may
from firmware_bridge.contract import Severity


def people() -> list[Person]:
    """Who has an address and may do something at a kiosk: operators of their posts, admins of the whole region."""
    wishes = models.MailWish.objects.exclude(address="").filter(user__is_active=True).select_related("user")
    return [_person(wish) for wish in wishes if may(wish.user, Right.COMMAND)]


def unconfirmed() -> list[models.MailWish]:
    """Addresses that nobody has been asked about yet."""
    wishes = models.MailWish.objects.exclude(asked="").filter(asked_told=False, user__is_active=True)
    return list(wishes.select_related("user"))


def keep_asked(wish: models.MailWish) -> None:
    """The letter has gone; nothing changes where another address was typed meanwhile."""
    models.MailWish.objects.filter(pk=wish.pk, asked=wish.asked).update(asked_told=True)


def _person(wish: models.MailWish) -> Person:
    quiet = None
    if wish.quiet_from is not None and wish.quiet_to is not None and wish.quiet_from != wish.quiet_to:
        quiet = Quiet(*(60 * at.hour + at.minute for at in (wish.quiet_from, wish.quiet_to)))
    return Person(wish.user_id, wish.address, wish.language, _kiosks(wish.user), quiet)


def _kiosks(user: User) -> frozenset[str] | None:
    if user.has_perm(f"dashboard.{Right.COMMAND.value}_everywhere"):
        return None
    return frozenset(models.Post.objects.filter(user=user).values_list("kiosk", flat=True))


def troubles(notices: Iterable[Notice], now_ms: int) -> list[Trouble]:
    """All that is open now. `notices` say which silences somebody was told of."""
    ears = readings.ears()
    told = {notice.kiosk: notice.since_ms for notice in notices if notice.what == NOT_REPORTING}
    return [*_alarms(), *_silences(ears, told, now_ms), *_deafness(ears, now_ms)]


def _alarms() -> Iterator[Trouble]:
    for row in models.Alert.objects.filter(cleared_ms=None):
        in_hand = row.severity == Severity.INFO.value
        yield Trouble(row.kiosk_id, row.code, row.since_ms, row.detail, in_hand=in_hand)


def _silences(ears: Ears, told: dict[str, int], now_ms: int) -> Iterator[Trouble]:
    """A kiosk that was silent is so until it is heard, also while we cannot hear it."""
    for row in models.Kiosk.objects.defer("info", "state", "telemetry"):
        reach = reach_of(_reached(row), ears, now_ms)
        silent_ms = max(row.seen_ms or 0, ears.since_ms) + SILENT_AFTER_MS
        was_heard = row.seen_ms is not None and now_ms - row.seen_ms <= SILENT_AFTER_MS
        if reach is Reach.LOST:
            yield Trouble(row.id, NOT_REPORTING, row.online_since_ms or silent_ms)
        elif reach is Reach.SILENT:
            yield Trouble(row.id, NOT_REPORTING, silent_ms)
        elif row.id in told and reach is not Reach.CLOSED and not was_heard:
            yield Trouble(row.id, NOT_REPORTING, told[row.id])


def _deafness(ears: Ears, now_ms: int) -> Iterator[Trouble]:
    if ears.alive_ms and not ears.listen(now_ms):
        yield Trouble("", NOT_LISTENING, ears.since_ms if ears.recorder_runs(now_ms) else ears.alive_ms)


def _reached(row: models.Kiosk) -> Known:
    return Known(
        kiosk=row.id,
        library=row.library,
        online=row.online,
        online_since_ms=row.online_since_ms,
        online_reason=row.online_reason,
        info=None,
        state=None,
        telemetry=None,
        telemetry_ms=None,
        seen_ms=row.seen_ms,
    )


def libraries() -> dict[str, str]:
    """Names by kiosk."""
    return dict(models.Kiosk.objects.values_list("id", "library"))


def notices() -> list[Notice]:
    """Those that are kept."""
    return [
        Notice(row.user_id, row.kiosk, row.what, row.since_ms, row.detail, row.told_ms, row.gone_ms)
        for row in models.Notice.objects.all()
    ]


def keep(before: Iterable[Notice], after: Iterable[Notice]) -> None:
    """Write what differs, in one transaction."""
    old, new = ({(n.person, n.kiosk, n.what): n for n in some} for some in (before, after))
    with transaction.atomic():
        for key in old.keys() - new.keys():
            user, kiosk, what = key
            models.Notice.objects.filter(user=user, kiosk=kiosk, what=what).delete()
        for key, notice in new.items():
            if old.get(key) != notice:
                values = {"since_ms": notice.since_ms, "detail": notice.detail}
                values |= {"told_ms": notice.told_ms, "gone_ms": notice.gone_ms}
                user, kiosk, what = key
                models.Notice.objects.update_or_create(user_id=user, kiosk=kiosk, what=what, defaults=values)
