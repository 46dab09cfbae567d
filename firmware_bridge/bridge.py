"""All parts of the bridge, wired together."""

import fcntl
import importlib.metadata
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from firmware_bridge.config import Config
from firmware_bridge.contract import Alert, Command, CommandResult, Info, State, Telemetry
from firmware_bridge.jobs.files import JobFiles
from firmware_bridge.jobs.intake import Intake
from firmware_bridge.journal.journal import Journal
from firmware_bridge.local.requests import LocalRequests
from firmware_bridge.local.server import LocalApi
from firmware_bridge.machine.confirmations import Confirmations
from firmware_bridge.machine.interface import EventHandler, Machine
from firmware_bridge.region.client import Region
from firmware_bridge.region.commands import RegionCommands
from firmware_bridge.service.checkup import Checkup
from firmware_bridge.service.clock import Clock
from firmware_bridge.service.controller import Controller
from firmware_bridge.service.host import HostReader
from firmware_bridge.service.library import Library
from firmware_bridge.service.pins import PinStore
from firmware_bridge.service.reporter import Outlets

CONFIRMATIONS: Final = "thermal-protection.json"
"""In the data folder: what a technician has vouched for."""


class AlreadyRunningError(RuntimeError):
    """Another bridge works in the same data folder."""


class Bridge:
    """Jobs, journal and both doors around one machine. Raises JournalError, AlreadyRunningError and OSError."""

    def __init__(
        self,
        config: Config,
        make_machine: Callable[[EventHandler], Machine],
        *,
        clock: Clock | None = None,
        confirmations: Confirmations | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._lock = _lock(config.data)
        self._journal = Journal(config.data / "journal.sqlite")
        files = JobFiles(config.data / "jobs")
        info = _info(config, self._journal)
        self._region: Region | None = None
        self._controller = Controller(
            info=info,
            journal=self._journal,
            files=files,
            intake=Intake(files, config.profile.id),
            outlets=Outlets(self._tell_state, self._tell_near, self._tell_far, self._tell_alerts, self._tell_info),
            make_machine=make_machine,
            pins=PinStore(config.data),
            library=Library(config.profile.caps, config.rules, config.hours),
            alive=alive,
            clock=clock or Clock(),
            confirmations=confirmations or Confirmations(config.data / CONFIRMATIONS),
        )
        self._checkup = Checkup(HostReader(config.data), self._controller.machine_measured)
        users = config.socket_users | {0, os.getuid()}
        requests = LocalRequests(self._controller)
        self._api = LocalApi(config.socket, requests.handle, users, requests.gone)
        if config.brokers:
            commands = RegionCommands(
                self._controller.ledger,
                self._controller.verbs,
                self._controller.desk,
                self._controller.queueing,
                self._journal.commands(),
                self._answer,
            )
            self._controller.watch(commands.follow)

            def on_command(word: str, command: Command) -> None:
                self._controller.post(lambda: commands.handle(word, command))

            cursor = self._journal.cursor
            self._region = Region(
                config.brokers,
                self._controller.info,
                self._journal.reader,
                cursor,
                on_command,
                self._controller.remember_cursor,
            )

    def start(self) -> None:
        """Begin to work on threads of its own."""
        self._controller.start()
        self._checkup.start()
        self._api.start()
        if self._region is not None:
            self._region.start()

    def close(self, reason: str) -> None:
        """End everything safely: the print first, then the doors."""
        self._checkup.close()
        self._controller.close(reason)
        if self._region is not None:
            self._region.close(reason)
        self._api.close()
        self._journal.close()
        os.close(self._lock)

    def _tell_state(self, state: State) -> None:
        self._api.notify("state", state)
        if self._region is not None:
            self._region.state(state)

    def _tell_near(self, telemetry: Telemetry) -> None:
        self._api.notify("telemetry", telemetry)

    def _tell_far(self, telemetry: Telemetry) -> None:
        if self._region is not None:
            self._region.telemetry(telemetry)

    def _tell_alerts(self, alerts: tuple[Alert, ...]) -> None:
        if self._region is not None:
            self._region.alerts(alerts)

    def _tell_info(self, info: Info) -> None:
        self._api.notify("info", info)
        if self._region is not None:
            self._region.info(info)

    def _answer(self, name: str, result: CommandResult) -> None:
        if self._region is not None:
            self._region.result(name, result)


def _info(config: Config, journal: Journal) -> Info:
    return Info(
        kiosk=config.kiosk,
        library=config.library,
        software=importlib.metadata.version("maakhoek"),
        journal=journal.id,
        profile=config.profile.id,
        printer_name=config.profile.name,
        spool=config.spool,
        session=journal.session,
        practice=config.practice,
    )


def _lock(data: Path) -> int:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(data / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise AlreadyRunningError(
            f"another bridge works in {data}; stop it, or set `data` to another folder"
        ) from error
    return handle
