"""What the tests of all packages share: a word after the last one."""

from _pytest.terminal import TerminalReporter
from support.exactly_once.table import table


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Which fault has met which firmware."""
    lines = table(terminalreporter.getreports("passed") + terminalreporter.getreports("failed"))
    if lines:
        terminalreporter.section("each line once and in order, or failed with a reason")
        for line in lines:
            terminalreporter.write_line(line)
