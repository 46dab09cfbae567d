"""Finding the models of the collection and running their generators."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.cards import Card, CardError, read_card

if TYPE_CHECKING:
    import trimesh

MODELS = Path(__file__).parent / "models"
ORDER = ("sleutelhanger", "bibkat", "tol", "munt", "vaas", "belfort", "hanger", "braille", "tangram", "uil")
"""How the collection is shown; what is not named here follows by its id."""

Values = Mapping[str, str]
Generator = Callable[[Values], "trimesh.Trimesh"]


@dataclass(frozen=True)
class Model:
    """A card and where it stands."""

    card: Card
    folder: Path

    @property
    def example_values(self) -> dict[str, str]:
        """What the collection's own picture shows."""
        return {parameter.id: parameter.example for parameter in self.card.parameters}

    def generator(self) -> Generator:
        """Its pure function from values to a mesh in mm that stands on z = 0, centred.

        Raises CardError where generator.py has no `shape`.
        """
        path = self.folder / "generator.py"
        spec = importlib.util.spec_from_file_location(f"catalogue.models.{self.card.id}.generator", path)
        if spec is None or spec.loader is None or not path.is_file():
            raise CardError(f"{path}: not there; a model is a card.toml with a generator.py beside it")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if not callable(getattr(module, "shape", None)):
            raise CardError(f"{path}: it should have a function `shape(values)`")
        shape: Generator = module.shape
        return shape


def card_ids(models: Path = MODELS) -> tuple[str, ...]:
    """All cards, in the order in which they are shown."""
    ids = {path.parent.name for path in models.glob("*/card.toml")}
    return tuple(
        sorted(ids, key=lambda card_id: (ORDER.index(card_id) if card_id in ORDER else len(ORDER), card_id))
    )


def load_model(card_id: str, models: Path = MODELS) -> Model:
    """Raises CardError, naming what there is."""
    if card_id not in card_ids(models):
        raise CardError(f"there is no card '{card_id}'; there are: {', '.join(card_ids(models))}")
    folder = models / card_id
    return Model(read_card(folder / "card.toml"), folder)
