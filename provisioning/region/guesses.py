"""How often an address may be wrong about a code. Codes have 128 bits: this is for the log and the processor."""

from collections import deque
from ipaddress import ip_address, ip_network
from typing import Final

MOST: Final = 10
WITHIN_S: Final = 3600.0
MOST_ADDRESSES: Final = 10_000


class Guesses:
    """Wrong codes by address. Moments are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[float]] = {}

    def must_wait(self, address: str, now_s: float) -> bool:
        """So many that nothing more is heard from there for now, right or wrong."""
        return len(self._recent(_who(address), now_s)) >= MOST

    def was_wrong(self, address: str, now_s: float) -> None:
        """One more."""
        who = _who(address)
        recent = self._recent(who, now_s)
        recent.append(now_s)
        # The oldest address goes when there are too many: memory is bounded, whoever asks.
        self._wrong.pop(who, None)
        self._wrong[who] = recent
        if len(self._wrong) > MOST_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]

    def _recent(self, who: str, now_s: float) -> deque[float]:
        moments = self._wrong.get(who, deque(maxlen=MOST))
        while moments and moments[0] <= now_s - WITHIN_S:
            moments.popleft()
        return moments


def _who(address: str) -> str:
    """One who has an IPv6 address has a whole /64 of them."""
    there = ip_address(address.partition("%")[0])
    if there.version == 6 and there.ipv4_mapped is not None:
        there = there.ipv4_mapped
    return str(there) if there.version == 4 else str(ip_network(f"{there}/64", strict=False))
