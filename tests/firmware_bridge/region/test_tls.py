"""The region's door over mutual TLS, with certificates of a small authority made for the test."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.broker import Broker
from support.hand_bridge import write_config
from support.hand_machine import HandMachine
from support.programs import free_port, program, running
from support.waiting import until

from firmware_bridge.bridge import Bridge
from firmware_bridge.config import load_config


@dataclass(frozen=True)
class Authority:
    """Issues certificates into `folder`."""

    folder: Path
    name: str

    def make(self) -> None:
        """The authority's own certificate."""
        self._openssl(
            "req", "-x509", *_NEW_KEY, "-days", "2", "-subj", f"/CN={self.name}", *self._files(self.name)
        )

    def issue(self, common_name: str, *more: str) -> None:
        """`common_name`.crt and .key."""
        ca = ("-CA", f"{self.name}.crt", "-CAkey", f"{self.name}.key")
        self._openssl("req", *_NEW_KEY, "-subj", f"/CN={common_name}", *self._files(common_name, "csr"))
        (self.folder / "extensions").write_text("\n".join(more))
        csr = ("-in", f"{common_name}.csr", "-out", f"{common_name}.crt", "-extfile", "extensions")
        self._openssl("x509", "-req", "-days", "2", "-CAcreateserial", *ca, *csr)

    def _files(self, name: str, kind: str = "crt") -> tuple[str, ...]:
        return ("-keyout", f"{name}.key", "-out", f"{name}.{kind}")

    def _openssl(self, *words: str) -> None:
        subprocess.run([program("openssl"), *words], cwd=self.folder, check=True, capture_output=True)


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pki")
    region = Authority(folder, "ca")
    region.make()
    region.issue("broker", "subjectAltName=IP:127.0.0.1")
    region.issue("deinze")
    stranger = Authority(folder, "stranger")
    stranger.make()
    stranger.issue("false", "subjectAltName=IP:127.0.0.1")
    return folder


@pytest.fixture
def broker(tmp_path: Path, pki: Path) -> Iterator[Broker]:
    port, plain = free_port(), tmp_path / "plain.sock"
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"""
user root
per_listener_settings true
listener {port} 127.0.0.1
cafile {pki / "ca.crt"}
certfile {pki / "broker.crt"}
keyfile {pki / "broker.key"}
require_certificate true
use_identity_as_username true
use_username_as_clientid true
acl_file {tmp_path / "acl"}
listener 0 {plain}
allow_anonymous true
""")
    (tmp_path / "acl").write_text("pattern write maakhoek/v1/%u/#\npattern read maakhoek/v1/%u/cmd/#\n")
    (tmp_path / "acl").chmod(0o700)
    with running([program("mosquitto"), "-v", "-c", config], tmp_path / "mosquitto.log"):
        until(plain.exists, what="mosquitto listens")
        yield Broker("127.0.0.1", port)


def bridge_with(folder: Path, broker: Broker, **files: Path) -> Bridge:
    path = write_config(folder, broker=broker)
    path.write_text(path.read_text() + "".join(f'{key} = "{file}"\n' for key, file in files.items()))
    return Bridge(load_config(path), HandMachine)


def test_a_kiosk_with_its_certificate_reports(tmp_path: Path, pki: Path, broker: Broker) -> None:
    bridge = bridge_with(
        tmp_path, broker, ca=pki / "ca.crt", certificate=pki / "deinze.crt", key=pki / "deinze.key"
    )
    bridge.start()
    try:
        log = tmp_path / "mosquitto.log"
        until(lambda: "Received PUBLISH from deinze" in log.read_text(), what="the broker hears it")
        until(lambda: "'maakhoek/v1/deinze/events'" in log.read_text(), what="rows arrive")
    finally:
        bridge.close("shutdown")
    assert "Denied" not in log.read_text()


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"ca": "ca.crt"}, "certificate"),
        ({"ca": "stranger.crt", "certificate": "deinze.crt", "key": "deinze.key"}, "certificate verify failed"),
        ({"ca": "ca.crt", "certificate": "false.crt", "key": "false.key"}, "alert"),
    ],
)
def test_without_trust_nothing_is_said_and_the_log_says_why(
    tmp_path: Path, pki: Path, broker: Broker, files: dict[str, str], word: str, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = bridge_with(tmp_path, broker, **{key: pki / name for key, name in files.items()})
    bridge.start()
    try:
        until(lambda: "no broker at" in caplog.text, what="the trouble is logged")
    finally:
        bridge.close("shutdown")
    assert "Received PUBLISH" not in (tmp_path / "mosquitto.log").read_text()
    assert word in caplog.text or "lost" in caplog.text
