"""A built model, as the collection or the slicing worker hands it over."""

from dataclasses import dataclass
from pathlib import Path

from catalogue.cards import Card, Entry, PrintFacts
from firmware_bridge.contract import Info


@dataclass(frozen=True)
class Piece:
    """A built model: one of the collection, or the visitor's own. Paths of the entry are relative to `folder`."""

    entry: Entry
    folder: Path

    @property
    def card(self) -> Card:
        """What it is a model of."""
        return self.entry.card

    @property
    def picture(self) -> Path:
        """Light and shade, white on transparent."""
        return self.folder / self.entry.picture

    @property
    def mesh(self) -> Path:
        """A MeshPack."""
        return self.folder / self.entry.mesh

    def print_for(self, info: Info | None) -> PrintFacts | None:
        """How it prints on the printer that stands here, if it was made for that."""
        return self.entry.prints.get(info.profile) if info else None
