"""How the kiosk itself is: what is not well and what helps, then the figures."""

from firmware_bridge.contract import Finding, HealthCode, Host, Role, Severity
from kiosk.domain.intents import SeeWifi
from kiosk.domain.model import Model
from kiosk.domain.staff import Desk
from kiosk.locale import Translator
from kiosk.presenters.staff.views import PageView, Tile
from kiosk.presenters.views import Action, Badge, Tone

_ICON = {
    HealthCode.UNDERVOLTAGE: "pulse",
    HealthCode.HOT: "thermometer",
    HealthCode.STORAGE_FAILING: "harddisk",
    HealthCode.STORAGE_SLOW: "harddisk",
    HealthCode.STORAGE_LOW: "harddisk",
    HealthCode.WIFI_WEAK: "lan-disconnect",
    HealthCode.PRINTER_LINK: "ethernet-cable-off",
}


def health_page(model: Model, desk: Desk, _: Translator) -> PageView:
    """The worst first, each in one sentence with its remedy. A technician may choose another Wi-Fi here."""
    world, title = model.world, _("Toestand")
    if world.state is None:
        away = Badge(_("De bridge antwoordt niet."), "lan-disconnect", Tone.WAIT)
        return PageView(title=title, lines=(away,))
    lines = tuple(_line(finding, _) for finding in world.state.health)
    host = world.telemetry.host if world.telemetry else None
    well = (Badge(_("Alles is in orde."), "check", Tone.WELL),)
    is_set_up_here = world.setup is not None and not world.is_practice
    wifi = (Tile(Action("staff:wifi", _("Wifi"), "wifi", SeeWifi())),)
    return PageView(
        title=title,
        lines=(*(lines or well), *_figures(host or Host(), _)),
        tiles=wifi if is_set_up_here and desk.role.covers(Role.TECHNICIAN) else (),
    )


def _line(finding: Finding, _: Translator) -> Badge:
    tone = Tone.STOP if finding.severity is Severity.URGENT else Tone.WAIT
    return Badge(_words(finding, _), _ICON.get(finding.code, "alert"), tone)


def _words(finding: Finding, _: Translator) -> str:
    version = finding.detail
    return {
        HealthCode.UNDERVOLTAGE: _("De voeding van de Pi is te zwak: gebruik de officiële, met een korte kabel."),
        HealthCode.HOT: _("De Pi is te warm: maak de luchtgaten vrij."),
        HealthCode.STORAGE_FAILING: _("De kaart bewaart niet wat erop geschreven wordt: vervang ze nu."),
        HealthCode.STORAGE_SLOW: _("De kaart schrijft traag: vervang ze binnenkort."),
        HealthCode.STORAGE_LOW: _("De kaart is bijna vol."),
        HealthCode.WIFI_WEAK: _("Het wifisignaal is zwak: neem liever een netwerkkabel."),
        HealthCode.CLOCK_NOT_SET: _("De klok is niet gelijkgezet: kijk het netwerk na."),
        HealthCode.PRINTER_LINK: _("De kabel naar de printer geeft veel fouten: vervang hem."),
        HealthCode.UPGRADE_WITHDRAWN: _("Versie {version} werkte niet: de vorige draait weer.", version=version),
    }[finding.code]


def _figures(host: Host, _: Translator) -> tuple[Badge, ...]:
    """What was measured; nothing is said of what nothing measures."""
    measured = (
        (host.cpu_c, "thermometer", _("Temperatuur van de Pi: {figure}", figure=_figure(host.cpu_c, "°C"))),
        (
            host.storage_free_mb,
            "harddisk",
            _("Vrij op de kaart: {figure}", figure=_figure(host.storage_free_mb, "MB")),
        ),
        (
            host.storage_write_ms,
            "clock",
            _("Kaart schrijft in {figure}", figure=_figure(host.storage_write_ms, "ms")),
        ),
        (host.wifi_dbm, "pulse", _("Wifisignaal: {figure}", figure=_figure(host.wifi_dbm, "dBm"))),
    )
    return tuple(Badge(words, icon) for value, icon, words in measured if value is not None)


def _figure(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.0f} {unit}"
