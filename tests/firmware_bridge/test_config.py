"""A broken configuration names the key and what it should be."""

import pwd
from datetime import date, time
from pathlib import Path

import pytest
from support.hand_bridge import write_config

from firmware_bridge.config import ConfigError, load_config, load_local_config
from firmware_bridge.service.opening import AtClosing
from firmware_bridge.service.policy import Policy


def test_a_full_one_is_read(tmp_path: Path) -> None:
    path = write_config(tmp_path, more='baud = 250000\nsocket_users = [1001, "nobody"]\n')
    path.write_text(path.read_text() + '[broker]\nhost = "region.example"\n')
    config = load_config(path)
    assert config.profile.id == "prusa-mk3s"
    assert config.baud == 250_000
    assert config.socket_users == {1001, pwd.getpwnam("nobody").pw_uid}
    assert [broker.port for broker in config.brokers] == [1883]
    assert config.spool.colour == "#E4572E"


def test_several_brokers_are_read_in_order(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    path.write_text(
        path.read_text() + '[[broker]]\nhost = "a.example"\n[[broker]]\nhost = "b.example"\nport = 2\n'
    )
    assert [(broker.host, broker.port) for broker in load_config(path).brokers] == [
        ("a.example", 1883),
        ("b.example", 2),
    ]
    path.write_text(path.read_text() + "[[broker]]\nport = 3\n")
    with pytest.raises(ConfigError, match=r"`broker.host` is missing; it should be the host name"):
        load_config(path)


def test_opening_hours_and_policy(tmp_path: Path) -> None:
    more = """
[opening]
monday = ["14:00-18:00", "10:00-12:30"]
closed = [2026-12-25]
[queue]
approval = true
[policy]
visitor_cancel_s = 0
at_closing = "pause"
"""
    config = load_config(write_config(tmp_path, more=more))
    assert config.hours is not None
    assert [len(day) for day in config.hours.week] == [2, 0, 0, 0, 0, 0, 0]
    assert config.hours.week[0][0].opens == time(10)
    assert config.hours.closed == {date(2026, 12, 25)}
    assert config.rules == Policy(approval=True, visitor_cancel_s=0, at_closing=AtClosing.PAUSE)


def test_without_them_nothing_closes_and_nobody_approves(tmp_path: Path) -> None:
    config = load_config(write_config(tmp_path))
    assert (config.hours, config.rules) == (None, Policy())


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("[spool]", '[opening]\nmonday = ["10-12"]\n[spool]', "opening.monday", "10:00-12:30"),
        ("[spool]", '[opening]\nmonday = "10:00-12:00"\n[spool]', "opening.monday", "a list of hours"),
        ("[spool]", "[opening]\nmaandag = []\n[spool]", "opening.maandag", "opening.monday"),
        ("[spool]", '[opening]\nclosed = ["kerst"]\n[spool]', "opening.closed", "2026-12-25"),
        ("[spool]", '[policy]\nat_closing = "stop"\n[spool]', "policy.at_closing", '"finish" or "pause"'),
        ("[spool]", "[policy]\nvisitor_cancel_s = -1\n[spool]", "policy.visitor_cancel_s", "only staff"),
        ("[spool]", '[queue]\napproval = "yes"\n[spool]', "queue.approval", "true"),
        ('kiosk = "deinze"', 'kiosk = "Bibliotheek Deinze"', "kiosk", "small letters"),
        ('kiosk = "deinze"', "kiosk = 5", "kiosk", "small letters"),
        ('kiosk = "deinze"', "", "kiosk", "missing"),
        ('library = "Bibliotheek Deinze"', 'library = ""', "library", "name of the library"),
        ('profile = "prusa-mk3s"', 'profile = "prusa-mk5"', "profile", "ender3, prusa-mk3s"),
        ('port = "/dev/null"', 'prot = "/dev/null"', "prot", "did you mean `port`"),
        ('port = "/dev/null"', 'port = "/dev/null"\nbaud = "fast"', "baud", "115200"),
        ('port = "/dev/null"', 'port = "/dev/null"\nbaud = 1', "baud", "115200"),
        ('port = "/dev/null"', 'port = "/dev/null"\nsocket_users = ["nobody-knows"]', "socket_users", "users"),
        ('colour = "#E4572E"', 'colour = "oranje"', "spool.colour", "#E4572E"),
        ('colour = "#E4572E"', 'color = "#E4572E"', "spool.color", "did you mean `spool.colour`"),
        ('material = "PLA"', "", "spool.material", "PLA"),
        ("[spool]", "[spoel]", "spo", "spool"),
        ('name = "Oranje"', '[broker]\nport = 1883\nhost = ""', "broker.host", "host name"),
        ('name = "Oranje"', '[broker]\nport = 70000\nhost = "x"', "broker.port", "65535"),
        ('name = "Oranje"', '[broker]\nhost = "x"\nca = "/no/such.pem"', "broker.ca", "no file"),
        (
            'name = "Oranje"',
            '[broker]\nhost = "x"\nca = "/etc/passwd"\nkey = "/etc/passwd"',
            "broker.cert",
            "missing",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, key: str, words: str) -> None:
    path = write_config(tmp_path)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ConfigError) as error:
        load_config(path)
    message = str(error.value)
    assert str(path) in message
    assert f"`{key}" in message
    assert words in message


def test_a_socket_path_that_the_kernel_cannot_take(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    path.write_text(path.read_text().replace(f'socket = "{tmp_path}', f'socket = "{tmp_path}/{"d" * 100}'))
    with pytest.raises(ConfigError, match="`socket` is too long"):
        load_config(path)


@pytest.mark.parametrize("content", [b"kiosk = ", b"\xff\xfe", b"[[[["])
def test_what_is_not_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bridge.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is not TOML"):
        load_config(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "nowhere.toml")


def test_what_the_enrolment_wrote_stands_over_the_file(tmp_path: Path) -> None:
    identity = tmp_path / "identity.toml"
    path = write_config(tmp_path, more=f'identity = "{identity}"\n')
    assert load_config(path).kiosk == "deinze"
    ca = tmp_path / "root.crt"
    ca.write_text("")
    identity.write_text(
        f'kiosk = "aalter"\nlibrary = "Bibliotheek Aalter"\n[broker]\nhost = "region.example"\nca = "{ca}"\n'
        '[region]\nhost = "region.example"\n'
    )
    config = load_config(path)
    assert (config.kiosk, config.library) == ("aalter", "Bibliotheek Aalter")
    assert config.brokers[0].ca == str(ca)
    identity.write_text("kiosk = 5\n")
    with pytest.raises(ConfigError, match="enrol this kiosk again"):
        load_config(path)


def test_without_the_region_its_files_do_not_matter(tmp_path: Path) -> None:
    """So that `cool` reads it when a credential is gone already."""
    path = write_config(tmp_path, more=f'identity = "{tmp_path / "identity.toml"}"\n')
    (tmp_path / "identity.toml").write_text("rubbish")
    with pytest.raises(ConfigError):
        load_config(path)
    local = load_local_config(path)
    assert local.brokers == () and local.port == load_local_config(path).port
