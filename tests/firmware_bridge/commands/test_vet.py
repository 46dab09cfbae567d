"""The vet command."""

import json
import subprocess
import sys
from pathlib import Path

from support.gcode_jobs import BODY, job


def vet(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "firmware_bridge", "vet", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_verdicts_and_exit_codes(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.gcode", tmp_path / "bad.gcode"
    good.write_bytes(b"".join(job()))
    bad.write_bytes(b"".join(job(body=[*BODY, "M104 S300"])))

    passed = vet(good, "--profile", "prusa-mk3s")
    assert (passed.returncode, passed.stderr) == (0, "")
    assert "may print" in passed.stdout

    refused = vet(bad, "--profile", "prusa-mk3s")
    assert refused.returncode == 1
    line = 1 + b"".join(job(body=[*BODY, "M104 S300"])).split(b"\n").index(b"M104 S300")
    assert f"bad.gcode:{line}: refused (nozzle_too_hot)" in refused.stdout

    as_json = vet(bad, "--profile", "prusa-mk3s", "--json")
    assert as_json.returncode == 1
    told = json.loads(as_json.stdout)
    assert (told["passed"], told["line"], told["code"]) == (False, line, "nozzle_too_hot")
    assert json.loads(vet(good, "--profile", "prusa-mk3s", "--json").stdout)["lines"] == len(job())


def test_what_cannot_be_checked_is_exit_2(tmp_path: Path) -> None:
    missing = vet(tmp_path / "none.gcode", "--profile", "prusa-mk3s")
    assert missing.returncode == 2
    assert "none.gcode" in missing.stderr
    (tmp_path / "a.gcode").write_bytes(b"G28\n")
    unknown = vet(tmp_path / "a.gcode", "--profile", "nonesuch")
    assert unknown.returncode == 2
    assert "ender3" in unknown.stderr
