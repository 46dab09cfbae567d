"""Accounts of staff: Django's own, with a role and posts."""

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dashboard import audit, models, second_factor
from dashboard.recorder.messages import KIOSK_ID
from dashboard.rights import MAY, Reach, Role, give_role


class AccountError(ValueError):
    """The account cannot be made; the message says why."""


def set_account(name: str, password: str, role: Role, kiosks: tuple[str, ...] = (), mail: str = "") -> str:
    """Make the account, or give it a new password and this role instead of what it had; says which.

    `mail`: where it is told of troubles; '' leaves that as it is. Raises AccountError.
    """
    _check_posts(role, kiosks)
    users = get_user_model()
    user = users.objects.filter(username=name).first() or users(username=name)
    is_new = user.pk is None
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
        if mail:
            validate_email(mail)
    except ValidationError as error:
        raise AccountError(f"account '{name}': {' '.join(error.messages)}") from error
    user.set_password(password)
    with transaction.atomic():
        user.save()
        give_role(user, role, kiosks)
        if mail:
            models.MailWish.objects.update_or_create(user=user, defaults={"address": mail})
        audit.note(audit.Act.ACCOUNT_SET, "", account=name, role=role.value, kiosks=kiosks)
    return f"account '{name}' is made" if is_new else f"account '{name}' has a new password"


def reset_two_factor(name: str) -> str:
    """Somebody lost telephone and recovery codes; says what that account does next. Raises AccountError."""
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise AccountError(f"account '{name}': there is none of that name")
    second_factor.reset(user, by="")
    return f"account '{name}' signs in with its password, and may set up a second step again"


def _check_posts(role: Role, kiosks: tuple[str, ...]) -> None:
    needs_posts = Reach.POST in MAY[role].values()
    if needs_posts and not kiosks:
        raise AccountError(f"role '{role.value}' works at a library: name its kiosk with --kiosk ID")
    if kiosks and not needs_posts:
        raise AccountError(f"role '{role.value}' is for the whole region: leave --kiosk out")
    for kiosk in kiosks:
        if not KIOSK_ID.fullmatch(kiosk):
            raise AccountError(f"--kiosk {kiosk}: an id is small letters, digits and hyphens, 64 at most")
