"""Staff at the kiosk: the corner that is held, the PIN, and what each page is for."""

from support.visitor import wake
from support.waiting import until

from provisioning.workbench.stack import DEMO_PINS
from tour.guide import Guide

HEAT_TIMEOUT_S = 60
BLUE = "#1F5FA8"


def staff_at_the_kiosk(guide: Guide) -> None:
    """Twice in, because a role lasts two minutes: as staff, then as a technician, who sees everything."""
    _come_in(guide, "staff")
    guide.kiosk("staff", "Staff's own pages")
    _heat(guide)
    _move(guide)
    _filament(guide)
    _change_spool(guide)
    _leave(guide)
    _come_in(guide, "technician")
    guide.kiosk("staff-technician", "A technician sees behind it, too")
    for page, caption in (
        ("health", "How the kiosk itself is, and what helps"),
        ("link", "The wire in numbers"),
        ("log", "The bridge's own log"),
        ("protection", "What a technician vouches for"),
        ("queue", "The queue, to put one first or to take one out"),
    ):
        guide.finger.press(f"staff:{page}")
        guide.kiosk(f"staff-{page}", caption)
        guide.finger.press("back")
    guide.finger.press("staff:clean")
    guide.finger.wait_for("staff-clean")
    guide.kiosk("staff-clean", "Half a minute to wipe the glass: no touch does anything")
    guide.finger.wait_for("staff", 60)
    _out_of_order(guide)
    _come_in(guide, "coach")
    _practise(guide)


def _practise(guide: Guide) -> None:
    finger = guide.finger
    finger.press("staff:practice")
    guide.kiosk("staff-practice", "Training with a simulated printer")
    finger.press("practice:begin")
    finger.wait_for("collection", HEAT_TIMEOUT_S)
    until(lambda: finger.look().find("card:sleutelhanger"), HEAT_TIMEOUT_S, "its printer is there")
    guide.kiosk("practice", "An exercise: marked on every screen")
    finger.press("home")
    until(lambda: finger.look().find("practice:end"), what="the sheet")
    guide.kiosk("practice-sheet", "What it is, and the way out of it")
    finger.press("practice:end")
    finger.wait_for("attract")
    wake(finger)


def _come_in(guide: Guide, role: str) -> None:
    finger = guide.finger
    view = finger.look()
    home = view.find("home")
    x, y = home.centre if home else (60, 60)
    finger.put_down(x, y)
    until(lambda: finger.look().screen == "pin", 10, "the PIN pad")
    finger.lift()
    if role == "staff":
        guide.kiosk("pin", "A PIN, which the bridge checks: five tries, then a wait that grows")
    for digit in DEMO_PINS[role]:
        finger.press(f"pin:{digit}")
    finger.press("enter-pin")
    finger.wait_for("staff")


def _leave(guide: Guide) -> None:
    guide.finger.press("home")
    guide.finger.wait_for("collection")


def _heat(guide: Guide) -> None:
    finger = guide.finger
    finger.press("staff:heat")
    finger.press("heat:pla")
    until(lambda: "/ 215" in finger.look().words, what="a target")
    guide.kiosk("staff-heat", "Now and target; off by itself after ten minutes")
    finger.press("cool")
    until(lambda: finger.look().find("heat:pla"), HEAT_TIMEOUT_S, "the printer may be asked again")
    finger.press("back")


def _move(guide: Guide) -> None:
    finger = guide.finger
    finger.press("staff:move")
    finger.press("home-axes")
    until(
        lambda: "nulpunt" in finger.look().words and finger.look().find("home-axes"), HEAT_TIMEOUT_S, "it is homed"
    )
    guide.kiosk("staff-move", "Arrows as the head moves")
    finger.press("back")


def _filament(guide: Guide) -> None:
    finger = guide.finger
    finger.press("staff:filament")
    until(lambda: finger.look().find("filament:load"), what="the page about filament")
    guide.kiosk("staff-filament", "Filament in and out: what hands do, and what the printer does")
    finger.press("filament:load")
    until(lambda: finger.look().find("filament:load") is None, what="it is under way")
    guide.kiosk("staff-filament-loading", "The printer heats and pushes")
    until(lambda: finger.look().find("filament:load"), HEAT_TIMEOUT_S, "it is in")
    finger.press("cool")
    finger.press("back")


def _change_spool(guide: Guide) -> None:
    finger = guide.finger
    finger.press("staff:spool")
    finger.press("spool:colour")
    until(lambda: finger.look().find(f"colour:{BLUE}"), what="colours to choose from")
    guide.kiosk("staff-colours", "Which spool is in: colours with their names")
    finger.press(f"colour:{BLUE}")
    guide.kiosk("staff-spool", "The screen wears it as soon as it is said")
    finger.press("spool:set")
    until(lambda: finger.look().find("staff:spool"), what="staff's pages")


def _out_of_order(guide: Guide) -> None:
    finger = guide.finger
    finger.press("staff:order")
    finger.press("order:maintenance")
    until(lambda: finger.look().find("order:back"), what="it is out of order")
    guide.kiosk("staff-out-of-order", "Out of order, with the reason that visitors read")
    finger.press("order:back")
    until(lambda: finger.look().find("order:maintenance"), what="it is in use again")
    _leave(guide)
