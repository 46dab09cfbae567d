"""The pages of the second step: giving a code when signing in, and setting it up for oneself."""

import base64
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dashboard import second_factor
from dashboard.pages.doors import Door, door
from dashboard.second_factor import Missing


@door(Door.ON_THE_WAY_IN)
def code(request: HttpRequest) -> HttpResponse:
    """After the password. GET asks, POST checks."""
    after = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = resolve_url(settings.LOGIN_REDIRECT_URL)
    if second_factor.missing(request.user) is not Missing.CODE:
        return redirect(after)
    refused = request.method == "POST" and not second_factor.check(request, request.POST.get("code", ""))
    if request.method == "POST" and not refused:
        return redirect(after)
    return render(
        request, "dashboard/sign_in_code.html", {"next": after, "refused": refused, "on_the_way_in": True}
    )


@door(Door.ON_THE_WAY_IN)
def own(request: HttpRequest) -> HttpResponse:
    """One's own: set it up, or look at it, renew the recovery codes, turn it off."""
    if second_factor.missing(request.user) is Missing.CODE:
        return redirect("sign-in-code")
    handle = _look_after if second_factor.is_on(request.user) else _set_up
    answer = handle(request)
    if isinstance(answer, HttpResponse):
        return answer
    return render(
        request, "dashboard/two_factor.html", answer | {"required": second_factor.is_required(request.user)}
    )


def _set_up(request: HttpRequest) -> dict[str, Any]:
    refused = False
    if request.method == "POST":
        codes = second_factor.confirm(request, request.POST.get("code", ""))
        if codes:
            return {"is_on": True, "codes": codes}
        refused = True
    assert isinstance(request.user, User)
    device = second_factor.begun(request.user)
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    return {
        "is_on": False,
        "refused": refused,
        "on_the_way_in": second_factor.missing(request.user) is Missing.DEVICE,
        "picture": _qr(device.config_url),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
    }


def _look_after(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    assert isinstance(request.user, User)
    user, asked = request.user, request.POST.get("do", "")
    shown: dict[str, Any] = {"is_on": True}
    if request.method == "POST":
        if not second_factor.check(request, request.POST.get("code", "")):
            shown["refused"] = True
        elif asked == "codes":
            shown["codes"] = second_factor.renew_codes(user)
        elif asked == "off" and not second_factor.is_required(user):
            second_factor.turn_off(user)
            return redirect("account")
    return shown | {"left": second_factor.codes_left(user)}


def _qr(text: str) -> SafeString:
    """Dark on light, whatever the page's colours: a camera has to read it."""
    title = _("QR-code voor je app")
    drawn = segno.make(text, error="m").svg_inline(
        omitsize=True, border=4, dark="#1D2730", light="#FFFFFF", title=title
    )
    return mark_safe(drawn)  # made of squares and our own title
