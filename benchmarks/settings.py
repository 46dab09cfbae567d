"""What is measured: the printers and wires that each host meets, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RX_BUFFER_BYTES: Final = 128
ROOMY_BYTES: Final = 2048
ROOMY_LINES: Final = 32
NO_WIRE_BAUD: Final = 250_000
"""What hosts are told where there is no wire: they want a number."""
NOISE_EVERY_BYTES: Final = 10_000
NOISE_LOOP_US: Final = 250
"""Marlin looks at its receive buffer between other things: what came meanwhile is thrown away on a refusal."""
PACE_PER_S: Final = 300
HEAT_S: Final = 10
"""Far less than any printer needs, and the same for all hosts; some get to know the wire meanwhile."""


@dataclass(frozen=True)
class Setting:
    """One printer and its wire. `baud` 0: none. A run ends with the file, or `most_s` after its first move.

    `on_slow_disk`: our daemon is measured once more, with a journal on a slow disk.
    """

    name: str
    title: str
    baud: int = 0
    latency_ms: float = 0.0
    roomy: bool = False
    noisy: bool = False
    paced: bool = False
    on_slow_disk: bool = False
    most_s: float = 6.0
    rounds: int = 1

    @property
    def host_baud(self) -> int:
        """What the host is told."""
        return self.baud or NO_WIRE_BAUD

    @property
    def rx_buffer_bytes(self) -> int:
        """The printer's receive buffer."""
        return ROOMY_BYTES if self.roomy else RX_BUFFER_BYTES

    @property
    def window_bytes(self) -> int:
        """The most that may be in flight; one byte of the receive buffer always stays free."""
        return self.rx_buffer_bytes - 1

    def printer_options(self, seed: int) -> list[str]:
        """For the fast printer."""
        options = ["--baud", str(self.baud), "--latency-us", str(int(self.latency_ms * 1000))]
        if self.baud:
            options += ["--realtime", "--heat-s", str(HEAT_S)]
        if self.roomy:
            options += ["--rx-buffer", str(ROOMY_BYTES), "--flow-control", "--queue", str(ROOMY_LINES)]
            options += ["--advanced-ok"]
        else:
            options += ["--rx-buffer", str(RX_BUFFER_BYTES)]
        if self.noisy:
            options += ["--corrupt", str(NOISE_EVERY_BYTES), "--seed", str(seed)]
            options += ["--loop-us", str(NOISE_LOOP_US)] if self.baud else []
        if self.paced:
            options += ["--moves-per-s", str(PACE_PER_S)]
        return options


def _wire(baud: int, latency_ms: float) -> Setting:
    title = f"{baud:,} baud, {latency_ms:g} ms of latency, a 128-byte buffer"
    return Setting(f"wire-{baud}-{latency_ms:g}ms", title, baud=baud, latency_ms=latency_ms)


OURS: Final = "maakhoek"
OUR_DAEMON: Final = "maakhoek-daemon"
OUR_DAEMON_ON_SLOW_DISK: Final = "maakhoek-daemon-slow-disk"

UNLIMITED: Final = Setting("unlimited", "No wire, a 128-byte buffer", on_slow_disk=True, most_s=4.0, rounds=2)
ROOMY: Final = Setting("roomy", "No wire, room for 2,048 bytes (native USB)", roomy=True, most_s=4.0, rounds=2)
WIRES: Final = (_wire(115_200, 1), _wire(115_200, 4), _wire(250_000, 1), _wire(250_000, 4))
NOISY_WIRE: Final = Setting(
    "noise-wire", "One byte in 10,000 corrupted, 115,200 baud, 1 ms", baud=115_200, latency_ms=1, noisy=True
)
NOISY: Final = Setting("noise", "One byte in 10,000 corrupted, no wire", noisy=True, most_s=4.0)
PACED: Final = Setting(
    "paced",
    "300 moves a second, 250,000 baud, 1 ms",
    baud=250_000,
    latency_ms=1,
    paced=True,
    on_slow_disk=True,
    most_s=12.0,
)
SETTINGS: Final[Sequence[Setting]] = (UNLIMITED, ROOMY, *WIRES, NOISY_WIRE, NOISY, PACED)
CLEAN_OF: Final = {NOISY_WIRE.name: WIRES[0].name, NOISY.name: UNLIMITED.name}
"""What a setting with noise is compared with."""
