"""The folder with the published contract: written, and compared with what it should be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from firmware_bridge.published.asyncapi import document
from firmware_bridge.published.messages import MESSAGES
from firmware_bridge.published.schemas import schemas

EXAMPLES: Final = "examples"
"""Written by hand, `NAME.json` or `NAME-what.json`: what a message once was must be read for ever."""


def contents(folder: Path) -> dict[str, str]:
    """Every generated file by its name, as it should be; the examples are those of `folder`."""
    found = {m.name: [example for _, example in examples(folder, m.name)] for m in MESSAGES}
    documents = {f"{name}.json": schema for name, schema in schemas().items()}
    documents["asyncapi.json"] = document(found)
    return {name: _text(value) for name, value in documents.items()}


def examples(folder: Path, message: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """File name and content of each example of a message. Raises ValueError where one is not JSON."""
    for path in sorted((folder / EXAMPLES).glob(f"{message}*.json")):
        if path.stem.partition("-")[0] == message:
            yield path.name, json.loads(path.read_text(encoding="utf-8"))


def write(folder: Path) -> list[str]:
    """Write all files; the names of those that were not up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    stale = outdated(folder)
    for name in stale:
        (folder / name).write_text(contents(folder)[name], encoding="utf-8")
    return stale


def outdated(folder: Path) -> list[str]:
    """The names of the files that differ from the contract, or are missing."""
    return [
        name
        for name, text in contents(folder).items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _text(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
