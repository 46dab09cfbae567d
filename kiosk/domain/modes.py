"""How this visitor wants the screen: larger, sharper, calmer, lower. Frozen data; forgotten with the session."""

import enum
from dataclasses import dataclass, replace


class Contrast(enum.Enum):
    """The colours: the house's own, or 7:1 on a light or on a dark ground."""

    NORMAL = "normal"
    LIGHT = "light"
    NIGHT = "night"


@dataclass(frozen=True)
class Modes:
    """`large`: capitals of 6.1 mm. `still`: nothing moves by itself. `low`: every control in the lower half."""

    large: bool = False
    contrast: Contrast = Contrast.NORMAL
    still: bool = False
    low: bool = False

    def with_contrast(self, wanted: Contrast) -> "Modes":
        """That contrast; the house's own again when it is worn already."""
        return replace(self, contrast=Contrast.NORMAL if self.contrast is wanted else wanted)
