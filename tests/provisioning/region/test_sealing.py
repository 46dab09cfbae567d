"""Backups are opened by the root's stick and its words alone. gpg is the real one."""

from pathlib import Path

import pytest

from provisioning.ca.ceremony import CeremonyError
from provisioning.region import sealing
from provisioning.region.config import RegionError

WORDS = "zes woorden op een papiertje"
SECRET = b"noor@example.org " * 10_000


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a key; the server has its public half."""
    stick = tmp_path_factory.mktemp("stick")
    sealing.hand_over(stick, stick / "server", WORDS)
    return stick


@pytest.fixture
def sealed(stick: Path, tmp_path: Path) -> Path:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(SECRET)
    sealing.seal(plain, stick / "server" / sealing.PUBLIC, sealed)
    plain.unlink()
    return sealed


def test_the_stick_opens_what_was_sealed(stick: Path, sealed: Path, tmp_path: Path) -> None:
    assert b"noor" not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o777 == 0o600
    sealing.unseal(sealed, stick, WORDS, tmp_path / "opened")
    assert (tmp_path / "opened").read_bytes() == SECRET
    assert sorted(path.name for path in tmp_path.iterdir()) == ["opened", "sealed"]


def test_neither_the_stick_without_the_words_nor_another_stick_opens_it(
    stick: Path, sealed: Path, tmp_path: Path
) -> None:
    with pytest.raises(RegionError, match="passphrase is not right"):
        sealing.unseal(sealed, stick, "somebody else's words", tmp_path / "opened")
    other = tmp_path / "other"
    other.mkdir()
    sealing.hand_over(other, other / "server", WORDS)
    with pytest.raises(RegionError, match="another region's"):
        sealing.unseal(sealed, other, WORDS, tmp_path / "opened")
    with pytest.raises(RegionError, match="put the root's stick in"):
        sealing.unseal(sealed, tmp_path, WORDS, tmp_path / "opened")
    assert not (tmp_path / "opened").exists()


def test_one_changed_byte_is_noticed(stick: Path, sealed: Path, tmp_path: Path) -> None:
    changed = bytearray(sealed.read_bytes())
    changed[len(changed) // 2] ^= 1
    sealed.write_bytes(changed)
    with pytest.raises(RegionError, match="damaged"):
        sealing.unseal(sealed, stick, WORDS, tmp_path / "opened")


def test_the_private_half_is_on_the_stick_alone_and_locked(stick: Path) -> None:
    assert [path.name for path in (stick / "server").iterdir()] == [sealing.PUBLIC]
    assert b"PUBLIC KEY" in (stick / "server" / sealing.PUBLIC).read_bytes()
    assert (stick / sealing.KEY).stat().st_mode & 0o777 == 0o400


def test_a_second_ceremony_keeps_the_key(stick: Path, tmp_path: Path) -> None:
    before = (stick / sealing.KEY).read_bytes()
    sealing.hand_over(stick, tmp_path / "server", "not asked for")
    assert (stick / sealing.KEY).read_bytes() == before
    assert (tmp_path / "server" / sealing.PUBLIC).read_bytes() == (stick / sealing.PUBLIC).read_bytes()
    (stick / sealing.PUBLIC).rename(tmp_path / "away")
    with pytest.raises(CeremonyError, match="is this the root's stick"):
        sealing.hand_over(stick, tmp_path / "server", WORDS)
    (tmp_path / "away").rename(stick / sealing.PUBLIC)


def test_without_its_key_nothing_is_written_in_the_clear(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(SECRET)
    with pytest.raises(RegionError, match="copy it from the root's stick"):
        sealing.seal(plain, tmp_path / sealing.PUBLIC, tmp_path / "sealed")
    (tmp_path / sealing.PUBLIC).write_text("rubbish")
    with pytest.raises(RegionError, match="cannot be sealed"):
        sealing.seal(plain, tmp_path / sealing.PUBLIC, tmp_path / "sealed")
    assert sorted(path.name for path in tmp_path.iterdir()) == [sealing.PUBLIC, "plain"]
