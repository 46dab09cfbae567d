"""One's own account: which mail about troubles comes, and when not."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dashboard import audit, models, second_factor
from dashboard.alerts import confirmation
from dashboard.rights import Right, may


def _hour(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class MailForm(forms.ModelForm):
    """The address may be empty: then no mail comes."""

    address = forms.EmailField(
        label=_("E-mailadres"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("Dit is geen e-mailadres.")},
    )
    quiet_from = _hour(_("Geen mail vanaf"))
    quiet_to = _hour(_("tot"))
    language = forms.ChoiceField(label=_("Taal van de mails"), choices=settings.LANGUAGES)

    class Meta:
        model = models.MailWish
        fields = ("quiet_from", "quiet_to", "language")

    def __init__(self, *arguments: Any, instance: models.MailWish, **named: Any) -> None:
        """Shows what was typed last."""
        shown = {"address": instance.asked or instance.address}
        super().__init__(*arguments, instance=instance, initial=shown, **named)

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or neither."""
        cleaned = super().clean()
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_to") is None):
            raise forms.ValidationError(_("Vul bij de stille uren een begin en een einde in, of geen van beide."))
        return cleaned

    def save(self, commit: bool = True) -> models.MailWish:
        """A new address is asked whether it is theirs; until the answer, mail goes where it went."""
        typed, wish = self.cleaned_data["address"], self.instance
        if typed in ("", wish.address):
            wish.address, wish.asked = typed, ""
        elif typed != wish.asked or "again" in self.data:
            wish.asked, wish.asked_told = typed, False
        return super().save(commit)


def account(request: HttpRequest) -> HttpResponse:
    """GET shows, POST keeps."""
    wish = models.MailWish.objects.filter(user=request.user).first() or _new_wish(request)
    form = MailForm(request.POST if request.method == "POST" else None, instance=wish)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.note(audit.Act.MAIL_SET, request.user.get_username())
        return redirect(f"{request.path}?kept")
    context = {
        "form": form,
        "wish": wish,
        "kept": "kept" in request.GET,
        "confirmed": "confirmed" in request.GET,
        "changed": "changed" in request.GET,
        "too_late": "late" in request.GET,
        "gets_mail": may(request.user, Right.COMMAND),
        "has_second_factor": second_factor.is_on(request.user),
    }
    return render(request, "dashboard/account.html", context)


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: works for whose account it is, once."""
    wish = models.MailWish.objects.filter(user=request.user).first()
    is_theirs = wish is not None and confirmation.confirm(wish, token)
    return redirect(f"{reverse('account')}?{'confirmed' if is_theirs else 'late'}#mail")


def _new_wish(request: HttpRequest) -> models.MailWish:
    assert isinstance(request.user, User)
    return models.MailWish(user=request.user, language=request.LANGUAGE_CODE)
