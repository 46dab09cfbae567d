"""What holds for every page."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from dashboard import second_factor
from dashboard.pages.doors import Door, door_of
from dashboard.pages.live import signed_out
from dashboard.rights import Right, may

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_PAGE_OF_STEP: Final = {second_factor.Missing.CODE: "sign-in-code", second_factor.Missing.DEVICE: "two-factor"}


class SecurityHeaders:
    """Nothing from elsewhere, nothing inline, and no page of staff in a cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SignInRequired:
    """Lets in whom the view's door lets in; the others are shown where to sign in, or the step that is missing."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """None lets the view go on."""
        door = door_of(view)
        if door is Door.OPEN:
            return None
        step = second_factor.missing(request.user)
        if step is not None and door is not Door.ON_THE_WAY_IN:
            if door is Door.STREAM:
                return signed_out()
            return redirect_to_login(request.get_full_path(), _PAGE_OF_STEP[step])
        if request.user.is_authenticated and (step is not None or may(request.user, Right.SEE)):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        if door is Door.STREAM:
            return signed_out()
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
