"""Rectangles that are cut into pieces: how screens lay out what they show. Pixels, origin bottom left."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rect:
    """A part of the screen."""

    x: float
    y: float
    w: float
    h: float

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
        return Rect(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def cut_top(self, height: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that height from the top, and the rest below the gap."""
        piece = Rect(self.x, self.y + self.h - height, self.w, height)
        return piece, Rect(self.x, self.y, self.w, self.h - height - gap)

    def cut_bottom(self, height: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that height from the bottom, and the rest above the gap."""
        piece = Rect(self.x, self.y, self.w, height)
        return piece, Rect(self.x, self.y + height + gap, self.w, self.h - height - gap)

    def cut_left(self, width: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that width from the left, and the rest."""
        piece = Rect(self.x, self.y, width, self.h)
        return piece, Rect(self.x + width + gap, self.y, self.w - width - gap, self.h)

    def cut_right(self, width: float, gap: float = 0.0) -> tuple["Rect", "Rect"]:
        """A piece of that width from the right, and the rest."""
        piece = Rect(self.x + self.w - width, self.y, width, self.h)
        return piece, Rect(self.x, self.y, self.w - width - gap, self.h)

    def down_to(self, y: float) -> "Rect":
        """The same top, another bottom."""
        return Rect(self.x, y, self.w, self.y + self.h - y)

    def columns(self, n: int, gap: float = 0.0) -> list["Rect"]:
        """`n` of the same width, from the left."""
        width = (self.w - (n - 1) * gap) / n
        return [Rect(self.x + i * (width + gap), self.y, width, self.h) for i in range(n)]

    def rows(self, n: int, gap: float = 0.0) -> list["Rect"]:
        """`n` of the same height, from the top."""
        height = (self.h - (n - 1) * gap) / n
        return [Rect(self.x, self.y + (n - 1 - i) * (height + gap), self.w, height) for i in range(n)]

    def centred(self, width: float, height: float) -> "Rect":
        """A piece in the middle, not larger than this one."""
        w, h = min(width, self.w), min(height, self.h)
        return Rect(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)
