"""Who may do what: the least role of each method, in one place; and the roles that PINs have given. Pure."""

from dataclasses import dataclass, field
from typing import Final

from firmware_bridge import contract
from firmware_bridge.contract import ErrorCode, NotAllowed, Request, Role
from firmware_bridge.jobs.board import RefusedError

SESSION_S: Final = 120.0
"""A role lasts no longer, whatever is done in it: who walks away leaves nothing open for long."""

_V, _C, _S, _T = Role
LEAST_ROLE: Final[dict[type[Request], Role]] = {
    contract.Hello: _V,
    contract.GetState: _V,
    contract.Subscribe: _V,
    contract.OpenPart: _V,
    # The way of a visitor. Cancelling and starting ask for more at some moments: see `policy`.
    contract.Submit: _V,
    contract.Start: _V,
    contract.Pause: _V,
    contract.Resume: _V,
    contract.Cancel: _V,
    contract.Collect: _V,
    contract.KeepTurn: _V,
    contract.CheckFirstLayer: _V,
    contract.Feedback: _V,
    contract.CallStaff: _V,
    contract.Answer: _V,
    contract.Emergency: _V,
    contract.Unlock: _V,
    contract.Lock: _V,
    # A coach keeps a workshop going: people and their jobs, and what makes a printer safer.
    contract.TakeCall: _C,
    contract.ClearCall: _C,
    contract.QueueFirst: _C,
    contract.Approve: _C,
    contract.Refuse: _C,
    contract.Cool: _C,
    # Staff looks after the printer.
    contract.SetOutOfOrder: _S,
    contract.SetSpool: _S,
    contract.Preheat: _S,
    contract.Home: _S,
    contract.Jog: _S,
    contract.LoadFilament: _S,
    contract.UnloadFilament: _S,
    contract.FanOff: _S,
    contract.ClearFault: _S,
    # A technician looks behind it.
    contract.GetLog: _T,
    contract.ConfirmThermal: _T,
}


def method_of(request: Request) -> str:
    """Its name on the wire."""
    return str(type(request).__struct_config__.tag)


def check(role: Role, request: Request) -> None:
    """Raises RefusedError with NOT_ALLOWED. What the table does not name is a technician's."""
    need_role(role, LEAST_ROLE.get(type(request), Role.TECHNICIAN), f"`{method_of(request)}`")


def need_role(role: Role, needed: Role, what: str) -> None:
    """Raises RefusedError with NOT_ALLOWED, and the role that may."""
    if not role.covers(needed):
        message = f"{what} needs the role {needed.value}; unlock with its PIN"
        raise RefusedError(ErrorCode.NOT_ALLOWED, message, NotAllowed(needed=needed))


@dataclass
class Sessions:
    """The role of each client that has unlocked; `client` is a connection's number."""

    _until: dict[int, tuple[Role, float]] = field(default_factory=dict)

    def open(self, client: int, role: Role, now_s: float) -> None:
        """From now on, in the place of what it had."""
        self._until[client] = (role, now_s + SESSION_S)

    def close(self, client: int) -> None:
        """It is a visitor again, or gone."""
        self._until.pop(client, None)

    def role(self, client: int, now_s: float) -> Role:
        """What it is at this moment."""
        role, until_s = self._until.get(client, (Role.VISITOR, 0.0))
        return role if now_s < until_s else Role.VISITOR
