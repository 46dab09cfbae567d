"""A whole bridge in this process, its machine worked by hand: real journal, real socket, real broker."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.bridge import Bridge
from firmware_bridge.config import Config, load_config
from firmware_bridge.machine.interface import EventHandler
from firmware_bridge.service.clock import Clock
from support.broker import Broker
from support.hand_machine import HandMachine


def write_config(
    folder: Path, *, port: str = "/dev/null", broker: Broker | Sequence[Broker] | None = None, more: str = ""
) -> Path:
    """A bridge.toml whose data and socket lie in `folder`. `broker`: one, or several in order."""
    text = f"""
kiosk = "deinze"
library = "Bibliotheek Deinze"
profile = "prusa-mk3s"
port = "{port}"
data = "{folder / "data"}"
socket = "{folder / "s"}"
{more}
[spool]
material = "PLA"
colour = "#E4572E"
name = "Oranje"
"""
    for one in (broker,) if isinstance(broker, Broker) else broker or ():
        table = "[broker]" if one is broker else "[[broker]]"
        text += f'{table}\nhost = "{one.host}"\nport = {one.port}\n'
    path = folder / "bridge.toml"
    path.write_text(text)
    return path


@dataclass
class HandBridge:
    """`machine` is to be worked by the test."""

    config: Config
    bridge: Bridge
    machine: HandMachine

    @property
    def socket(self) -> Path:
        """Where it serves."""
        return self.config.socket


@contextmanager
def hand_bridge(
    folder: Path, broker: Broker | Sequence[Broker] | None = None, clock: Clock | None = None, more: str = ""
) -> Iterator[HandBridge]:
    """Started, and closed at the end. `more`: of the configuration."""
    config = load_config(write_config(folder, broker=broker, more=more))
    machines: list[HandMachine] = []

    def make(handler: EventHandler) -> HandMachine:
        machines.append(HandMachine(handler))
        return machines[-1]

    bridge = Bridge(config, make, clock=clock)
    bridge.start()
    try:
        yield HandBridge(config, bridge, machines[0])
    finally:
        bridge.close("shutdown")
