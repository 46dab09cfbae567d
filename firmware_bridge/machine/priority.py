"""The thread at the port comes before whatever else wants a processor: above all, before a kiosk that draws."""

import contextlib
import os


def come_first() -> None:
    """Run the calling thread, and those that it starts, as soon as there is something for them to do.

    Real-time scheduling at its lowest priority: it needs RLIMIT_RTPRIO (the unit has it); elsewhere all stays as
    it is. The kernel leaves others a share of the processor even if such a thread never rests.
    """
    lowest = os.sched_param(os.sched_get_priority_min(os.SCHED_RR))
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, lowest)  # 0: on Linux, this thread alone
