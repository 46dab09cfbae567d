"""What a visitor does at the kiosk and staff in a browser, in steps that the tests and the tour share."""

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from provisioning.workbench.stack import DEMO_ACCOUNT, Stack
from support.screen import Finger, View
from support.waiting import until


def wake(finger: Finger) -> None:
    """From attract, or wherever the one before was, to the collection."""
    finger.press("wake" if finger.look().screen == "attract" else "home")
    finger.wait_for("collection")


def open_card(finger: Finger, card: str) -> None:
    """Turn pages until it is there, and press it."""
    for arrow in ("previous-page", "next-page"):
        while (view := finger.look()).find(f"card:{card}") is None and view.find(arrow):
            finger.press(arrow)
            before = _cards(view)
            until(lambda before=before: _cards(finger.look()) != before, what="another page")
    finger.press(f"card:{card}")
    finger.wait_for("model")


def _cards(view: View) -> set[str]:
    return {widget.name for widget in view.widgets if widget.name.startswith("card:")}


def start(finger: Finger) -> None:
    """From a model's screen to its running print."""
    finger.press("print")
    finger.wait_for("plate")
    finger.press("plate-empty")
    finger.wait_for("watch", 60)


def collect(finger: Finger, timeout_s: float = 15) -> None:
    """The plate is empty again; no opinion: the next visitor's turn."""
    finger.press("collect", timeout_s)
    until(lambda: finger.look().screen in ("feedback", "attract", "collection"), what="it is taken off")
    if finger.look().screen == "feedback":
        finger.press("skip")
    until(lambda: finger.look().screen in ("attract", "collection"), what="the next visitor's screen")


def sign_in(browser: WebDriver, stack: Stack) -> None:
    """As the account that `make run` prints."""
    browser.get(stack.web_address)
    browser.find_element(By.NAME, "username").send_keys(DEMO_ACCOUNT)
    browser.find_element(By.NAME, "password").send_keys(stack.password)
    browser.find_element(By.CSS_SELECTOR, "main button.primary").click()
    until(lambda: "sign-in" not in browser.current_url, what="signed in")
