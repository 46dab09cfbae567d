"""Where the pages are."""

from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.i18n import set_language

from dashboard.pages import account, asking, diary_views, figure_views, people, two_factor, views, year_views
from dashboard.pages.doors import Door, door
from dashboard.pages.password import LinkedPasswordView, OwnPasswordView
from dashboard.pages.sign_in import SignInView

sign_in = door(Door.OPEN)(SignInView.as_view())
sign_out = door(Door.ON_THE_WAY_IN)(LogoutView.as_view(http_method_names=["post"]))
password = door(Door.OPEN)(LinkedPasswordView.as_view())


@door(Door.OPEN)
def language(request: HttpRequest) -> HttpResponse:
    """Django's own; also for who has not signed in."""
    return set_language(request)


urlpatterns = [
    path("", views.printers, name="printers"),
    path("wall/", views.wall, name="wall"),
    path("wall/live", views.wall_live, name="wall-live"),
    path("models/<slug:card>.png", views.picture, name="picture"),
    path("live", views.printers_live, name="printers-live"),
    path("printers/<slug:kiosk>/", views.printer, name="printer"),
    path("printers/<slug:kiosk>/live", views.printer_live, name="printer-live"),
    path("printers/<slug:kiosk>/journal/", views.journal, name="journal"),
    path("printers/<slug:kiosk>/ask/<slug:name>/", asking.ask, name="ask"),
    path("figures/", figure_views.figures, name="figures"),
    path("figures/<slug:by>.csv", figure_views.figures_csv, name="figures-csv"),
    path("figures/faults/", diary_views.faults, name="diary"),
    path("figures/faults/faults.csv", diary_views.faults_csv, name="diary-csv"),
    path("figures/year/", year_views.year, name="year"),
    path("figures/year/year.csv", year_views.year_csv, name="year-csv"),
    path("figures/columns/", figure_views.dictionary, name="dictionary"),
    path("figures/columns/columns.csv", figure_views.dictionary_csv, name="dictionary-csv"),
    path("account/", account.account, name="account"),
    path("account/password/", OwnPasswordView.as_view(), name="own-password"),
    path("account/two-factor/", two_factor.own, name="two-factor"),
    path("account/mail/<str:token>/", account.confirm, name="confirm-mail"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="person-new"),
    path("people/<int:number>/", people.person, name="person"),
    path("audit/", views.audit, name="audit"),
    path("jobs/", views.jobs, name="jobs"),
    path("sign-in", sign_in, name="sign-in"),
    path("sign-in/code", two_factor.code, name="sign-in-code"),
    path("password/<str:uidb64>/<str:token>/", password, name="password"),
    path("sign-out", sign_out, name="sign-out"),
    path("language", language, name="set_language"),
]
