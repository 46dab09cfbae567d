"""Accounts for tests that run Django in their own process."""

from django.contrib.auth.models import User
from django.test import Client

from dashboard.rights import Role, give_role

PASSWORD = "een-lang-wachtwoord"


def make_account(name: str, role: Role | None, *kiosks: str) -> User:
    """With PASSWORD; without a role where that is None."""
    user = User.objects.create_user(name, password=PASSWORD)
    if role is not None:
        give_role(user, role, kiosks)
    return user


def signed_in(name: str, role: Role | None, *kiosks: str) -> Client:
    """A client with a session of a new account."""
    client = Client()
    client.force_login(make_account(name, role, *kiosks))
    return client
