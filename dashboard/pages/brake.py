"""A brake on guessing passwords."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dashboard.models import SignInFailure

WINDOW_MS: Final = 10 * 60 * 1000
TRIES_PER_NAME: Final = 5
TRIES_PER_ADDRESS: Final = 40


@contextmanager
def braked(request: HttpRequest, name: str) -> Iterator[None]:
    """Around a try that raises ValidationError when it is refused.

    After too many of those nothing is tried for a while, not even the right password: ValidationError at once.
    """
    address = request.META.get("REMOTE_ADDR", "")
    name_key = _key(f"{address} {name.casefold()}")
    address_key = _key(address)
    now_ms = time.time_ns() // 1_000_000
    if _failures(name_key, now_ms) >= TRIES_PER_NAME or _failures(address_key, now_ms) >= TRIES_PER_ADDRESS:
        raise ValidationError(_("Te veel pogingen. Probeer het over tien minuten opnieuw."), code="throttled")
    try:
        yield
    except ValidationError:
        SignInFailure.objects.filter(at_ms__lt=now_ms - WINDOW_MS).delete()
        SignInFailure.objects.bulk_create(
            [SignInFailure(key=key, at_ms=now_ms) for key in (name_key, address_key)]
        )
        raise
    SignInFailure.objects.filter(key=name_key).delete()


def _key(text: str) -> str:
    return salted_hmac("dashboard.sign_in", text, algorithm="sha256").hexdigest()


def _failures(key: str, now_ms: int) -> int:
    return SignInFailure.objects.filter(key=key, at_ms__gte=now_ms - WINDOW_MS).count()
