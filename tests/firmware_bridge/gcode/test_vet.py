"""The safety gate: honest jobs pass, and nothing else."""

import io
import random
from pathlib import Path

import pytest
from support.gcode_jobs import BODY, END, job, lines

from firmware_bridge.contract import Refusal
from firmware_bridge.gcode import rules, vet
from firmware_bridge.gcode.read import COMMAND_MAX_BYTES, Modal
from firmware_bridge.gcode.vet import Vetted, vet_file, vet_host_lines, vet_lines
from firmware_bridge.profile import load_profile

MK3 = load_profile("prusa-mk3s")
ENDER = load_profile("ender3")


def test_honest_jobs_pass_with_their_measures() -> None:
    verdict = vet_lines(job(), MK3)
    assert isinstance(verdict, Vetted)
    assert verdict.lines == len(job())
    assert (verdict.extents.x_min_mm, verdict.extents.x_max_mm) == (100.0, 110.0)
    assert (verdict.extents.y_min_mm, verdict.extents.y_max_mm) == (100.0, 110.0)
    assert (verdict.nozzle_max_c, verdict.bed_max_c) == (215.0, 60.0)
    assert verdict.filament_mm == pytest.approx(9 + 12.5 + 0.3 + 0.3 - 0.8)
    assert isinstance(vet_lines(job("ender3"), ENDER), Vetted)


@pytest.mark.parametrize(
    ("line", "profile"), [("G80 X104.5 Y92 W41 H26.6", "prusa-mk3s"), ("M203 X500 Y500 Z10 E60", "ender3")]
)
def test_what_a_newer_slicer_writes_passes(line: str, profile: str) -> None:
    commands = job(profile)
    homed = next(i for i, command in enumerate(commands) if command.startswith(b"G28")) + 1
    verdict = vet_lines([*commands[:homed], line.encode(), *commands[homed:]], load_profile(profile))
    assert isinstance(verdict, Vetted), verdict


def refusal_of(bad: str, profile: str = "prusa-mk3s") -> Refusal:
    """The verdict on a job with one bad line in the middle of its body."""
    verdict = vet_lines(job(profile, body=[*BODY, *bad.split("\n")]), load_profile(profile))
    assert isinstance(verdict, Refusal), f"{bad} passed"
    assert verdict.reason
    return verdict


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("G1 X251", "outside"),
        ("G1 X-.5", "outside"),
        ("G1 Y-4.5", "outside"),
        ("G1 Z210.5", "outside"),
        ("G1 Z-.1", "outside"),
        ("G1 X99999999999999999999999999999999999999", "outside"),
        ("G1 Y-1 E1", "off_bed"),
        ("G1 F12001", "too_fast"),
        ("G1 F0", "no_speed"),
        ("G1 F-600", "no_speed"),
        ("M203 X501", "out_of_range"),
        ("G1 E201", "too_much_filament"),
        ("G1 E-201", "too_much_filament"),
        ("M104 S231", "nozzle_too_hot"),
        ("M109 R231", "nozzle_too_hot"),
        ("M109 S0 R231", "repeated_word"),
        ("M140 S71", "bed_too_hot"),
        ("M190 R71", "bed_too_hot"),
        ("M104", "incomplete"),
        ("M104 R250", "not_allowed"),
        ("M109", "incomplete"),
        ("M104 T1 S200", "out_of_range"),
        ("M104 S215 F1", "not_allowed"),
        ("M104 S-1", "out_of_range"),
        ("G92 X0", "not_allowed"),
        ("G92", "incomplete"),
        ("G92 Z0 E0", "not_allowed"),
        ("G4 S3600", "out_of_range"),
        ("M221 S300", "out_of_range"),
        ("M907 E1200", "out_of_range"),
        ("M907 X500 E430", "not_allowed"),
        ("M106 S999", "out_of_range"),
        ("M106 S", "no_number"),
        ("M117 a*b", "bad_text"),
        ("M117 M110 N7", "bad_text"),
        ('M862.3 P "G28"', "bad_text"),
        ("M115", "bad_text"),
        ("M115 U3.1 G28", "bad_text"),
        ("G1 X10 M106", "not_allowed"),
        ("G1 X10 G28", "not_allowed"),
        ("G1 X10 T1", "not_allowed"),
        ("G1 X10 X20", "repeated_word"),
        ("G1 X10\rM112", "not_ascii"),
        ("G1 X1O", "bad_word"),
        ("G1 Xinf", "bad_word"),
        ("G1 X1_0", "bad_word"),
        ("G1 X0x10", "bad_word"),
        ("M117 " + "x" * COMMAND_MAX_BYTES, "too_long"),
        ("M83 ; then\nG91\nG1 E1", "mode_unsaid"),
        ("M84\nG1 X100", "not_homed"),
        ("M104 S150\nG1 E1", "cold_extrusion"),
        ("G29", "not_allowed"),
        ("G28", "homes_late"),
        ("G28 W", "homes_late"),
        ("G28 X Z", "homes_late"),
        ("G80", "homes_late"),
    ],
)
def test_a_bad_line_is_refused(bad: str, code: str) -> None:
    refusal = refusal_of(bad)
    assert refusal.code == code
    first = len(job()) - len(END)
    assert refusal.line == first + len(bad.split("\n"))


