"""The gate under fire: no input crashes it, and no code that must not reach a printer passes in any disguise.

What must not pass is judged by an oracle that shares nothing with the gate: it reads a line as the most indulgent
firmware might (any case, no spaces, several commands in a line, any control character as a line's end), and has
its own list.
"""

import io
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.exactly_once.proof import EXAMPLES
from support.gcode_jobs import BODY, job

from firmware_bridge.contract import Refusal
from firmware_bridge.gcode.read import command_batches, commands
from firmware_bridge.gcode.vet import Vetted, vet_lines
from firmware_bridge.link.framing import check_command, frame
from firmware_bridge.profile import load_profile

PROFILES = {name: load_profile(name) for name in ("prusa-mk3s", "ender3")}
fuzz = settings(max_examples=EXAMPLES // 20 or 400, derandomize=not EXAMPLES, database=None, deadline=None)

EVERYWHERE = (
    "G0 G1 G4 G21 G28 G90 G91 G92 M73 M82 M83 M84 M104 M106 M107 M109 M117 M140 M190 M201 M203 M204 M205 M221"
    " M400 M900 T0"
)
ALLOWED = {
    "prusa-mk3s": frozenset(f"{EVERYWHERE} G80 M115 M862.1 M862.2 M862.3 M862.5 M862.6 M907".split()),
    "ender3": frozenset(f"{EVERYWHERE} G29 M420".split()),
}
# Each would do harm: heat and leave, forget its limits, write to EEPROM, flash, move the wire's own state, halt.
FORBIDDEN = (
    "M112 M999 M302 M302P1 M301 M303 M304 M500 M501 M502 M997 M42 M80 M81 M92 M110 M111 M155 M575 M206 M851 M20"
    " M21 M23 M24 M25 M26 M28 M29 M30 M32 M928 M600 M601 M0 M1 M108 M410 M876 G2 G3 G5 G10 G20 G53 G54 G55 D3 D10"
    " D6 T1 T2 M1000 M118 M118E1 M524 M540 M851Z-9 M906 M569 M360 G12 G27 G33 G60 G61"
)
DIGITS = "٠١٢٣٤٥٦٧٨٩"
"""To Python they are digits."""


def verdict_on(line: bytes, profile: str) -> Vetted | Refusal:
    """Of an honest job with that line in the middle of its body."""
    content = b"".join(job(profile, body=[*BODY, "@@", *BODY])).replace(b"@@", line)
    return vet_lines(io.BytesIO(content), PROFILES[profile])


def forbidden_in(line: bytes, profile: str) -> list[str]:
    """The codes in a line that some firmware might carry out, and that are not on this printer's list."""
    found = []
    for piece in re.split(rb"[\x00-\x08\x0a-\x1f\x7f-\xff]", line):
        text = piece.partition(b";")[0].decode("ascii").upper()
        text = re.sub(r"^\s*N\s*\d+", "", text)
        codes = re.findall(r"([GMD])\s*0*(\d+(?:\.\d+)?)", text)
        first = re.match(r"\s*([GMTD])\s*0*(\d+(?:\.\d+)?)", text)
        if first is None:
            continue
        head = first[1] + first[2]
        if head == "M117" or head.startswith("M862."):
            # What follows is for people, or a printer's name; the wire's own M110 is looked for anywhere.
            codes = [] if "M110" not in text else [("M", "110")]
        found += [code for code in (head, *(a + b for a, b in codes)) if code not in ALLOWED[profile]]
    return found


profiles = st.sampled_from(sorted(PROFILES))
moves = st.sampled_from(
    ("G1 X100 Y100", "G1 E.1", "M107", "M117 Hallo", "M73 P10 R5", "G4 P10", "M84 X", "G28 X", "")
)
spaces = st.sampled_from(
    (b"", b" ", b"  ", b"\t", b"\x0b", b"\x0c", b"\r", b"\x00", b"\xc2\xa0", b"\x1c", b"\x85")
)


@st.composite
def disguised(draw: st.DrawFn) -> bytes:
    """A forbidden command as somebody might try to get it through."""
    code = draw(st.sampled_from(FORBIDDEN.split()))
    if draw(st.booleans()):
        code = "".join(draw(st.sampled_from((letter.lower(), letter))) for letter in code)
    if draw(st.booleans()):
        code = code[0] + "0" * draw(st.integers(0, 3)) + code[1:]
    if draw(st.integers(0, 4)) == 0:
        code = "".join(DIGITS[int(c)] if c.isdigit() and draw(st.booleans()) else c for c in code)
    body = code.encode()
    if draw(st.booleans()):
        at = draw(st.integers(1, len(body)))
        body = body[:at] + draw(spaces) + body[at:]
    body += draw(st.sampled_from((b"", b" S255", b" S", b"P0", b" S250 T0", b" X0 Y0", b" ;nothing", b"\x1a")))
    before, after = draw(moves).encode(), draw(moves).encode()
    line = before + draw(spaces) + body + draw(spaces) + after
    if draw(st.booleans()):
        line = b"N%d%b%b" % (draw(st.integers(0, 2**31)), draw(spaces), line)
    if draw(st.booleans()):
        line += b"*%d" % draw(st.integers(0, 255))
    return line


@fuzz
@given(line=disguised(), profile=profiles)
def test_no_forbidden_code_passes_in_disguise(line: bytes, profile: str) -> None:
    verdict = verdict_on(line, profile)
    if isinstance(verdict, Vetted):
        assert forbidden_in(line, profile) == [], line
    else:
        assert verdict.reason and verdict.code


letters = st.sampled_from("GMTNXYZEFSPRDIJK*;( \t\r\n\x00.-+0123456789eE\"'#%@!gmt²٣é")


@fuzz
@given(
    line=st.one_of(
        st.binary(max_size=200),
        st.text(letters, max_size=60).map(str.encode),
        st.lists(st.one_of(moves, st.sampled_from(FORBIDDEN.split())), max_size=5).map(
            lambda parts: "".join(parts).encode()
        ),
    ),
    profile=profiles,
)
def test_whatever_passes_holds_no_forbidden_code_and_fits_the_wire(line: bytes, profile: str) -> None:
    verdict = verdict_on(line, profile)
    if isinstance(verdict, Refusal):
        assert verdict.reason and verdict.code
        return
    for piece in line.split(b"\n"):
        assert forbidden_in(piece, profile) == [], piece
    for _, command in commands(io.BytesIO(line)):
        check_command(command)
        assert len(frame(9_999_999, command)) <= 96


@fuzz
@given(content=st.binary(max_size=300) | st.text(letters, max_size=300).map(str.encode))
def test_what_is_sent_is_byte_for_byte_what_was_read_by_the_gate(content: bytes) -> None:
    sent = [command for batch in command_batches(io.BytesIO(content)) for command in batch]
    assert sent == [command for _, command in commands(io.BytesIO(content))]


@pytest.mark.parametrize(
    "line",
    [
        b"G1 X" + b"1" * 10_000_000,
        b"G1" + b" X1" * 3_300_000,
        b"M117 " + b"a" * 10_000_000,
        b"m" * 10_000_000,
        b"\x00" * 10_000_000,
        b"-" * 10_000_000,
        b"G1 X1" + b"\r" * 10_000_000 + b"M112",
        "G٣ ".encode() * 2_000_000,
    ],
    ids=lambda line: repr(line[:6]),
)
def test_a_line_of_ten_megabytes_is_refused_at_once(line: bytes) -> None:
    began = time.process_time()
    verdict = verdict_on(line, "prusa-mk3s")
    assert isinstance(verdict, Refusal)
    assert len(verdict.reason) < 300
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "line",
    [b";" + b"M112 " * 2_000_000, b" " * 10_000_000, b"G1 X100;" + b"a" * 10_000_000],
    ids=lambda line: repr(line[:6]),
)
def test_ten_megabytes_that_are_not_sent_do_no_harm(line: bytes) -> None:
    assert isinstance(verdict_on(line, "prusa-mk3s"), Vetted)


def test_the_oracle_knows_its_trade() -> None:
    assert forbidden_in(b"m 0112", "ender3") == ["M112", "M112"]
    assert forbidden_in(b"G1 X1M112", "ender3") == ["M112"]
    assert forbidden_in(b"N12 G1 X2\rM500*55", "ender3") == ["M500", "M500"]
    assert forbidden_in(b"G1 X1 ;M112", "ender3") == []
    assert forbidden_in(b"M117 G28", "ender3") == []
    assert forbidden_in(b"G80", "ender3") == ["G80", "G80"]
