"""`maakhoek-upgrade`: look for a new version, and bring it in while nobody prints. As root, from its timer.

A version that is not well within some minutes is taken back and not tried again. After a power cut, the next run
goes on where this one was. Exit code 1 where the repository cannot be trusted or a step has failed.
"""

import argparse
import sys
import time
from typing import Final

import msgspec

from provisioning.upgrade import kiosk, packages, source
from provisioning.upgrade.record import Record, Records
from provisioning.upgrade.rules import Choice, Offer, Verdict, Watch, choose

WELL_S: Final = 180.0
LOOK_S: Final = 2.0
ASK_S: Final = 10.0


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="maakhoek-upgrade", description=__doc__)
    parser.add_argument(
        "--well-s", type=float, default=WELL_S, metavar="S", help="so long a new version must run without a break"
    )
    well_s: float = parser.parse_args(arguments).well_s
    try:
        if not source.take_over():
            _say("no repository is known: this kiosk is not enrolled yet")
            return 0
        return _run(Records(), well_s)
    except (packages.PackageError, ValueError) as error:
        print(f"maakhoek-upgrade: {error}", file=sys.stderr)
        return 1


def _run(records: Records, well_s: float) -> int:
    record = records.load()
    if record.under_way:
        return _go_on(records, record, well_s)
    packages.update()
    now, offered = packages.installed(), packages.offered()
    is_newer = bool(offered) and packages.is_newer(offered, now)
    choice = choose(
        Offer(
            version=offered,
            is_newer=is_newer,
            withdrawn=record.withdrawn,
            way_back=is_newer and _can_be_had(now, records),
            is_idle=kiosk.is_idle(),
        )
    )
    _say(f"{now} runs, {offered or 'nothing'} is offered: {choice.value}")
    if choice is not Choice.UPGRADE:
        return int(choice is Choice.NO_WAY_BACK)
    package = packages.fetch(offered, records.folder)
    if not kiosk.is_idle():
        _say(Choice.BUSY.value)
        return 0
    record = msgspec.structs.replace(record, under_way=offered, before=now)
    records.save(record)
    packages.install(package)
    return _prove(records, record, well_s)


def _go_on(records: Records, record: Record, well_s: float) -> int:
    """After a power cut. Idle or not: a kiosk whose files are half old, half new may not even answer."""
    _say(f"going on with {record.under_way}, which was cut off")
    try:
        packages.mend(packages.fetch(record.under_way, records.folder))
    except packages.PackageError as error:
        # The file has not survived, which is not the version's fault: it is fetched anew another time.
        _say(f"{error}; back to {record.before}")
        return _go_back(records, record.before, record.withdrawn, well_s)
    return _prove(records, record, well_s)


def _prove(records: Records, record: Record, well_s: float) -> int:
    """Start the new version and see whether it stays."""
    _restart_when_free()
    if _is_well(record.under_way, well_s):
        _say(f"{record.under_way} is well")
        packages.keep_only(record.under_way, records.folder)
        records.tell_withdrawn("")
        records.save(Record(withdrawn=record.withdrawn))
        return 0
    _say(f"{record.under_way} is not well: back to {record.before}")
    records.tell_withdrawn(record.under_way)
    return _go_back(records, record.before, (*record.withdrawn, record.under_way), well_s)


def _go_back(records: Records, before: str, withdrawn: tuple[str, ...], well_s: float) -> int:
    """To the version before, whatever state the package is in; `withdrawn` is not tried again."""
    packages.mend(packages.fetch(before, records.folder))
    records.save(Record(withdrawn=withdrawn))
    packages.keep_only(before, records.folder)
    _restart_when_free()
    if _is_well(before, well_s):
        _say(f"{before} is well again")
        return 0
    _say(f"{before} is not well either")
    return 1


def _can_be_had(version: str, records: Records) -> bool:
    try:
        packages.fetch(version, records.folder)
    except packages.PackageError as error:
        _say(str(error))
        return False
    return True


def _restart_when_free() -> None:
    """A print that began meanwhile comes first, however long it takes."""
    while not kiosk.may_restart():
        time.sleep(ASK_S)
    kiosk.restart()


def _is_well(version: str, well_s: float) -> bool:
    watch = Watch(version, well_s, time.monotonic())
    while (verdict := watch.see(kiosk.look())) is Verdict.WATCHING:
        time.sleep(LOOK_S)
    return verdict is Verdict.WELL


def _say(what: str) -> None:
    print(f"maakhoek-upgrade: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
