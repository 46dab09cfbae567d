"""The way through the kiosk and the dashboard, step by step. A step that does not happen raises."""

import json
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from support.browser import screenshot
from support.screen import Finger, View
from support.simulated_printer import tell
from support.visitor import collect, open_card, sign_in, start, wake
from support.waiting import until

from provisioning.workbench.stack import LIBRARY, Stack
from tour.guide import Guide
from tour.staff import staff_at_the_kiosk

PRINT_TIMEOUT_S = 240


def wake_and_choose(guide: Guide) -> None:
    """Attract, collection, languages, a model that turns."""
    finger = guide.finger
    finger.wait_for("attract")
    guide.kiosk("attract", "Nobody is there: a model of the collection turns, in the colour of the loaded spool")
    wake(finger)
    guide.kiosk("collection", "The collection as pictures")
    finger.press("search")
    finger.wait_for("search")
    guide.kiosk("search", "By theme, by time, by level")
    finger.press("look-for:quick")
    finger.wait_for("collection")
    guide.kiosk("collection-quick", "What takes twenty minutes at most")
    finger.press("look-for:all")
    finger.press("language")
    _wait_for_widget(finger, "language:fr")
    guide.kiosk("languages", "Another language: one touch away on every screen")
    finger.press("language:fr")
    _wait_for_language(finger, "fr")
    guide.kiosk("collection-fr", "The collection in French")
    finger.press("language")
    finger.press("language:en")
    _wait_for_language(finger, "en")
    guide.kiosk("collection-en", "The collection in English")
    finger.press("language")
    finger.press("language:nl")
    _wait_for_language(finger, "nl")
    finger.press("help")
    _wait_for_widget(finger, "close")
    guide.kiosk("help", "Help")
    finger.press("close")


def every_model(guide: Guide, cards: tuple[str, ...]) -> None:
    """Each card's own screen, one of them turned by a finger."""
    finger = guide.finger
    for card in cards:
        open_card(finger, card)
        guide.kiosk(f"model-{card}", f"The model “{card}”, with its time and its grams")
        if card == cards[0]:
            view = finger.look().find("model-view")
            assert view, "the model can be turned"
            x, y = view.centre
            finger.drag((x - 100, y), (x + 120, y + 40))
            guide.kiosk(f"model-{card}-turned", "Turned by a finger")
            finger.press("look:size")
            guide.kiosk(f"model-{card}-size", "How large it really is: beside a coin and a hand")
            finger.press("look:layers")
            _wait_for_widget(finger, "fewer-layers")
            finger.press("fewer-layers")
            guide.kiosk(f"model-{card}-layers", "How it will be printed: the real toolpath, layer by layer")
        finger.press("back")
        finger.wait_for("collection")


def print_a_name(guide: Guide, browser: WebDriver, name: str) -> None:
    """Typed, shaped, sliced, printed, watched here and at the region, collected."""
    finger, album = guide.finger, guide.album
    open_card(finger, "sleutelhanger")
    finger.press("make-yours")
    finger.wait_for("make")
    guide.kiosk("make", "Make it yours: our own keyboard")
    finger.type(name)
    until(lambda: name in finger.look().words, what="the typed name")
    guide.kiosk("make-typed", "The shape follows what is typed")
    finger.press("make", timeout_s=30)
    _wait_for_widget(finger, "stop-making")
    guide.kiosk("making", "The slicing worker makes the visitor's own model")
    finger.press("print", timeout_s=120)
    finger.wait_for("plate")
    guide.kiosk("plate", "Is the plate empty? Only somebody who looks can say so")
    finger.press("plate-empty")
    finger.wait_for("watch")
    _wait_for_nozzle(finger)
    guide.kiosk("heating", "Heating, and why")
    _wait_for_layer(finger, 3)
    guide.kiosk("watch", "The print grows, layer by layer, from its real toolpath")
    guide.page(browser, "", "dashboard", "The dashboard: who needs a hand, who does what, until when")
    _wait_for_layer(finger, 6)
    finger.press("home")
    finger.wait_for("collection")
    guide.kiosk("collection-busy", "Others may browse meanwhile; the strip leads back to the print")
    finger.press("watch")
    finger.wait_for("watch")
    finger.press("problem")
    finger.wait_for("problem")
    guide.kiosk("problem", "Something is wrong: pictures to point at; danger stops at once")
    finger.press("pause")
    until(lambda: finger.look().find("resume"), 60, "paused")
    guide.kiosk("paused", "Paused: the head is parked")
    finger.press("resume")
    finger.wait_for("cooling", PRINT_TIMEOUT_S)
    guide.kiosk("cooling", "Hands off while it is hot")
    guide.page(
        browser, "printers/workbench/?minutes=10", "dashboard-printer", "One printer: temperatures over time"
    )
    guide.page(
        browser,
        "printers/workbench/ask/out_of_order/",
        "dashboard-ask",
        "Each command asks first, says what it does, and stands in the audit",
    )
    finger.wait_for("ready", PRINT_TIMEOUT_S)
    guide.kiosk("ready", "Ready to be taken off")
    finger.press("collect")
    finger.wait_for("feedback")
    guide.kiosk("feedback", "How was it? Three faces, one reason, no name")
    finger.press("rate:3")
    _wait_for_widget(finger, "reason:nice")
    guide.kiosk("feedback-why", "And why; nobody has to")
    finger.press("reason:nice")
    finger.press("close")
    until(lambda: _has_jobs(browser, guide.stack), what="the job on the dashboard's page")
    screenshot(browser, album.next("dashboard-jobs", "The finished jobs"), whole_page=True)
    guide.page(browser, "account/", "dashboard-account", "One's own account: mail about troubles, and when not")
    guide.page(browser, "account/password/", "dashboard-own-password", "One's own password")
    guide.page(browser, "account/two-factor/", "dashboard-two-factor", "A second step when signing in")


