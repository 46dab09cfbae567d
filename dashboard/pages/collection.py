"""The region's copy of the collection: the title and the picture of each model. Without one, pages do without."""

import functools
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import get_language

log = logging.getLogger(__name__)

INDEX: Final = "collection.json"


@dataclass(frozen=True)
class Model:
    """`titles` by language; `picture` is lit and without colour, None where there is none."""

    titles: dict[str, str]
    picture: Path | None


def model(card: str) -> Model | None:
    """None where the region's collection does not have it."""
    folder = settings.CONFIG.collection
    if folder is None:
        return None
    path = Path(folder) / INDEX
    try:
        return _models(path, path.stat().st_mtime_ns).get(card)
    except OSError:
        return None


def title(card: str) -> str:
    """In the language of the page, else in Dutch; '' where nobody knows."""
    known = model(card)
    return (known.titles.get(get_language() or "", "") or known.titles.get("nl", "")) if known else ""


@functools.lru_cache(maxsize=2)
def _models(path: Path, _changed_ns: int) -> dict[str, Model]:
    """A new build of the collection is read again."""
    try:
        entries = json.loads(path.read_bytes())["entries"]
        return {entry["card"]["id"]: _model(path.parent, entry) for entry in entries}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("`collection`: %s: cannot be read: %s", path, error)
        return {}


def _model(folder: Path, entry: dict[str, Any]) -> Model:
    titles = {str(language): str(text) for language, text in entry["card"]["title"].items()}
    picture = (folder / entry["picture"]).resolve()
    inside = picture.is_relative_to(folder.resolve()) and picture.is_file()
    return Model(titles, picture if inside else None)
