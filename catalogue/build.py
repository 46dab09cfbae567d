"""Building the collection: only what has changed, each card whole or not at all."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec

from catalogue import making
from catalogue.cards import CardError, Collection, Entry, PrintFacts
from catalogue.lettering import FontMissingError
from catalogue.library import MODELS, Model, card_ids, load_model
from catalogue.slicing.bundle import flatten
from catalogue.slicing.errors import SlicingError
from catalogue.slicing.slicer import slicer_identity
from firmware_bridge.profile import Profile, load_profile

VERSION = 1
PICTURES = "pictures"
_STAMP = "stamp.json"
_LIBRARIES = ("numpy", "shapely", "trimesh", "mapbox-earcut", "fonttools", "pillow")
_PACKAGE = Path(__file__).parent
_SLICING_SOURCES = (_PACKAGE / "slicing", _PACKAGE / "making.py", _PACKAGE / "quality.py", _PACKAGE / "packs.py")

Report = Callable[[str], None]


class Stamp(msgspec.Struct, frozen=True):
    """What a built card was made from, beside its files."""

    shape: str
    prints: dict[str, str]
    entry: Entry


@dataclass(frozen=True)
class Outcome:
    """`seconds` by card, 0 for what was up to date. `failures`: why, by card."""

    entries: tuple[Entry, ...]
    seconds: Mapping[str, float]
    failures: Mapping[str, str]


def build(
    out: Path, profiles: Sequence[str], cards: Sequence[str], jobs: int, report: Report, models: Path = MODELS
) -> Outcome:
    """Bring `cards` up to date for `profiles` in `out`; the other cards that are there stay as they are.

    Raises SlicerMissingError, CardError and ProfileError where nothing can be built at all.
    """
    slicer_identity()
    wanted = [load_profile(profile) for profile in profiles]
    chosen = [load_model(card, models) for card in cards]
    out.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    failures: dict[str, str] = {}

    def one(model: Model) -> None:
        begun = time.monotonic()
        try:
            changed = _build_card(model, wanted, out, report)
        except (making.FaultyError, SlicingError, CardError, FontMissingError) as error:
            failures[model.card.id] = str(error)
        except Exception as error:  # a generator is anybody's code: its fault is its card's alone
            failures[model.card.id] = _where(error)
        else:
            seconds[model.card.id] = round(time.monotonic() - begun, 2) if changed else 0.0
            report(f"{model.card.id}: {f'done in {seconds[model.card.id]:.1f} s' if changed else 'up to date'}")
            return
        report(f"{model.card.id}: FAILED: {failures[model.card.id]}")

    with _locked(out):
        _build_pictures(out, report)
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            list(pool.map(one, chosen))
        entries = _entries(out, models, without=failures)
        collection = msgspec.json.format(msgspec.json.encode(Collection(VERSION, entries)), indent=1)
        _replace_file(out / "collection.json", collection)
    return Outcome(entries, seconds, failures)


def _build_card(model: Model, profiles: Sequence[Profile], out: Path, report: Report) -> bool:
    """True where something had to be made."""
    card = model.card
    folder = out / card.id
    old = _read_stamp(folder)
    shape_key = _shape_key(model)
    shape_is_new = old is None or old.shape != shape_key or old.entry.card != card
    with tempfile.TemporaryDirectory(prefix=f".{card.id}-", dir=out) as scratch:
        new = Path(scratch) / card.id
        new.mkdir()
        if old is None or shape_is_new:
            report(f"{card.id}: mesh and picture")
            shape = making.make_shape(model, model.example_values)
            making.write_shape(shape, new)
            making.write_picture(shape, card, new)
            size = shape.size_mm
        else:
            size = old.entry.size_mm
            for name in (making.STL, making.PACK, making.PICTURE):
                os.link(folder / name, new / name)
        keys, prints, changed = _prints(card.id, new, folder, old, profiles, report)
        if not (shape_is_new or changed):
            return False
        entry = Entry(
            card=card,
            picture=f"{card.id}/{making.PICTURE}",
            mesh=f"{card.id}/{making.PACK}",
            size_mm=size,
            prints={profile: _moved(facts, f"{card.id}/{profile}") for profile, facts in prints.items()},
        )
        (new / _STAMP).write_bytes(msgspec.json.encode(Stamp(shape_key, keys, entry)))
        _replace_folder(new, folder)
    return True


def _prints(
    card: str, new: Path, folder: Path, old: Stamp | None, profiles: Sequence[Profile], report: Report
) -> tuple[dict[str, str], dict[str, PrintFacts], bool]:
    """Keys and facts by profile; True where a profile was sliced or fell away.

    A profile that is not asked for now is kept as long as it would come out the same.
    """
    mesh_hash = hashlib.sha256((new / making.STL).read_bytes()).hexdigest()
    asked = {profile.id: profile for profile in profiles}
    known = {profile_id: load_profile(profile_id) for profile_id in (old.prints if old else ())} | asked
    keys: dict[str, str] = {}
    prints: dict[str, PrintFacts] = {}
    changed = False
    for profile_id, profile in known.items():
        key = _print_key(mesh_hash, profile)
        if old and old.prints.get(profile_id) == key:
            shutil.copytree(folder / profile_id, new / profile_id, copy_function=os.link)
            facts = old.entry.prints[profile_id]
            prints[profile_id] = msgspec.structs.replace(facts, gcode=making.GCODE, toolpath=making.TOOLPATH)
        elif profile_id in asked:
            report(f"{card}: slicing for {profile_id}")
            (new / profile_id).mkdir()
            prints[profile_id] = making.make_print(new / making.STL, profile, new / profile_id)
            changed = True
        else:
            changed = True
            continue
        keys[profile_id] = key
    return keys, prints, changed


def _where(error: Exception) -> str:
    """The error and the line that raised it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.filename}, line {frame.lineno})"


