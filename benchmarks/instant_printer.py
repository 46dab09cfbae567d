"""A printer that answers at once, on a pseudo-terminal: the same one for every host that is measured.

Marlin's manners as far as a host can tell them apart while streaming: line numbers and checksums are checked, a
bad line gets Marlin's three-line answer and costs what was in the receive buffer, heaters are hot at once,
temperature reports come by themselves after M155. It plans and moves nothing: the host alone sets the pace.

It is a process of its own and tells on stdout, one JSON object a line: `ready`, then `first` and `last` with
CLOCK_MONOTONIC when the moves of those numbers were accepted, and at the end (SIGTERM) `counts`.
"""

import argparse
import json
import os
import re
import select
import signal
import sys
import time
import tty
import zlib
from pathlib import Path
from typing import Final

READ_BYTES: Final = 65_536
AWAKE_S: Final = 0.005
"""It looks for bytes without sleeping for so long after the last ones: a printer has a processor of its own, and
waking one that sleeps would be charged to the host's speed."""
AMBIENT_C: Final = 21.0
FIRMWARE: Final = (
    b"FIRMWARE_NAME:Marlin 2.1.2 (instant) SOURCE_CODE_URL:none PROTOCOL_VERSION:1.0 MACHINE_TYPE:%b "
    b"EXTRUDER_COUNT:1\nCap:AUTOREPORT_TEMP:1\nCap:THERMAL_PROTECTION:1\nCap:EMERGENCY_PARSER:0\nok\n"
)
WORD: Final = re.compile(rb"([A-Z])(-?[0-9.]+)")
NUMBERED: Final = re.compile(rb"N(\d+) ?(.*)", re.DOTALL)
ERASED: Final = re.compile(rb"(?:^|[^\x08])\x08")


def checksum(data: bytes) -> int:
    """XOR of all bytes, by folding one big number: the printer must not be what limits a host."""
    folded = int.from_bytes(data, "little")
    bits = 1024
    while folded.bit_length() > bits:
        bits *= 2
    while bits >= 8:
        folded ^= folded >> bits
        bits //= 2
    return folded & 255