def make_a_shape(guide: Guide) -> None:
    """A shape and a size, chosen instead of typed."""
    finger = guide.finger
    wake(finger)
    open_card(finger, "hanger")
    finger.press("make-yours")
    finger.wait_for("make")
    finger.press("option:form:star")
    guide.kiosk("make-shape", "A shape and a size; the model follows")
    finger.press("home")
    finger.wait_for("collection")


def queue_up(guide: Guide) -> None:
    """While one prints, another waits: a place, a time, a ticket."""
    finger = guide.finger
    wake(finger)
    open_card(finger, "munt")
    start(finger)
    finger.press("home")
    finger.wait_for("collection")
    open_card(finger, "tangram")
    finger.press("print")
    _wait_for_widget(finger, "close")
    guide.kiosk("queued", "In the queue, with a ticket instead of a name")
    finger.press("close")
    finger.wait_for("queue")
    guide.kiosk("queue", "Who comes when")
    finger.press("watch-print")
    finger.wait_for("ready", PRINT_TIMEOUT_S)
    finger.press("collect")
    finger.press("skip")
    finger.wait_for("plate")
    guide.kiosk("turn", "The next one's turn, as long as it is kept")
    finger.press("give-up")
    finger.press("give-up-sure")
    until(lambda: finger.look().screen == "attract", what="nobody waits")


def stop_a_print(guide: Guide) -> None:
    """Started, stopped, and the plate cleared."""
    finger = guide.finger
    wake(finger)
    open_card(finger, "munt")
    start(finger)
    _wait_for_layer(finger, 1)
    finger.press("problem")
    finger.wait_for("problem")
    finger.press("stop")
    finger.wait_for("trouble", 60)
    guide.kiosk("stopped", "Stopped by the visitor: what happened, what to do, who comes")
    collect(finger, PRINT_TIMEOUT_S)


def break_the_printer(guide: Guide, browser: WebDriver) -> None:
    """The firmware's own protection trips in mid-print; then the cable is pulled."""
    finger, stack = guide.finger, guide.stack
    wake(finger)
    open_card(finger, "munt")
    start(finger)
    _wait_for_layer(finger, 1)
    tell(stack.printer_control, "thermal nozzle")
    finger.wait_for("trouble", 60)
    guide.kiosk("trouble", "The printer's own protection has stopped it")
    guide.page(browser, "", "dashboard-trouble", "The dashboard puts first what needs a hand")
    tell(stack.printer_control, "unplug")
    finger.press("home")
    finger.wait_for("collection")
    open_card(finger, "munt")
    until(lambda: finger.look().find("print") is None, 60, "printing is greyed")
    guide.kiosk("printer-away", "Without a printer the collection stays; printing waits, and says why")
    tell(stack.printer_control, "plug")


def visit(guide: Guide, screen: str) -> None:
    """The first screens on another size of glass."""
    finger = guide.finger
    finger.wait_for("attract")
    guide.kiosk(f"attract-{screen}", f"Attract, {screen}")
    wake(finger)
    guide.kiosk(f"collection-{screen}", f"The collection, {screen}")
    open_card(finger, "sleutelhanger")
    guide.kiosk(f"model-{screen}", f"A model, {screen}")
    finger.press("make-yours")
    finger.wait_for("make")
    guide.kiosk(f"make-{screen}", f"Make it yours, {screen}")
    finger.press("home")
    finger.wait_for("collection")
    wake(finger)
    open_card(finger, "munt")
    start(finger)
    _wait_for_layer(finger, 3)
    guide.kiosk(f"watch-{screen}", f"Watching, {screen}")


def take_the_tour(guide: Guide, browser: WebDriver, cards: tuple[str, ...]) -> None:
    """The whole way at the size of the appliance's own screen."""
    stack = guide.stack
    guide.page(browser, "", "dashboard-sign-in", "The dashboard asks who is there")
    sign_in(browser, stack)
    wake_and_choose(guide)
    every_model(guide, cards)
    print_a_name(guide, browser, "Noor")
    make_a_shape(guide)
    queue_up(guide)
    stop_a_print(guide)
    staff_at_the_kiosk(guide)
    break_the_printer(guide, browser)


def _wait_for_widget(finger: Finger, name: str) -> None:
    until(lambda: finger.look().find(name), what=f"'{name}' on the screen")


def _wait_for_language(finger: Finger, language: str) -> View:
    return until(lambda: v if (v := finger.look()).language == language else None, what=f"language {language}")


def _wait_for_nozzle(finger: Finger) -> None:
    until(lambda: "°" in finger.look().words, what="temperatures on the screen")


def _wait_for_layer(finger: Finger, layer: int) -> None:
    def shown() -> int:
        widget = finger.look().find("layer")
        numbers = [int(word) for word in (widget.text if widget else "").split() if word.isdigit()]
        # "Laagje 3 van 17"; while heating only "17 laagjes".
        return numbers[0] if len(numbers) == 2 else 0

    until(lambda: shown() >= layer, PRINT_TIMEOUT_S, f"layer {layer} on the screen", every_s=0.1)


def _has_jobs(browser: WebDriver, stack: Stack) -> bool:
    browser.get(stack.web_address + "jobs/")
    rows = [row.text for row in browser.find_elements(By.CSS_SELECTOR, "main tbody tr")]
    return any("leutelhanger" in row and LIBRARY in row for row in rows)


def cards_of(collection: Path) -> tuple[str, ...]:
    """Ids of the built cards, in the order in which they are shown."""
    entries = json.loads((collection / "collection.json").read_bytes())["entries"]
    return tuple(entry["card"]["id"] for entry in entries)
