"""What a visitor does at the kiosk and staff in a browser, in steps that the tests and the tour share."""

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from provisioning.workbench.stack import DEMO_ACCOUNT, Stack
from support.screen import Finger
from support.waiting import until


def wake(finger: Finger) -> None:
    """From attract, or wherever the one before was, to the collection."""
    if finger.look().screen == "attract":
        finger.press("wake")
    if finger.look().screen != "collection":
        finger.press("home")
    finger.wait_for("collection")


def open_card(finger: Finger, card: str) -> None:
    """Turn pages until it is there, and press it."""
    while finger.look().find("previous-page"):
        finger.press("previous-page")
    while finger.look().find(f"card:{card}") is None:
        finger.press("next-page")
    finger.press(f"card:{card}")
    finger.wait_for("model")


def start(finger: Finger) -> None:
    """From a model's screen to its running print."""
    finger.press("print")
    finger.wait_for("plate")
    finger.press("plate-empty")
    finger.wait_for("watch", 60)


def sign_in(browser: WebDriver, stack: Stack) -> None:
    """As the account that `make run` prints."""
    browser.get(stack.web_address)
    browser.find_element(By.NAME, "username").send_keys(DEMO_ACCOUNT)
    browser.find_element(By.NAME, "password").send_keys(stack.password)
    browser.find_element(By.CSS_SELECTOR, "main button.primary").click()
    until(lambda: "sign-in" not in browser.current_url, what="signed in")