FORBIDDEN = [
    *(
        f"M{n}"
        for n in (0, 1, 16, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 32, 33, 42, 43, 80, 81, 92, 108, 110)
    ),
    *(f"M{n}" for n in (111, 112, 113, 118, 155, 206, 218, 226, 240, 250, 260, 280, 300, 301, 302, 303, 304, 350)),
    *(f"M{n}" for n in (360, 380, 401, 402, 404, 410, 422, 428, 500, 501, 502, 503, 504, 569, 575, 600, 601, 666)),
    *(f"M{n}" for n in (701, 702, 710, 808, 851, 871, 876, 906, 911, 914, 928, 993, 995, 997, 999)),
    *(f"G{n}" for n in (2, 3, 5, 10, 20, 27, 30, 53, 54)),
    *("D1", "D2", "T1", "T?", "Tx", "@pause", "FOO", "$H", "PRUSA Rev"),
]


@pytest.mark.parametrize("code", FORBIDDEN)
@pytest.mark.parametrize("profile", ["prusa-mk3s", "ender3"])
def test_what_is_not_in_the_table_is_refused(code: str, profile: str) -> None:
    assert refusal_of(code, profile).code in {"not_allowed", "bad_command"}


@pytest.mark.parametrize("bad", ["G80", "M907 E430", "M862.1 P0.4", "M115 U3.11.0"])
def test_commands_of_another_firmware_are_refused(bad: str) -> None:
    assert refusal_of(bad, "ender3").code == "not_allowed"


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ([], "ends_hot"),
        (["M104 S0"], "ends_hot"),
        (["M140 S0"], "ends_hot"),
        (["M104 S0", "M140 S0", "M104 S50"], "ends_hot"),
    ],
)
def test_a_job_ends_cold(end: list[str], code: str) -> None:
    verdict = vet_lines(job(end=end), MK3)
    assert isinstance(verdict, Refusal)
    assert (verdict.line, verdict.code) == (0, code)


@pytest.mark.parametrize("content", [[], [b"; nothing\n"], lines(["M107"]), lines(["M104 S0", "G28"])])
def test_a_job_prints_something(content: list[bytes]) -> None:
    verdict = vet_lines(content, MK3)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "empty"


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (["G90", "M83", "G1 X10"], "not_homed"),
        (["G28", "G1 X10"], "mode_unsaid"),
        (["G28", "G90", "G1 X10 E1"], "mode_unsaid"),
        (["G28", "G90", "M83", "G1 E1"], "cold_extrusion"),
        (["G28", "G90", "M83", "M104 S215", "G1 E-1"], "cold_extrusion"),
        (["G28", "G90", "M83", "M109 S160", "G1 X10 E1"], "cold_extrusion"),
    ],
)
def test_a_job_takes_nothing_on_trust_from_before(start: list[str], code: str) -> None:
    verdict = vet_lines(lines(start), MK3)
    assert isinstance(verdict, Refusal)
    assert (verdict.line, verdict.code) == (len(start), code)


def test_relative_moves_add_up_to_the_edge() -> None:
    step = ["G91", "M83", *["G1 X40"] * 3]
    back = ["G90", "M83"]
    assert isinstance(vet_lines(job(body=[*BODY, *step, *back]), MK3), Vetted)
    verdict = vet_lines(job(body=[*BODY, *step, "G1 X40", *back]), MK3)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "outside"


def test_absolute_filament_is_counted_by_difference() -> None:
    body = [*BODY, "M82", "G92 E150", "G1 X100 E300", "G92 E0", "G1 X110 E150"]
    assert isinstance(vet_lines(job(body=body), MK3), Vetted)


def test_the_head_may_home_sideways_at_the_end() -> None:
    assert isinstance(vet_lines(job(end=[*END[:-1], "G28 X Y", "M84"]), MK3), Vetted)


def test_a_skirt_that_hangs_over_the_edge_is_refused() -> None:
    body = ["G1 X100 Y-1.6 F9000", "G1 Z.2 F720", "G1 X140 E1", "G1 Y20 E1", "G1 X100 E1", "G1 Y-1.6 E1"]
    verdict = vet_lines(job(body=body), MK3)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "off_bed"


def test_the_longest_command_fits_the_printers_line() -> None:
    longest = "M117 " + "x" * (COMMAND_MAX_BYTES - 5)
    assert isinstance(vet_lines(job(body=[*BODY, longest]), MK3), Vetted)
    assert len(f"N1234567 {longest}*255") == 95


def test_no_refusal_quotes_text_out_of_the_file() -> None:
    for bad in ("M117 Noor*", "M486 ANoor", "Noor", "M118 Noor", 'M862.3 P "NoorG"', "G1 XNoor"):
        assert "Noor" not in refusal_of(bad).reason


