"""Choosing a password with a link that an admin gave."""

from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse_lazy

from dashboard import audit


class PasswordView(PasswordResetConfirmView):
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