def report(event: str, **fields: float | int | str) -> None:
    """One line on stdout for whoever measures."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


class InstantPrinter:
    """Bytes in, bytes out. Moves are numbered from 1; `first` and `last` are the two that are reported."""

    def __init__(self, machine: str, first: int, last: int) -> None:
        self._machine = machine.encode()
        self._first = first
        self._last = last
        self._partial = b""
        self._line = 0
        self._targets = {b"T": 0.0, b"B": 0.0}
        self.report_every_s = 0.0
        self.moves = 0
        self.moves_crc = 0
        self.commands = 0
        self.errors = 0

    def feed(self, data: bytes) -> bytes:
        """What the printer answers to these bytes."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        replies = []
        for line in lines:
            reply = self._accept(line.strip())
            replies.append(reply)
            if reply.startswith(b"Error"):
                self._partial = b""
                break
        return b"".join(replies)

    def temperatures(self) -> bytes:
        """The heaters as Marlin writes them; they are where they should be."""
        nozzle, bed = self._targets[b"T"], self._targets[b"B"]
        return b"T:%.2f /%.2f B:%.2f /%.2f @:0 B@:0" % (
            max(nozzle, AMBIENT_C),
            nozzle,
            max(bed, AMBIENT_C),
            bed,
        )

    def _accept(self, line: bytes) -> bytes:
        while b"\b" in line:
            line = ERASED.sub(b"", line)
        if line[:1] != b"N":
            return self._execute(line.partition(b"*")[0].strip())
        body, star, check = line.rpartition(b"*")
        if not star:
            return self._refuse(b"No Checksum with line number")
        numbered = NUMBERED.match(body)
        if numbered is None or not check.isdigit():
            return self._refuse(b"checksum mismatch")
        number, expected, command = int(numbered[1]), int(check), numbered[2]
        if checksum(body) != expected:
            return self._refuse(b"checksum mismatch")
        command = command.strip()
        if command.startswith(b"M110"):
            self._line = number
            return b"ok\n"
        if number != self._line + 1:
            if number in (self._line, self._line - 1):
                return b""
            return self._refuse(b"Line Number is not Last Line Number+1")
        self._line = number
        return self._execute(command)

    def _refuse(self, why: bytes) -> bytes:
        self.errors += 1
        return b"Error:%b, Last Line: %d\nResend: %d\nok\n" % (why, self._line, self._line + 1)

    def _execute(self, command: bytes) -> bytes:
        if not command or command.startswith(b";"):
            return b""
        self.commands += 1
        if command.startswith((b"G1 ", b"G0 ")):
            self._move(command)
            return b"ok\n"
        return self._other(command)

    def _move(self, command: bytes) -> None:
        self.moves += 1
        self.moves_crc = zlib.crc32(command, self.moves_crc)
        if self.moves == self._first:
            report("first", at_s=time.monotonic())
        if self.moves == self._last:
            report("last", at_s=time.monotonic())

    def _other(self, command: bytes) -> bytes:
        name = command.split(b" ", 1)[0]
        words: dict[bytes, bytes] = dict(WORD.findall(command.partition(b" ")[2]))
        match name:
            case b"M105":
                return b"ok " + self.temperatures() + b"\n"
            case b"M104" | b"M109":
                self._targets[b"T"] = float(words.get(b"S", words.get(b"R", b"0")))
            case b"M140" | b"M190":
                self._targets[b"B"] = float(words.get(b"S", words.get(b"R", b"0")))
            case b"M155":
                self.report_every_s = float(words.get(b"S", b"0"))
            case b"M110":
                self._line = int(words.get(b"N", b"0"))
            case b"M114":
                return b"X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0\nok\n"
            case b"M115":
                return FIRMWARE % self._machine
            case b"M20":
                return b"Begin file list\nEnd file list\nok\n"
        return b"ok\n"


def serve(printer: InstantPrinter, link: Path) -> None:
    """Answer on a new pseudo-terminal, reachable through the symlink `link`, until SIGTERM."""
    controller, terminal = os.openpty()
    tty.setraw(terminal)
    link.unlink(missing_ok=True)
    link.symlink_to(os.ttyname(terminal))
    os.write(controller, b"start\n")
    report("ready")
    next_report_s = awake_until_s = 0.0
    try:
        while True:
            now_s = time.monotonic()
            sleep_s = 0.0 if now_s < awake_until_s else printer.report_every_s or 1.0
            readable, _, _ = select.select([controller], [], [], sleep_s)
            reply = b""
            if readable:
                reply = printer.feed(os.read(controller, READ_BYTES))
                awake_until_s = now_s + AWAKE_S
            if printer.report_every_s and now_s >= next_report_s:
                next_report_s = now_s + printer.report_every_s
                reply += b" " + printer.temperatures() + b"\n"
            while reply:
                reply = reply[os.write(controller, reply) :]
    finally:
        link.unlink(missing_ok=True)


def stop(signum: int, frame: object) -> None:
    """SIGTERM ends the loop as a clean exit."""
    raise SystemExit(0)


def main() -> None:
    """Parse the arguments, serve, and tell what was received."""
    parser = argparse.ArgumentParser(description="A printer that answers at once.")
    parser.add_argument("--link", type=Path, required=True, help="symlink to the pseudo-terminal")
    parser.add_argument("--machine", default="Ender-3", help="MACHINE_TYPE in M115's answer")
    parser.add_argument("--first", type=int, required=True, help="the move at which measuring begins")
    parser.add_argument("--last", type=int, required=True, help="the move at which measuring ends")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    printer = InstantPrinter(arguments.machine, arguments.first, arguments.last)
    try:
        serve(printer, arguments.link)
    finally:
        report(
            "counts",
            moves=printer.moves,
            moves_crc=printer.moves_crc,
            commands=printer.commands,
            errors=printer.errors,
            cpu_s=time.process_time(),
        )


if __name__ == "__main__":
    main()
