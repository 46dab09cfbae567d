"""The process that enrols: from any state of the disk to enrolled, however often it is cut off."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from provisioning import files
from provisioning.enrol.door import DoorError, Trouble
from provisioning.enrol.identity import Identity
from provisioning.enrol.steps import Step
from provisioning.setup_file import SetupFileError

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
"""How often a stick is looked for."""
FIRST_RETRY_S: Final = 5.0
LAST_RETRY_S: Final = 60.0


def run(identity: Identity, status: Path, stop: threading.Event) -> bool:
    """Until enrolled (True) or stopped. `status`: a JSON file with step, trouble and message, for the screen."""
    retry_s = FIRST_RETRY_S
    said = ""
    while not stop.is_set():
        step = identity.next()
        if step is Step.DONE:
            _say(status, step, "", "")
            return True
        wait_s, trouble, message = 0.0, "", ""
        if step is Step.WAIT:
            wait_s, message = LOOK_S, identity.unreadable()
            trouble = "setup_file" if message else ""
        else:
            try:
                identity.do(step)
                log.info("%s: done", step.value)
                retry_s = FIRST_RETRY_S
            except DoorError as error:
                wait_s, trouble, message = retry_s, error.trouble.value, str(error)
            except (SetupFileError, OSError) as error:
                wait_s, trouble, message = retry_s, Trouble.NONSENSE.value, str(error)
        if message and message != said:
            log.warning("%s: %s", step.value, message)
        said = message
        if wait_s:
            _say(status, step, trouble, message)
            _wait(wait_s, stop, identity.offered_is_new if step is not Step.WAIT else None)
            retry_s = min(2 * retry_s, LAST_RETRY_S) if step is not Step.WAIT else FIRST_RETRY_S
    return False


def _wait(wait_s: float, stop: threading.Event, is_over: Callable[[], bool] | None) -> None:
    """Shorter where another setup file comes."""
    while wait_s > 0 and not stop.wait(min(wait_s, LOOK_S)):
        wait_s -= LOOK_S
        if is_over is not None and is_over():
            return


def _say(status: Path, step: Step, trouble: str, message: str) -> None:
    status.parent.mkdir(parents=True, exist_ok=True)
    files.write(status, json.dumps({"step": step.name.lower(), "trouble": trouble, "message": message}) + "\n")
