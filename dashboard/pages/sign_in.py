"""Signing in, with a brake on guessing."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _

from dashboard.pages.brake import braked


class SignInForm(AuthenticationForm):
    """Django's own; after too many refusals nothing is tried for a while, not even the right password."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("Deze naam en dit wachtwoord horen niet bij elkaar."),
    }

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError, the same for a wrong name and a wrong password."""
        with braked(self.request, self.cleaned_data.get("username", "")):
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class SignInView(LoginView):
    """The one page that is open."""

    template_name = "dashboard/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
