"""The published contract, as somebody reads it who has only the documents."""

import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[2] / "docs" / "contract"


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """Of the schema with that name."""
    return Draft202012Validator(json.loads((FOLDER / f"{name}.json").read_text()))


def complaints(leaf: str, content: Any) -> list[str]:
    """What is wrong with a message by its schema. `leaf`: the topic behind the kiosk's id; None: no payload."""
    topic = leaf.partition("/")[0]
    if topic == "alert" and content is None:
        return []
    return [f"{leaf}: {error.json_path}: {error.message}" for error in validator(topic).iter_errors(content)]