def _moved(facts: PrintFacts, folder: str) -> PrintFacts:
    """The same, its files beneath `folder`."""
    return msgspec.structs.replace(facts, gcode=f"{folder}/{facts.gcode}", toolpath=f"{folder}/{facts.toolpath}")


def _build_pictures(out: Path, report: Report) -> None:
    """Pictures and meshes that are no card's."""
    folder = out / PICTURES
    sources = (*sorted((_PACKAGE / "pictures").glob("*.py")), _PACKAGE / "implicit.py", _PACKAGE / "solids.py")
    key = _hash_of(*sources, _PACKAGE / "meshpack.py")
    with contextlib.suppress(OSError):
        if (folder / _STAMP).read_text() == key:
            return
    from catalogue.pictures.general import write_pictures

    report("pictures: the printer, a coin, a hand, animals")
    with tempfile.TemporaryDirectory(prefix=f".{PICTURES}-", dir=out) as scratch:
        new = Path(scratch) / PICTURES
        new.mkdir()
        write_pictures(new)
        (new / _STAMP).write_text(key)
        _replace_folder(new, folder)


def _entries(out: Path, models: Path, without: Mapping[str, str]) -> tuple[Entry, ...]:
    stamps = (_read_stamp(out / card) for card in card_ids(models) if card not in without)
    return tuple(stamp.entry for stamp in stamps if stamp is not None)


def _read_stamp(folder: Path) -> Stamp | None:
    """None where nothing whole is there."""
    try:
        stamp = msgspec.json.decode((folder / _STAMP).read_bytes(), type=Stamp)
    except (OSError, msgspec.MsgspecError):
        return None
    entry = stamp.entry
    files = [entry.picture, entry.mesh, f"{entry.card.id}/{making.STL}"]
    files += [file for facts in entry.prints.values() for file in (facts.gcode, facts.toolpath)]
    return stamp if all((folder.parent / file).is_file() for file in files) else None


def _shape_key(model: Model) -> str:
    """Of all that decides mesh, pack and picture: the model's folder, our own code but the slicing, libraries."""
    sources = [path for path in sorted(_PACKAGE.glob("*.py")) if path not in _SLICING_SOURCES]
    versions = " ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    return _hash_of(model.folder, *sources, _PACKAGE / "pictures", extra=versions)


def _version(library: str) -> str:
    """A distribution may leave the metadata out."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "unknown"


def _print_key(mesh_hash: str, profile: Profile) -> str:
    """Of all that decides a print."""
    told = msgspec.json.encode(profile.volume).decode() + msgspec.json.encode(profile.caps).decode()
    return _hash_of(*_SLICING_SOURCES, extra=mesh_hash + slicer_identity() + told + flatten(profile.slicer))


def _hash_of(*paths: Path, extra: str = "") -> str:
    """Of the content of files, and of folders' sources and cards."""
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".py", ".toml"))
        for file in files:
            digest.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _replace_folder(new: Path, folder: Path) -> None:
    """`new` takes the place of `folder`; a reader finds the old one or the new one, but for one instant."""
    if folder.exists():
        folder.rename(new.parent / "old")
    new.rename(folder)


def _replace_file(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_bytes(content)
    temporary.replace(path)


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Two builds into one folder go one after the other."""
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
