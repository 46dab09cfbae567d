"""Temperatures as a picture that anyone reads."""

from dataclasses import replace

from firmware_bridge.contract import Temperatures
from kiosk.domain.cooling import BED_SAFE_C, NOZZLE_SAFE_C
from kiosk.locale import Translator
from kiosk.presenters.views import Heat, Tone

_NOZZLE_FULL_C, _BED_FULL_C = 250.0, 100.0
_REACHED_C = 3.0


def is_rising(now_c: float | None, target_c: float | None) -> bool:
    """Below its target by more than it swings."""
    return bool(target_c) and (now_c or 0) < (target_c or 0) - _REACHED_C


def thermometers(temperatures: Temperatures | None, cooling: bool, _: Translator) -> tuple[Heat, Heat]:
    """Head and plate; while `cooling` with the mark below which hands may come near."""
    t = temperatures or Temperatures()
    return (
        _heat(_("Kop"), t.nozzle_c, t.nozzle_target_c, _NOZZLE_FULL_C, NOZZLE_SAFE_C, cooling, _),
        _heat(_("Plaat"), t.bed_c, t.bed_target_c, _BED_FULL_C, BED_SAFE_C, cooling, _),
    )


def for_staff(temperatures: Temperatures | None, _: Translator) -> tuple[Heat, Heat]:
    """Nozzle and bed, each with its target."""
    t = temperatures or Temperatures()
    nozzle = _heat(_("Nozzle"), t.nozzle_c, t.nozzle_target_c, _NOZZLE_FULL_C, NOZZLE_SAFE_C, False, _)
    bed = _heat(_("Bed"), t.bed_c, t.bed_target_c, _BED_FULL_C, BED_SAFE_C, False, _)
    return _aimed(nozzle, t.nozzle_target_c, _), _aimed(bed, t.bed_target_c, _)


def _aimed(heat: Heat, target_c: float | None, _: Translator) -> Heat:
    if not target_c:
        return heat
    return replace(
        heat, reading=_("{now} / {target} °C", now=heat.reading.removesuffix(" °C"), target=round(target_c))
    )


def _heat(
    name: str,
    now_c: float | None,
    target_c: float | None,
    full_c: float,
    safe_c: float,
    cooling: bool,
    _: Translator,
) -> Heat:
    if now_c is None:
        return Heat(name, "–", "", 0.0, None, Tone.PLAIN, "thermometer")
    hot = now_c >= safe_c
    steady = _("heet") if hot else _("koel")
    return Heat(
        name=name,
        reading=_("{degrees} °C", degrees=round(now_c)),
        word=_("warmt op") if is_rising(now_c, target_c) else steady,
        share=min(1.0, max(0.0, now_c / full_c)),
        target=target_c / full_c if target_c and not cooling else None,
        tone=Tone.STOP if hot else Tone.WELL,
        icon="fire" if hot else "check",
        safe=safe_c / full_c if cooling else None,
    )
