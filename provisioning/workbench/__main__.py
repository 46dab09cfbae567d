"""`make run`: everything on this machine, each part a process of its own, until Ctrl-C."""

import argparse
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from provisioning.workbench.stack import DEMO_MAIL, DEMO_PINS, DEMO_ROLES, Options, Stack
from provisioning.workbench.supervisor import StartError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m provisioning.workbench", description=__doc__)
    parser.add_argument("--printer", help="serial device of a real printer; without it one is simulated")
    parser.add_argument("--profile", default="prusa-mk3s", help="printer profile (default: %(default)s)")
    parser.add_argument("--speed", type=float, default=1.0, help="pace of the simulated printer (default: 1)")
    parser.add_argument("--data", type=Path, default=Path("build/run"), help="where everything is kept")
    parser.add_argument("--collection", type=Path, default=Path("build/collection"))
    parser.add_argument("--port", type=int, default=8000, help="of the dashboard, where it is free (%(default)s)")
    parser.add_argument("--neighbours", type=int, default=8, help="simulated libraries beside it (default: 8)")
    return parser


def _lock(data: Path) -> int:
    data.mkdir(parents=True, exist_ok=True)
    handle = os.open(data / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StartError(f"another workbench is running in {data}; stop it or give --data") from error
    return handle


def _start(stack: Stack) -> None:
    data = stack.options.data
    if stack.database.exists():
        print(f"  as it was left: prints, accounts, letters; remove {data} to begin anew", flush=True)
    stack.prepare_region()
    for program in stack.programs():
        stack.supervisor.start(program)
        print(f"  {program.name:<10} {program.where}", flush=True)
    accounts = ", ".join(f"{name} ({role})" for name, role in DEMO_ROLES.items())
    print(f"\n  Dashboard: {stack.web_address}  password: {stack.password}")
    print(f"  Accounts:  {accounts}")
    print(f"  Letters about troubles, to {DEMO_MAIL}: {stack.letters / 'new'}")
    print("  PINs at the kiosk: " + ", ".join(f"{role} {pin}" for role, pin in DEMO_PINS.items()))
    print(f"  Logs: {data / 'logs'}    Ctrl-C, or closing the window, stops everything.\n", flush=True)


def _watch(stack: Stack) -> None:
    """Until the window is closed."""
    while True:
        for name, code in stack.supervisor.take_ended().items():
            if name == "kiosk" and code == 0:
                print("\n  the window is closed; stopping …", flush=True)
                return
            log = stack.supervisor.log_of(name)
            print(f"  {name} has ended (code {code}); the rest runs on. Its log: {log}", flush=True)
        time.sleep(0.3)


def _stop_on_signal(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Exit code 0 after Ctrl-C or when the window was closed, 1 when something could not be started."""
    arguments = _parser().parse_args()
    for number in STOP_SIGNALS:
        signal.signal(number, _stop_on_signal)
    options = Options(
        data=arguments.data.absolute(),
        collection=arguments.collection.absolute(),
        profile=arguments.profile,
        printer=arguments.printer,
        speed=arguments.speed,
        neighbours=arguments.neighbours,
        web_port=arguments.port,
    )
    stack = None
    try:
        _lock(options.data)
        stack = Stack(options)
        _start(stack)
        _watch(stack)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  stopping …", flush=True)
        return 0
    finally:
        for number in STOP_SIGNALS:  # a second Ctrl-C must not leave half of it behind
            signal.signal(number, signal.SIG_IGN)
        if stack is not None:
            stack.supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
