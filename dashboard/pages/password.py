"""Choosing a password: with a link that an admin gave, or one's own."""

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from dashboard import audit
from dashboard.pages.brake import braked


class LinkedPasswordView(PasswordResetConfirmView):
    """Django's own: the link is signed, works once, and not for who is blocked."""

    template_name = "dashboard/password.html"
    success_url = reverse_lazy("sign-in")

    def get_user(self, uidb64: str) -> User | None:
        """Whose link it is."""
        user: User | None = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        """Kept together with its line in the register."""
        with transaction.atomic():
            audit.note(audit.Act.PASSWORD_SET, form.user.get_username())
            return super().form_valid(form)


class OwnPasswordForm(PasswordChangeForm):
    """Django's own; who found somebody's open page guesses no faster than at the sign-in."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": _("Je wachtwoord van nu klopt niet."),
    }

    def __init__(self, *arguments: Any, request: HttpRequest, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._request = request

    def clean_old_password(self) -> str:
        """Raises ValidationError."""
        with braked(self._request, self.user.get_username()):
            typed: str = super().clean_old_password()
            return typed


class OwnPasswordView(PasswordChangeView):
    """Django's own: whoever else is signed in to this account is out."""

    template_name = "dashboard/password.html"
    form_class = OwnPasswordForm

    def get_success_url(self) -> str:
        """Back to the account, which says so."""
        return f"{reverse('account')}?changed"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the request, for the brake."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        """Kept together with its line in the register."""
        with transaction.atomic():
            audit.note(audit.Act.PASSWORD_CHANGED, form.user.get_username())
            return super().form_valid(form)
