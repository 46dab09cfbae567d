"""What people have said that stands until somebody says otherwise; it outlives every restart."""

from msgspec import Struct

from firmware_bridge.contract import Call, OutOfOrderReason, Spool


class Standing(Struct, frozen=True, kw_only=True):
    """`out_of_order` None: in use. `spool` None: the configuration's. `call` None: nobody calls."""

    out_of_order: OutOfOrderReason | None = None
    call: Call | None = None
    spool: Spool | None = None
