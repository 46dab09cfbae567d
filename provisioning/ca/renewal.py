"""When a certificate is renewed, and how late it still may be.

A kiosk keeps its key; only the certificate is renewed. Before it expires, the kiosk shows it in mutual TLS.
After that no TLS library lets it: the kiosk then sends the expired certificate with a request signed by the
same key. That is as safe as TLS, for what it proves is the same, the possession of a key that we signed; nobody
gains anything by sending a recorded request again, since the certificate that comes back is useless without
that key; and who was stopped at the region, or whose certificate was taken back, is refused whatever the date.
What expiry itself gives up is a bound on how long a stolen, never reported kiosk may come back: hence `GRACE`.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from provisioning.ca.certificates import BACKDATED

GRACE: Final = timedelta(days=180)
"""After expiry: a summer, and the works that took longer."""
SPREAD: Final = 1 / 12
"""Share of the life over which kiosks that were enrolled on one day spread their renewals."""


def renew_at(kiosk: str, serial: int, from_: datetime, until: datetime) -> datetime:
    """Two thirds of the life and a share of `SPREAD` that is this certificate's own: always the same answer."""
    began = from_ + BACKDATED
    digest = hashlib.sha256(f"{kiosk} {serial}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return began + (until - began) * (2 / 3 + SPREAD * share)


def is_too_late(until: datetime, now: datetime) -> bool:
    """So long after its expiry that it needs a new setup file."""
    return now > until + GRACE
