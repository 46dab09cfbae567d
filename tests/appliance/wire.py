"""Two machines on a cable: a network namespace each, a pair of virtual Ethernet ends, nothing of the host's."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from appliance import root as debian

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class End:
    """One end: `option` plugs a machine in."""

    namespace: str
    address: str

    @property
    def option(self) -> str:
        """For systemd-nspawn."""
        return f"--network-namespace-path=/run/netns/{self.namespace}"

    def pull_out(self) -> None:
        """The cable is out."""
        debian.run("ip", "-n", self.namespace, "link", "set", "wire", "down")

    def plug_in(self) -> None:
        """The cable is in."""
        debian.run("ip", "-n", self.namespace, "link", "set", "wire", "up")


@contextmanager
def cable() -> Iterator[tuple[End, End]]:
    """Both ends, up."""
    number = next(_NUMBERS)
    ends = tuple(End(f"maakhoek-{os.getpid()}-{number}-{side}", f"10.77.0.{side}") for side in (1, 2))
    first, second = ends
    try:
        for end in ends:
            debian.run("ip", "netns", "add", end.namespace)
            debian.run("ip", "-n", end.namespace, "link", "set", "lo", "up")
        pair = ("type", "veth", "peer", "name", "wire", "netns", second.namespace)
        debian.run("ip", "-n", first.namespace, "link", "add", "wire", *pair)
        for end in ends:
            debian.run("ip", "-n", end.namespace, "address", "add", f"{end.address}/24", "dev", "wire")
            end.plug_in()
        yield first, second
    finally:
        for end in ends:
            with suppress(AssertionError):
                debian.run("ip", "netns", "delete", end.namespace)
