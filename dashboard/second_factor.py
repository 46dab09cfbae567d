"""Signing in with a second step: a code of an app (TOTP, RFC 6238), or a recovery code. django-otp does the work.

It keeps what a code needs, takes each one only once, and waits longer after each wrong one.
"""

import enum
import re
from typing import Any, Final

import django_otp
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from dashboard import audit
from dashboard.rights import role_of

RECOVERY_CODES: Final = 10
_OF_APP: Final = re.compile(r"[0-9]{6}")
_NOT_OF_CODE: Final = re.compile(r"[\s-]")


class Missing(enum.Enum):
    """What somebody has to do before anything else."""

    CODE = "code"
    DEVICE = "device"


def missing(user: Any) -> Missing | None:
    """None: nothing, or nobody has signed in."""
    if not user.is_authenticated or user.is_verified():
        return None
    if is_on(user):
        return Missing.CODE
    return Missing.DEVICE if is_required(user) else None


def is_on(user: Any) -> bool:
    """The account has an app that was tried."""
    return TOTPDevice.objects.filter(user=user.pk, confirmed=True).exists()


def is_required(user: Any) -> bool:
    """The configuration wants it of this role."""
    role = role_of(user)
    return role is not None and role.value in settings.CONFIG.two_factor_for


def codes_left(user: User) -> int:
    """Recovery codes that were not used."""
    return StaticToken.objects.filter(device__user=user.pk).count()


def begun(user: User) -> TOTPDevice:
    """The app that is being set up: the same until it is confirmed."""
    return TOTPDevice.objects.get_or_create(user_id=user.pk, confirmed=False, defaults={"name": "app"})[0]


def confirm(request: HttpRequest, code: str) -> list[str]:
    """The app shows the right code: from now on it is asked for. The recovery codes; none: the code was wrong."""
    user, device = request.user, begun(request.user)
    with transaction.atomic():
        if not device.verify_token(_plain(code)):
            return _refused(user)
        TOTPDevice.objects.filter(user=user.pk, confirmed=True).delete()
        device.confirmed = True
        device.save()
        django_otp.login(request, device)
        audit.note(audit.Act.TWO_FACTOR_ON, user.get_username())
        return _new_codes(user)


def check(request: HttpRequest, code: str) -> bool:
    """Whether the code is one of this account; then this session is through."""
    plain = _plain(code)
    kind = TOTPDevice if _OF_APP.fullmatch(plain) else StaticDevice
    for device in kind.objects.filter(user=request.user.pk, confirmed=True):
        if verified := django_otp.verify_token(request.user, device.persistent_id, plain):
            django_otp.login(request, verified)
            if kind is StaticDevice:
                audit.note(audit.Act.RECOVERY_CODE_USED, request.user.get_username())
            return True
    _refused(request.user)
    return False


def renew_codes(user: User) -> list[str]:
    """Ten new ones; those before are worth nothing."""
    with transaction.atomic():
        audit.note(audit.Act.RECOVERY_CODES_MADE, user.get_username())
        return _new_codes(user)


def turn_off(user: User) -> None:
    """By the account itself."""
    with transaction.atomic():
        _forget(user)
        audit.note(audit.Act.TWO_FACTOR_OFF, user.get_username())


def reset(user: User, by: str) -> None:
    """By an admin, '' at the server: the account signs in with its password alone."""
    with transaction.atomic():
        _forget(user)
        audit.note(audit.Act.TWO_FACTOR_RESET, by, account=user.get_username())


def _new_codes(user: Any) -> list[str]:
    StaticDevice.objects.filter(user=user.pk).delete()
    device = StaticDevice.objects.create(user_id=user.pk, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _forget(user: User) -> None:
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.filter(user=user.pk).delete()


def _refused(user: Any) -> list[str]:
    audit.note(audit.Act.CODE_REFUSED, user.get_username())
    return []


def _plain(code: str) -> str:
    """People type spaces and hyphens, and capitals."""
    return _NOT_OF_CODE.sub("", code).lower()[:16]
