"""The guard over all tests of this folder can fail."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from support.tracebacks import tracebacks

HERE = Path(__file__).parent
FAULTY = """
import logging, threading

def test_logged():
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("kivy").exception("swallowed")

def test_thread():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()

def test_clean():
    logging.getLogger("kiosk").error("only words")
"""


def test_a_logged_exception_and_one_that_ends_a_thread_fail_their_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((HERE / "conftest.py").read_text())
    (tmp_path / "test_faulty.py").write_text(FAULTY)
    paths = "pythonpath=" + " ".join(map(str, (HERE, HERE.parent, HERE.parent.parent)))
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(tmp_path), "-o", paths]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True)
    words = done.stdout
    assert "test_logged" in words and "test_thread" in words and "kivy: swallowed" in words, words
    assert "1 failed, 2 passed, 1 error" in words.splitlines()[-1], words


@pytest.mark.parametrize(("message", "count"), [("all is well", 0), ("Traceback (most recent call last):\n", 1)])
def test_one_that_is_only_quoted_counts_too(message: str, count: int) -> None:
    record = logging.LogRecord("kiosk", logging.ERROR, "", 0, message, None, None)
    assert len(tracebacks([record])) == count