def test_the_numbers_in_the_table_are_in_order() -> None:
    for rule in (*rules.JOB.values(), *rules.HOST.values()):
        assert all(low <= high for low, high in rule.limits.values())


def mutated(content: bytes, dice: random.Random) -> bytes:
    """A file with some bytes changed, lost, doubled or swapped in from elsewhere."""
    dirty = bytearray(content)
    for _ in range(dice.randint(1, 2)):
        at = dice.randrange(len(dirty))
        match dice.randrange(4):
            case 0:
                dirty[at] = dice.randrange(256)
            case 1:
                del dirty[at : at + dice.randint(1, 8)]
            case 2:
                dirty[at:at] = dirty[dice.randrange(len(dirty)) :][: dice.randint(1, 12)]
            case _:
                dirty[at:at] = dice.choice([b"\n", b"\r", b"G91\n", b"M104 S300\n", b"E9", b"-", b".", b"9", b" "])
    return bytes(dirty)


class Witness:
    """Another, simpler reader of what passed: no part of the gate under test is used."""

    def __init__(self) -> None:
        self.position = {"X": 0.0, "Y": 0.0, "Z": 0.0}
        self.absolute = True
        self.targets: dict[str, float] = {"nozzle": 0.0, "bed": 0.0}

    def see(self, line: bytes) -> None:
        text = line.split(b";")[0].strip().decode("ascii")
        if not text:
            return
        code, *words = text.split()
        if code in ("G0", "G1", "G00", "G01"):
            for word in words:
                if word and word[0] in self.position:
                    base = 0.0 if self.absolute else self.position[word[0]]
                    self.position[word[0]] = base + float(word[1:])
                if word[:1] == "F":
                    assert 0 < float(word[1:]) <= 12_000
            assert -1e-5 <= self.position["X"] <= 250.00001
            assert -4.00001 <= self.position["Y"] <= 210.00001
            assert -1e-5 <= self.position["Z"] <= 210.00001
        elif code in ("G90", "G91"):
            self.absolute = code == "G90"
        elif code == "G28":
            axes = [w for w in words if w in self.position] or list(self.position)
            self.position |= dict.fromkeys(axes, 0.0)
        elif code in ("M104", "M109", "M140", "M190"):
            heater, cap = ("nozzle", 230) if code in ("M104", "M109") else ("bed", 70)
            self.targets[heater] = float(next(w for w in words if w[:1] in "SR")[1:])
            assert 0 <= self.targets[heater] <= cap


@pytest.mark.parametrize("seed", range(8))
def test_whatever_passes_is_safe_in_another_readers_eyes(seed: int) -> None:
    dice = random.Random(seed)
    honest = b"".join(job())
    passed = 0
    for _ in range(1500):
        content = mutated(honest, dice)
        verdict = vet_lines(io.BytesIO(content), MK3)
        if isinstance(verdict, Refusal):
            continue
        passed += 1
        witness = Witness()
        for line in content.split(b"\n"):
            witness.see(line)
        assert witness.targets == {"nozzle": 0.0, "bed": 0.0}
    assert passed > 100, "the mutations are too harsh to test anything"


def test_random_bytes_never_pass_and_never_raise() -> None:
    dice = random.Random(7)
    for _ in range(300):
        content = dice.randbytes(dice.randint(1, 400))
        assert isinstance(vet_lines(content.split(b"\n"), MK3), Refusal)


def test_the_hosts_own_lines_know_where_they_stand() -> None:
    printing = Modal(x=100, y=100, z=10, homed=True, nozzle_c=215)
    park = lines(
        ["M400", "M83", "G1 E-2 F2100", "G91", "G1 Z20 F720", "G90", "G1 X125 Y200 F6000", "M104 S0", "M105"]
    )
    assert vet_host_lines(park, MK3, printing) is None
    assert (printing.z, printing.nozzle_c) == (10, 215)
    too_high = vet_host_lines(lines(["G91", "G1 Z205"]), MK3, printing)
    assert too_high is not None and (too_high.line, too_high.code) == (2, "outside")
    cold = vet_host_lines(lines(["G1 E-2"]), MK3, Modal(homed=True))
    assert cold is not None and cold.code == "cold_extrusion"
    lost = vet_host_lines(lines(["G1 Z20"]), MK3, Modal())
    assert lost is not None and lost.code == "not_homed"


@pytest.mark.parametrize("wait", ["M109 S200", "M190 S60"])
def test_the_host_never_waits_in_the_firmware(wait: str) -> None:
    refusal = vet_host_lines(lines([wait]), MK3, Modal())
    assert refusal is not None and refusal.code == "not_allowed"


def test_a_file_is_read_from_disk_and_not_too_big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "job.gcode"
    path.write_bytes(b"".join(job()))
    assert isinstance(vet_file(path, MK3), Vetted)
    monkeypatch.setattr(vet, "FILE_MAX_BYTES", 100)
    verdict = vet_file(path, MK3)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "too_big"
