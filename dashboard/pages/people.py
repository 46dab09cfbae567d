"""Who may use the dashboard: an admin of the region adds people, gives roles and libraries, and blocks."""

from typing import Any, Final

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from dashboard import accounts, audit, models, second_factor
from dashboard.accounts import LastAdminError
from dashboard.rights import Right, Role, may, role_of, works_at_posts

ROLES: Final = {
    Role.VIEWER: _("Kijker: ziet alle printers en cijfers"),
    Role.OPERATOR: _("Bediener: helpt ook de printers van de eigen bibliotheek"),
    Role.ADMIN: _("Beheerder: bedient alle printers en beheert mensen"),
    Role.AUDITOR: _("Controleur: ziet ook het register"),
}
SHORT_ROLES: Final = {
    Role.VIEWER: _("Kijker"),
    Role.OPERATOR: _("Bediener"),
    Role.ADMIN: _("Beheerder"),
    Role.AUDITOR: _("Controleur"),
}
LAST_ADMIN: Final = _("Dit is de laatste beheerder die kan aanmelden. Maak eerst iemand anders beheerder.")


class PostForm(forms.Form):
    """A role, and the kiosks of one that works at a library."""

    role = forms.ChoiceField(
        label=_("Rol"), widget=forms.RadioSelect, choices=[(role.value, text) for role, text in ROLES.items()]
    )
    kiosks = forms.MultipleChoiceField(
        label=_("Bibliotheken"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, held: tuple[str, ...] = (), **named: Any) -> None:
        """`held`: where somebody works already, also when that kiosk was never heard."""
        super().__init__(*arguments, **named)
        known = dict(models.Kiosk.objects.values_list("id", "library"))
        names = {kiosk: known.get(kiosk) or kiosk for kiosk in (*known, *held)}
        self.fields["kiosks"].choices = sorted(names.items(), key=lambda one: one[1].casefold())

    def clean(self) -> dict[str, Any]:
        """What is ticked counts only for a role that works at a library."""
        cleaned = super().clean()
        if "role" in cleaned and "kiosks" in cleaned:
            cleaned["role"] = Role(cleaned["role"])
            cleaned["kiosks"] = tuple(cleaned["kiosks"]) if works_at_posts(cleaned["role"]) else ()
            if works_at_posts(cleaned["role"]) and not cleaned["kiosks"]:
                self.add_error("kiosks", _("Kies minstens één bibliotheek: een bediener werkt ergens."))
        return cleaned


class NewForm(PostForm):
    """And a name that nobody has."""

    name = forms.CharField(
        label=_("Naam"),
        max_length=150,
        validators=[User.username_validator],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"invalid": _("Gebruik alleen letters, cijfers en @ . + - _")},
    )

    def clean_name(self) -> str:
        """Also when only its capitals differ: people mix those up."""
        name: str = User.normalize_username(self.cleaned_data["name"])
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("Die naam is er al."))
        return name


def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name; who is blocked last."""
    _require_manager(request)
    users = User.objects.order_by("-is_active", "username")
    return render(request, "dashboard/people.html", {"people": list(map(_shown, users))})


def new(request: HttpRequest) -> HttpResponse:
    """GET asks, POST makes the account and shows its link."""
    _require_manager(request)
    form = NewForm(request.POST if request.method == "POST" else None, initial={"role": Role.VIEWER.value})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        user = accounts.invite(chosen["name"], chosen["role"], chosen["kiosks"], request.user.get_username())
        return _show_link(request, user)
    return render(request, "dashboard/person_new.html", {"form": form})


def person(request: HttpRequest, number: int) -> HttpResponse:
    """One of them. POST does what its button says."""
    _require_manager(request)
    user = get_object_or_404(User, pk=number)
    role, held = role_of(user), _posts(user)
    initial = {"role": role.value if role else Role.VIEWER.value, "kiosks": held}
    asked = request.POST.get("do", "")
    form = PostForm(request.POST if asked == "role" else None, initial=initial, held=held)
    trouble: Any = ""
    if asked == "link" and user.is_active:
        return _show_link(request, user)
    if asked and (asked != "role" or form.is_valid()):
        try:
            _do(asked, user, form, request.user.get_username())
            return redirect(f"{request.path}?kept")
        except LastAdminError:
            trouble = LAST_ADMIN
    context = {"person": _shown(user), "form": form, "trouble": trouble, "kept": "kept" in request.GET}
    return render(request, "dashboard/person.html", context)


def _do(asked: str, user: User, form: PostForm, by: str) -> None:
    match asked:
        case "role":
            accounts.change(user, form.cleaned_data["role"], form.cleaned_data["kiosks"], by)
        case "two_factor":
            second_factor.reset(user, by)
        case "block":
            accounts.block(user, by)
        case "let_in":
            accounts.let_in(user, by)


def _show_link(request: HttpRequest, user: User) -> HttpResponse:
    """Shown here and nowhere else. It works once, for as long as Django lets such a link live (three days)."""
    token = default_token_generator.make_token(user)
    path = reverse("password", args=[urlsafe_base64_encode(force_bytes(user.pk)), token])
    audit.note(audit.Act.LINK_MADE, request.user.get_username(), account=user.get_username())
    context = {"person": _shown(user), "link": request.build_absolute_uri(path)}
    return render(request, "dashboard/person_link.html", context)


def _shown(user: User) -> dict[str, Any]:
    role = role_of(user)
    names = dict(models.Kiosk.objects.filter(id__in=_posts(user)).values_list("id", "library"))
    return {
        "id": user.pk,
        "name": user.get_username(),
        "role": SHORT_ROLES[role] if role else "",
        "libraries": [names.get(kiosk) or kiosk for kiosk in _posts(user)],
        "signed_in_ms": int(user.last_login.timestamp() * 1000) if user.last_login else None,
        "has_password": user.has_usable_password(),
        "has_two_factor": second_factor.is_on(user),
        "is_blocked": not user.is_active,
    }


def _posts(user: User) -> tuple[str, ...]:
    return tuple(models.Post.objects.filter(user=user).order_by("kiosk").values_list("kiosk", flat=True))


def _require_manager(request: HttpRequest) -> None:
    if not may(request.user, Right.MANAGE_PEOPLE):
        raise PermissionDenied
