"""Why a firmware has stopped: its reason comes before or behind the words that it stops. Pure."""

from typing import Final

from firmware_bridge.contract import Fault, FaultCode
from firmware_bridge.link.replies import Fatal, HostAction, Other, Reply

BEFORE_S: Final = 2.0
"""An error that is older has nothing to do with it."""
AFTER_S: Final = 0.5
"""So long more may come."""
MAX_TEXT: Final = 300


class LastWords:
    """`is_fatal` from the first word that says so; `fault` is complete when `are_said`."""

    def __init__(self) -> None:
        self._code: FaultCode | None = None
        self._since = 0.0
        self._texts: list[str] = []
        self._error_at = 0.0

    @property
    def is_fatal(self) -> bool:
        """The machine has stopped."""
        return self._code is not None

    def hear(self, reply: Reply, now: float) -> None:
        """One reply of the printer's."""
        if isinstance(reply, HostAction) and reply.name == "poweroff":
            # ACTION_ON_KILL; the words before it may have been lost.
            reply = Fatal(FaultCode.PRINTER_HALTED, "//action:poweroff")
        if isinstance(reply, Fatal):
            self._stop(reply, now)
        elif isinstance(reply, Other) and reply.text.lower().startswith(("error", "err:")):
            if not self.is_fatal:
                self._texts = []
            self._texts.append(reply.text)
            self._error_at = now

    def are_said(self, now: float) -> bool:
        """Nothing more is waited for."""
        return self.is_fatal and now - self._since >= AFTER_S

    @property
    def fault(self) -> Fault:
        """The code is the cause's where one was heard, else only that it has stopped."""
        text = ""
        for said in dict.fromkeys(self._texts):
            # Marlin 1.1 says `Error:0` and, on the next line, `: Extruder switched off. MAXTEMP triggered !`
            text += said if not text or said.startswith(":") else f"; {said}"
        return Fault(code=self._code or FaultCode.PRINTER_HALTED, detail=text[:MAX_TEXT])

    def _stop(self, fatal: Fatal, now: float) -> None:
        if self._code is None:
            self._since = now
            if now - self._error_at > BEFORE_S:
                self._texts = []
        if self._code in (None, FaultCode.PRINTER_HALTED):
            self._code = fatal.code
        self._texts.append(fatal.text)
