"""Accounts of staff: Django's own."""

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


class AccountError(ValueError):
    """The account cannot be made; the message says why."""


def set_account(name: str, password: str) -> str:
    """Make the account, or give it a new password; says which.

    Raises AccountError.
    """
    users = get_user_model()
    user = users.objects.filter(username=name).first() or users(username=name)
    is_new = user.pk is None
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise AccountError(f"account '{name}': {' '.join(error.messages)}") from error
    user.set_password(password)
    user.save()
    return f"account '{name}' is made" if is_new else f"account '{name}' has a new password"
