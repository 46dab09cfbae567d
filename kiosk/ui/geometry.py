"""Rectangles that are cut into pieces: how screens lay out what they show. Pixels, origin bottom left.

In a rectangle that is `rtl`, "left" is where reading starts: the right. A screen that only cuts is mirrored so.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Rect:
    """A part of the screen."""

    x: float
    y: float
    w: float
    h: float
    rtl: bool = False

    @property
    def pos(self) -> tuple[float, float]:
        """Bottom left."""
        return self.x, self.y

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.w, self.h

    def inset(self, dx: float, dy: float | None = None) -> "Rect":
        """Smaller on all sides."""
        dy = dx if dy is None else dy
        return replace(self, x=self.x + dx, y=self.y + dy, w=self.w - 2 * dx, h=self.h - 2 * dy)

    def cut_top(self, height: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that height from the top, and the rest below the gap."""
        piece = replace(self, y=self.y + self.h - height, h=height)
        return piece, replace(self, h=self.h - height - gap)

    def cut_bottom(self, height: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that height from the bottom, and the rest above the gap."""
        return replace(self, h=height), replace(self, y=self.y + height + gap, h=self.h - height - gap)

    def cut_left(self, width: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that width from where reading starts, and the rest."""
        return self._from_right(width, gap) if self.rtl else self._from_left(width, gap)

    def cut_right(self, width: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that width from where reading ends, and the rest."""
        return self._from_left(width, gap) if self.rtl else self._from_right(width, gap)

    def down_to(self, y: float) -> "Rect":
        """The same top, another bottom."""
        return replace(self, y=y, h=self.y + self.h - y)

    def columns(self, n: int, gap: float = 0.0) -> list["Rect"]:
        """`n` of the same width, from where reading starts."""
        width = (self.w - (n - 1) * gap) / n
        spots = [replace(self, x=self.x + i * (width + gap), w=width) for i in range(n)]
        return spots[::-1] if self.rtl else spots

    def rows(self, n: int, gap: float = 0.0) -> list["Rect"]:
        """`n` of the same height, from the top."""
        height = (self.h - (n - 1) * gap) / n
        return [replace(self, y=self.y + (n - 1 - i) * (height + gap), h=height) for i in range(n)]

    def centred(self, width: float, height: float) -> "Rect":
        """A piece in the middle, not larger than this one."""
        w, h = min(width, self.w), min(height, self.h)
        return replace(self, x=self.x + (self.w - w) / 2, y=self.y + (self.h - h) / 2, w=w, h=h)

    def _from_left(self, width: float, gap: float) -> tuple["Rect", "Rect"]:
        return replace(self, w=width), replace(self, x=self.x + width + gap, w=self.w - width - gap)

    def _from_right(self, width: float, gap: float) -> tuple["Rect", "Rect"]:
        return replace(self, x=self.x + self.w - width, w=width), replace(self, w=self.w - width - gap)
