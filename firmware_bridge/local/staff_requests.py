"""Staff's half of the kiosk's door. Whether the role suffices has been checked before."""

from firmware_bridge import contract
from firmware_bridge.contract import Job, LogTail, Origin, Request, Session, Spool
from firmware_bridge.jobs.board import RefusedError
from firmware_bridge.local.server import Answer, Reply, refusal
from firmware_bridge.service.controller import Controller


class StaffRequests:
    """For the controller's thread."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def ask(self, client: int, request: Request, answer: Answer) -> None:
        """Raises RefusedError."""
        controller, desk = self._controller, self._controller.desk

        def then(job: Job) -> None:
            answer(Reply(job))

        def done() -> None:
            answer(Reply({}))

        match request:
            case contract.Unlock():
                controller.access.unlock(client, request.pin, lambda outcome: answer(_unlocked(outcome)))
            case contract.Lock():
                controller.access.lock(client)
                done()
            case contract.TakeCall():
                desk.take_call(Origin.KIOSK, lambda call: answer(Reply(call)))
            case contract.ClearCall():
                desk.clear_call(Origin.KIOSK, done)
            case contract.QueueFirst():
                controller.queueing.put_first(request.job, then)
            case contract.Approve():
                controller.queueing.approve(request.job, then)
            case contract.Refuse():
                controller.queueing.refuse(request.job, Origin.KIOSK, then)
            case contract.SetOutOfOrder():
                desk.set_out_of_order(request.reason, lambda: answer(Reply(controller.state)))
            case contract.SetSpool():
                spool = Spool(material=request.material, colour=request.colour, name=request.name)
                desk.set_spool(spool, lambda info: answer(Reply(info)))
            case contract.Cool():
                controller.upkeep.cool()
                done()
            case contract.ClearFault():
                controller.printer_verbs.clear_fault()
                answer(Reply(controller.state))
            case contract.ConfirmThermal():
                controller.printer_verbs.confirm_thermal(request.firmware)
                answer(Reply(controller.state))
            case contract.GetLog():
                answer(Reply(LogTail(lines=controller.log_tail.newest(request.lines))))
            case (
                contract.Preheat()
                | contract.Home()
                | contract.Jog()
                | contract.LoadFilament()
                | contract.UnloadFilament()
                | contract.FanOff()
            ):
                controller.upkeep.act(request, controller.info.spool.material)
                done()
            case _:
                raise AssertionError(f"no door for {type(request).__name__}")


def _unlocked(outcome: Session | RefusedError) -> Reply:
    return refusal(outcome) if isinstance(outcome, RefusedError) else Reply(outcome)
