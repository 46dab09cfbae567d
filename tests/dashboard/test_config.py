"""A broken configuration names the key and what it should be."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.postgresql import PostgreSQL

from dashboard.config import Config, ConfigError, load_config, read_or_make_secret
from dashboard.databases import django_settings, shown

GOOD = 'database = "region.sqlite"\nsecret = "secret"\n'


def _load(folder: Path, text: str) -> Config:
    path = folder / "dashboard.toml"
    path.write_text(text)
    return load_config(path)


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    config = _load(tmp_path, GOOD)
    assert (config.host, config.port, config.broker.host, config.broker.port) == (
        "127.0.0.1",
        8000,
        "127.0.0.1",
        1883,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('secret = "s"', r"`database` is missing; it should be the path of the SQLite file"),
        ('database = "d"', r"`secret` is missing; it should be the path of the file with the site's secret"),
        (GOOD + "port = 70000", r"`port` is wrong .*it should be the TCP port to listen on, from 1 to 65535"),
        (GOOD + 'port = "80"', r"`port` is wrong .*it should be"),
        (GOOD + "[broker]\nport = 0", r"`broker.port` is wrong .*it should be a TCP port"),
        (GOOD + "[broker]\nhots = 'x'", r"`broker.hots` is not a key; did you mean `broker.host`"),
        (GOOD + "broker = 3", r"`broker` is wrong .*it should be a table"),
        (GOOD + "zzz = 3", r"`zzz` is not a key; there are: database, secret"),
        (GOOD + 'public_url = "printers.example.org"', r"`public_url` is wrong .*https://printers.example.org"),
        (
            'database = "mysql://x/y"\nsecret = "s"',
            r"`database` is an address of another kind of server",
        ),
        ('database = "postgres://x"\nsecret = "s"', r"`database` is an address that names no database; it should"),
        ('database = "postgres://x/y?colour=red"\nsecret = "s"', r"`database` is an address that cannot be read"),
        (
            GOOD + '[mail]\nhost = "smtp.example.org"\nsender = "printers@example.org"',
            r"`mail` needs `public_url`, for links in letters; it should be the address that staff type",
        ),
        ("database = ", "is not TOML"),
    ],
)
def test_an_error_names_the_key_and_what_it_should_be(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        _load(tmp_path, text)
    assert "dashboard.toml" in str(caught.value)


def test_an_address_is_read_as_libpq_reads_it_and_its_password_is_never_shown() -> None:
    address = "postgresql://noor:gehe%40im@db.example.org:5433/region?sslmode=verify-full"
    django = django_settings(address)
    assert (django["NAME"], django["USER"], django["PASSWORD"]) == ("region", "noor", "gehe@im")
    assert (django["HOST"], django["PORT"], django["OPTIONS"]["sslmode"]) == (
        "db.example.org",
        "5433",
        "verify-full",
    )
    assert shown(address) == "region at db.example.org"
    assert shown("postgresql:///region") == "region at the local PostgreSQL"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_config(tmp_path / "nowhere.toml")


def test_the_secret_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "secret"
    first = read_or_make_secret(path)
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_secret(path) == first


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    read_or_make_secret(path)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_or_make_secret(path)


def test_a_server_that_is_away_or_empty_is_named(tmp_path: Path, server: PostgreSQL) -> None:
    config = tmp_path / "dashboard.toml"
    away, empty = f"postgresql://noor:geheim@/region?host={tmp_path}", server.new_database()
    for address, says in ((away, "cannot be used: "), (empty, "is of an older version; run: python -m dashboard")):
        config.write_text(f'database = "{address}"\nsecret = "{tmp_path}/secret"\n')
        done = _run(config, "recorder")
        assert done.returncode == 2 and says in done.stderr and "geheim" not in done.stderr
    assert _run(config, "migrate").returncode == 0
    noor = _run(config, "account", "noor", "--password-from-stdin", stdin="een-lang-wachtwoord\n")
    assert noor.stdout == "account 'noor' is made\n"


def _run(config: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "dashboard", *command, "--config", str(config)]
    return subprocess.run(arguments, input=stdin, text=True, capture_output=True, timeout=60, check=False)


def test_the_commands_say_what_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "dashboard.toml"
    config.write_text(f'database = "{tmp_path}/data/region.sqlite"\nsecret = "{tmp_path}/secret"\nprot = 1\n')
    broken = _run(config, "serve")
    assert (broken.returncode, broken.stderr.count("\n")) == (2, 1)
    assert "`prot` is not a key; did you mean `port`?" in broken.stderr

    config.write_text(f'database = "{tmp_path}/data/region.sqlite"\nsecret = "{tmp_path}/secret"\n')
    for command in ("serve", "recorder"):
        unmade = _run(config, command)
        assert unmade.returncode == 2
        assert "run: python -m dashboard migrate --config" in unmade.stderr

    assert _run(config, "migrate").returncode == 0
    assert stat.S_IMODE((tmp_path / "data" / "region.sqlite").stat().st_mode) & 0o007 == 0
    account = ("account", "noor", "--password-from-stdin")
    weak = _run(config, *account, stdin="kort\n")
    assert weak.returncode == 2 and "account 'noor'" in weak.stderr
    assert _run(config, *account, stdin="een-lang-wachtwoord\n").stdout == "account 'noor' is made\n"
    assert _run(config, *account, stdin="een-ander-wachtwoord\n").stdout == "account 'noor' has a new password\n"
