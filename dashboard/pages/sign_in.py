"""Signing in, with a brake on guessing."""

import time
from typing import Any, Final

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dashboard.models import SignInFailure

WINDOW_MS: Final = 10 * 60 * 1000
TRIES_PER_NAME: Final = 5
TRIES_PER_ADDRESS: Final = 40


class SignInForm(AuthenticationForm):
    """Django's own; after too many refusals nothing is tried for a while, not even the right password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("Deze naam en dit wachtwoord horen niet bij elkaar."),
    }

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError, the same for a wrong name and a wrong password."""
        address = self.request.META.get("REMOTE_ADDR", "")
        name_key = _key(f"{address} {self.cleaned_data.get('username', '').casefold()}")
        address_key = _key(address)
        now_ms = time.time_ns() // 1_000_000
        if _failures(name_key, now_ms) >= TRIES_PER_NAME or _failures(address_key, now_ms) >= TRIES_PER_ADDRESS:
            raise ValidationError(_("Te veel pogingen. Probeer het over tien minuten opnieuw."), code="throttled")
        try:
            cleaned = super().clean()
        except ValidationError:
            SignInFailure.objects.filter(at_ms__lt=now_ms - WINDOW_MS).delete()
            SignInFailure.objects.bulk_create(
                [SignInFailure(key=key, at_ms=now_ms) for key in (name_key, address_key)]
            )
            raise
        SignInFailure.objects.filter(key=name_key).delete()
        return cleaned


class SignInView(LoginView):
    """The one page that is open."""

    template_name = "dashboard/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


def _key(text: str) -> str:
    return salted_hmac("dashboard.sign_in", text, algorithm="sha256").hexdigest()


def _failures(key: str, now_ms: int) -> int:
    return SignInFailure.objects.filter(key=key, at_ms__gte=now_ms - WINDOW_MS).count()
