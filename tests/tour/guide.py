"""Who takes the pictures along the way."""

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from support.browser import screenshot
from support.screen import Finger
from support.waiting import until

from provisioning.workbench.stack import Stack
from tour.album import Album


class Guide:
    """Takes the pictures along the way."""

    def __init__(self, album: Album, stack: Stack, finger: Finger) -> None:
        self.album = album
        self.stack = stack
        self.finger = finger

    def kiosk(self, name: str, caption: str) -> None:
        """A picture of the touchscreen."""
        self.finger.picture(self.album.next(name, caption))

    def page(self, browser: WebDriver, path: str, name: str, caption: str) -> None:
        """A picture of a page of the dashboard, from top to bottom."""
        browser.get(self.stack.web_address + path)
        until(lambda: browser.find_elements(By.TAG_NAME, "main"), what=f"the page /{path}")
        screenshot(browser, self.album.next(name, caption), whole_page=True)
