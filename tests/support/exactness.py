"""Whether the printer executed a job's lines, all of them, once and in order, and nothing else."""

import re

# The host's own lines beside a job's: questions, the line counter, automatic reports.
_HOSTS_OWN = re.compile(rb"M105|M110 .*|M114|M115|M113 .*|M155 .*|M400")
_TARGET = re.compile(rb"[SR]([\d.]+)")
_AT_THE_END = [("M104", 0.0), ("M140", 0.0)]

Executed = bytes | tuple[str, float]


def commands_of(gcode: bytes) -> list[Executed]:
    """What a job's file asks for. Heating is one thing with and without waiting: the host does the waiting."""
    lines = (line.partition(b";")[0].strip() for line in gcode.splitlines())
    return [_normal(line) for line in lines if line and not _HOSTS_OWN.fullmatch(line)]


def commands_in_log(log: bytes) -> list[Executed]:
    """What the printer's log says was executed, less the host's own lines."""
    return [_normal(line) for line in log.splitlines() if not _HOSTS_OWN.fullmatch(line)]


def assert_exact(log: bytes, gcode: bytes) -> None:
    """AssertionError naming the first difference; after the last line only heaters off may follow."""
    asked, executed = commands_of(gcode), commands_in_log(log)
    for i, (wanted, got) in enumerate(zip(asked, executed, strict=False)):
        assert got == wanted, f"command {i + 1} of {len(asked)}: {got!r} instead of {wanted!r}"
    assert len(executed) >= len(asked), f"{len(executed)} of {len(asked)} commands were executed"
    rest = executed[len(asked) :]
    assert rest in ([], _AT_THE_END), f"after the job's last line: {rest[:5]}"


def _normal(line: bytes) -> Executed:
    code = line.partition(b" ")[0]
    if code not in (b"M104", b"M109", b"M140", b"M190"):
        return line
    target = _TARGET.search(line)
    if target is None:  # damaged on the wire
        return line
    return "M104" if code in (b"M104", b"M109") else "M140", float(target[1])
