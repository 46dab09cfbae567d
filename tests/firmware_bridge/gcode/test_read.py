"""Words, lines and modal state."""

import pytest

from firmware_bridge.gcode.read import GcodeError, Modal, Words, commands, move_fields, parse_line, strip_line


def test_only_commands_are_counted_and_keep_their_physical_line() -> None:
    file = [b"; head\n", b"\n", b"G28 ; home\r\n", b"   \n", b" M107\n", b";LAYER_CHANGE\n", b"G1 F8640;_WIPE"]
    assert list(commands(file)) == [(3, b"G28"), (5, b"M107"), (7, b"G1 F8640")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"G1 X-1.5 Y.25 E-.8 F2100\n", Words("G1", {"X": -1.5, "Y": 0.25, "E": -0.8, "F": 2100.0})),
        (b"G01 X1.", Words("G1", {"X": 1.0})),
        (b"G28 W ; home", Words("G28", {"W": None})),
        (b"M84 X Y E", Words("M84", {"X": None, "Y": None, "E": None})),
        (b"M862.1 P0.4", Words("M862.1", {"P": 0.4})),
        (b'M862.3 P "MK3S" ; check', Words("M862.3", {}, 'P "MK3S"')),
        (b"M117 hello  G1", Words("M117", {}, "hello  G1")),
        (b"T0", Words("T0", {})),
    ],
)
def test_words_of_a_line(line: bytes, words: Words) -> None:
    assert parse_line(line) == words


@pytest.mark.parametrize("line", [b"", b"\n", b"; only", b"  ;x", b"\t"])
def test_no_command(line: bytes) -> None:
    assert parse_line(line) is None
    assert strip_line(line) == b""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"G1 X1 X2", "repeated_word"),
        (b"G1 X1E5", "bad_word"),
        (b"G1 X1e5", "bad_word"),
        (b"G1 Xnan", "bad_word"),
        (b"G1 X+1", "bad_word"),
        (b"G1 X1 (move)", "bad_word"),
        (b"G1 x1", "bad_word"),
        (b"g1 X1", "bad_command"),
        (b"G1X1", "bad_command"),
        (b"G", "bad_command"),
        (b"PRUSA Fir", "bad_command"),
        (b"$H", "bad_command"),
        (b"N5 G1 X1*33", "line_number"),
        (b"G1 X1\rM112", "not_ascii"),
        (b"G1 X1\tY2", "not_ascii"),
        (b"G1 X1\x00", "not_ascii"),
        ("M117 é".encode(), "not_ascii"),
    ],
)
def test_what_firmwares_might_read_otherwise_is_refused(line: bytes, code: str) -> None:
    with pytest.raises(GcodeError) as caught:
        parse_line(line)
    assert caught.value.code == code
    assert caught.value.reason


@pytest.mark.parametrize(
    "command",
    [b"G1 X1 Y2 Z3 E4 F5", b"G0 Y-.5", b"G1 E.04612", b"G1 F1200", b"G1"],
)
def test_the_quick_reader_agrees_with_the_thorough_one(command: bytes) -> None:
    fields = move_fields(command)
    words = parse_line(command)
    assert fields is not None and words is not None
    quick = {letter: float(value) for letter, value in zip("XYZEF", fields, strict=True) if value is not None}
    assert quick == words.values


@pytest.mark.parametrize(
    "command", [b"G1 Y1 X2", b"G1 X1 X2", b"G1 X", b"G10 X1", b"G1 X1 ", b"G1 X1 P2", b"G92 E0"]
)
def test_the_quick_reader_leaves_the_unusual_alone(command: bytes) -> None:
    assert move_fields(command) is None


def follow(*lines: bytes) -> Modal:
    modal = Modal()
    for line in lines:
        words = parse_line(line)
        assert words is not None
        modal.apply(words)
    return modal


def test_positions_absolute_and_relative() -> None:
    modal = follow(
        b"G28", b"G90", b"M83", b"G1 X10 Y20 Z.2 E1 F600", b"G1 E1", b"G91", b"G1 X1 Z1 E1", b"M83", b"G1 E-3"
    )
    assert (modal.x, modal.y, modal.z) == (11.0, 20.0, 1.2)
    assert modal.feed_mm_min == 600.0
    assert modal.homed
    assert not modal.absolute and not modal.e_absolute


def test_filament_is_counted_from_where_g92_says() -> None:
    modal = Modal()
    words = [parse_line(line) for line in (b"M82", b"G1 E5", b"G92 E0", b"G1 E2", b"G1 E1.5")]
    moved = [modal.apply(w) for w in words if w is not None]
    assert moved == [0.0, 5.0, 0.0, 2.0, -0.5]


def test_heat_fan_and_flow() -> None:
    modal = follow(b"M104 S215", b"M190 R60", b"M106 S127.5", b"M221 S95")
    assert (modal.nozzle_c, modal.bed_c, modal.fan, modal.flow) == (215.0, 60.0, 0.5, 0.95)
    modal = follow(b"M109 S200", b"M104 S0", b"M106", b"M107", b"G28", b"M84")
    assert (modal.nozzle_c, modal.fan, modal.homed) == (0.0, 0.0, False)


def test_homing_one_axis_is_not_homing() -> None:
    modal = follow(b"G28 X")
    assert not modal.homed
