"""Everything that the screen is drawn from."""

from dataclasses import dataclass, field, replace

from kiosk.domain.piece import Piece
from kiosk.domain.session import Session
from kiosk.domain.world import World


@dataclass(frozen=True)
class Model:
    """The whole."""

    world: World
    session: Session = field(default_factory=Session)

    def with_session(self, **changes: object) -> "Model":
        """The same world, the session changed."""
        return replace(self, session=replace(self.session, **changes))  # type: ignore[arg-type]

    def with_world(self, **changes: object) -> "Model":
        """The same session, the world changed."""
        return replace(self, world=replace(self.world, **changes))  # type: ignore[arg-type]

    @property
    def chosen(self) -> Piece | None:
        """What the visitor would print: their own version where it is made, else the collection's."""
        draft = self.session.draft
        if draft and draft.card == self.session.card and draft.made:
            return draft.made
        return self.world.piece(self.session.card)

    @property
    def is_personal(self) -> bool:
        """The chosen piece is the visitor's own."""
        draft = self.session.draft
        return bool(draft and draft.card == self.session.card and draft.made)
