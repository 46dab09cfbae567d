"""Accounts of staff: Django's own, with a role and posts. `by` is who does it, '' at the server."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dashboard import audit, models, second_factor
from dashboard.audit import Act
from dashboard.recorder.messages import KIOSK_ID
from dashboard.rights import Role, give_role, works_at_posts


class AccountError(ValueError):
    """The account cannot be as it was asked; the message says why."""


class LastAdminError(AccountError):
    """Nobody would be left who may manage people."""


def set_account(name: str, password: str, role: Role, kiosks: tuple[str, ...] = (), mail: str = "") -> str:
    """Make the account, or give it a new password and this role instead of what it had; says which.

    `mail`: where it is told of troubles, as whoever is at the server vouches; '' leaves that as it is.
    Raises AccountError.
    """
    _check_posts(role, kiosks)
    user = User.objects.filter(username=name).first() or User(username=name)
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
        _give(user, role, kiosks, by="")
        if mail:
            models.MailWish.objects.update_or_create(user=user, defaults={"address": mail, "asked": ""})
    return f"account '{name}' is made" if is_new else f"account '{name}' has a new password"


def invite(name: str, role: Role, kiosks: tuple[str, ...], by: str) -> User:
    """A new account, into which nobody gets before a password is chosen. `name` is free."""
    with transaction.atomic():
        user = User.objects.create_user(name)
        _give(user, role, kiosks, by)
    return user


def change(user: User, role: Role, kiosks: tuple[str, ...], by: str) -> None:
    """This role and these posts instead of those before. Raises LastAdminError."""
    with _an_admin_stays():
        _give(user, role, kiosks, by)


def block(user: User, by: str) -> None:
    """It can do nothing from now on, and keeps its name in the register. Raises LastAdminError."""
    with _an_admin_stays():
        User.objects.filter(pk=user.pk).update(is_active=False)
        audit.note(Act.ACCOUNT_BLOCKED, by, account=user.get_username())


def let_in(user: User, by: str) -> None:
    """After it was blocked."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
        audit.note(Act.ACCOUNT_LET_IN, by, account=user.get_username())


def reset_two_factor(name: str) -> str:
    """Somebody lost telephone and recovery codes; says what that account does next. Raises AccountError."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise AccountError(f"account '{name}': there is none of that name")
    second_factor.reset(user, by="")
    return f"account '{name}' signs in with its password, and may set up a second step again"


@contextmanager
def _an_admin_stays() -> Iterator[None]:
    """A transaction that is undone where it leaves no admin who can sign in.

    Two of them at once wait for each other: on PostgreSQL for this row; SQLite has one writer anyway.
    """
    with transaction.atomic():
        admins = Group.objects.select_for_update().get(name=Role.ADMIN.value)
        yield
        left = User.objects.filter(groups=admins, is_active=True)
        if not any(user.has_usable_password() for user in left):
            raise LastAdminError("nobody would be left who may manage people")


def _give(user: User, role: Role, kiosks: tuple[str, ...], by: str) -> None:
    give_role(user, role, kiosks)
    audit.note(Act.ACCOUNT_SET, by, account=user.get_username(), role=role.value, kiosks=kiosks)


def _check_posts(role: Role, kiosks: tuple[str, ...]) -> None:
    needs_posts = works_at_posts(role)
    if needs_posts and not kiosks:
        raise AccountError(f"role '{role.value}' works at a library: name its kiosk with --kiosk ID")
    if kiosks and not needs_posts:
        raise AccountError(f"role '{role.value}' is for the whole region: leave --kiosk out")
    for kiosk in kiosks:
        if not KIOSK_ID.fullmatch(kiosk):
            raise AccountError(f"--kiosk {kiosk}: an id is small letters, digits and hyphens, 64 at most")
