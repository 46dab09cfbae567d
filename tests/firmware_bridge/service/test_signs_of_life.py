"""Signs of life: both loops must go round, the one at the printer's port and the controller's."""

import threading
import time
from pathlib import Path

from support.hand_bridge import write_config
from support.hand_machine import HandMachine
from support.waiting import until

from firmware_bridge.bridge import Bridge
from firmware_bridge.config import load_config
from firmware_bridge.machine.interface import EventHandler, MachineEvent
from firmware_bridge.machine.serial_port import SerialMachine
from firmware_bridge.profile import load_profile
from firmware_bridge.service.controller import TICK_S


def test_the_printers_thread_that_hangs_is_not_alive(tmp_path: Path) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def hang_on_the_first(_event: MachineEvent) -> None:
        entered.set()
        go_on.wait()

    machine = SerialMachine(tmp_path / "tty", load_profile("prusa-mk3s"), hang_on_the_first)
    assert not machine.is_alive
    machine.start()
    try:
        assert entered.wait(60)
        until(lambda: not machine.is_alive, what="it is seen to hang")
    finally:
        go_on.set()
    until(lambda: machine.is_alive, what="it goes round again")
    machine.close()
    until(lambda: not machine.is_alive, what="it has ended")


def test_no_sign_of_life_for_a_machine_that_hangs(tmp_path: Path) -> None:
    machines: list[HandMachine] = []
    beats = 0

    def make(handler: EventHandler) -> HandMachine:
        machines.append(HandMachine(handler))
        return machines[-1]

    def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 2:
            machines[0].is_alive = False

    bridge = Bridge(load_config(write_config(tmp_path)), make, alive=beat)
    bridge.start()
    try:
        until(lambda: beats == 2, what="two signs of life")
        waited_until = time.monotonic() + 3 * TICK_S
        until(lambda: time.monotonic() > waited_until, what="time for three more")
        assert beats == 2
        machines[0].is_alive = True
        until(lambda: beats > 2, what="and more when it goes on")
    finally:
        bridge.close("shutdown")
