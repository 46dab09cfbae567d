"""A 3D scene, drawn only when something in it changed: at once and plainly, or in steps and sharply."""

import enum
import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kivy.core.window import Window  # noqa: F401  its import makes the GL context that Fbo and shaders need
from kivy.graphics import (
    Callback,
    ChangeState,
    ClearBuffers,
    ClearColor,
    Color,
    Fbo,
    Mesh,
    Rectangle,
    RenderContext,
)
from kivy.graphics.instructions import Instruction
from kivy.graphics.opengl import GL_CULL_FACE, GL_DEPTH_TEST, glDisable, glEnable, glFlush
from kivy.graphics.texture import Texture
from kivy.graphics.transformation import Matrix

from kiosk.domain.colour import Rgb
from kiosk.ui.widgets.camera import FIELD_OF_VIEW, Camera, Subject
from kiosk.ui.widgets.meshes import FORMAT, Chunk, TubeChunk

SHADER = Path(__file__).with_name("model.glsl")
LEAST_LAYER_PX = 2.4
MAX_PIXELS = 6_000_000
"""Edges are smoothed by drawing at twice the size, up to this."""
STEP_TRIANGLES = 25_000
"""What one step of the sharp picture draws: no more than fits between two frames."""


class ShaderError(RuntimeError):
    """The GPU's driver refused the shader."""


@dataclass(frozen=True)
class Aim:
    """A camera as the shader needs it; `turned_over` for what is shown upside down."""

    projection: Matrix
    upright: Matrix
    turned_over: Matrix
    px_per_mm: float


@functools.cache
def shading() -> RenderContext:
    """The one program that draws everything in 3D: a driver needs time and megabytes for each."""
    context = RenderContext(
        use_parent_projection=False, use_parent_modelview=False, use_parent_frag_modelview=False
    )
    # Both shaders must be swapped in one step: alone, neither links with Kivy's own other half.
    context.shader.source = str(SHADER)
    if not context.shader.success:
        raise ShaderError(f"{SHADER.name} does not compile on this GPU")
    return context


class When(enum.Enum):
    """In which of the two pictures a part is."""

    ALWAYS = "always"
    MOVING = "moving"
    RESTING = "resting"


class DrawCall:
    """A chunk as the GPU gets it, made when it is first drawn. `count` is how many of its indices are drawn."""

    def __init__(self, chunk: Chunk | TubeChunk) -> None:
        self.count = chunk.count
        self._chunk = chunk
        self._mesh: Mesh | None = None

    @property
    def triangles(self) -> int:
        """That are drawn."""
        return self.count // 3

    @property
    def is_new(self) -> bool:
        """The GPU does not have it yet."""
        return self._mesh is None

    def mesh(self) -> Mesh:
        """To draw now."""
        indices = self._chunk.indices[: self.count]
        if self._mesh is None:
            self._mesh = Mesh(vertices=self._chunk.vertices, indices=indices, fmt=FORMAT, mode="triangles")
        elif len(self._mesh.indices) != self.count:
            self._mesh.indices = indices
        return self._mesh


class Part:
    """Some chunks in one colour. `turned_over`: shown upside down, within the subject's height.

    `layer_mm`: it has the grooves of so high layers, or of several together where they could not be seen.
    """

    def __init__(self, colour: Rgb, lit: bool, when: When = When.ALWAYS) -> None:
        self.when = when
        self.turned_over = False
        self.layer_mm = 0.0
        self._lit = float(lit)
        self._footprint: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
        self._calls: list[DrawCall] = []
        self.paint(colour)

    def paint(self, colour: Rgb) -> None:
        """In another colour."""
        self._colour = (*colour, 1.0)

    def cast(self, subject: tuple[float, float, float, float]) -> None:
        """The shadow of something with that centre (x, y) and half size falls on this part."""
        # Kivy takes whole numbers for an ivec4.
        self._footprint = tuple(float(number) for number in subject)

    def state(self, aim: Aim) -> ChangeState:
        """What the shader must know of it, seen from there."""
        layer_mm = 0.0
        if self.layer_mm:
            layer_mm = self.layer_mm * math.ceil(LEAST_LAYER_PX / (self.layer_mm * aim.px_per_mm))
        return ChangeState(
            base_color=self._colour,
            lit=self._lit,
            footprint=self._footprint,
            layer_mm=layer_mm,
            projection_mat=aim.projection,
            modelview_mat=aim.turned_over if self.turned_over else aim.upright,
        )

    def show(self, chunks: Iterable[Chunk | TubeChunk]) -> None:
        """Replace what it consists of."""
        self._calls = [DrawCall(chunk) for chunk in chunks]

    @property
    def calls(self) -> Sequence[DrawCall]:
        """What is drawn of it."""
        return [call for call in self._calls if call.count]

    def clear(self) -> None:
        """Give its memory back."""
        self.show(())

    def limit(self, counts: Sequence[int]) -> None:
        """Draw only so many indices of each chunk."""
        for call, count in zip(self._calls, counts, strict=True):
            call.count = count


Batch = dict[Part, list[DrawCall]]


class Buffer:
    """A frame buffer with depth. What is drawn in it stays until it is drawn afresh."""

    def __init__(self, ground: Rgb) -> None:
        self.fbo = Fbo(size=(8, 8), with_depthbuffer=True)
        self.fbo.texture.min_filter = "linear"
        self._afresh = (ClearColor(*ground, 1), ClearBuffers(clear_depth=True))
        self._depth_on, self._depth_off = Callback(_depth), Callback(_no_depth)

    def resize(self, width: float, height: float) -> None:
        """To so many pixels."""
        size = (max(8, int(width)), max(8, int(height)))
        if tuple(self.fbo.size) != size:
            self.fbo.size = size
            self.fbo.texture.min_filter = "linear"

    def shrink(self) -> None:
        """Give its memory back."""
        self.resize(8, 8)

    def draw(self, batch: Batch, aim: Aim, afresh: bool) -> None:
        """Now: over what was there, or `afresh`."""
        context = shading()
        for part, calls in batch.items():
            context.add(part.state(aim))
            for call in calls:
                context.add(call.mesh())
        self._run((*(self._afresh if afresh else ()), self._depth_on, context, self._depth_off))
        context.clear()

    def take(self, texture: Texture) -> None:
        """Now: that picture, over all of it."""
        self._run((Color(1, 1, 1, 1), Rectangle(texture=texture, size=self.fbo.size)))

    def _run(self, instructions: Iterable[Instruction]) -> None:
        for instruction in instructions:
            self.fbo.add(instruction)
        self.fbo.ask_update()
        self.fbo.draw()
        self.fbo.clear()
        # Else all steps would be left to the last one.
        glFlush()


class Scene:
    """Parts, a camera, and the texture that they are drawn on. `renders` counts how often it was drawn."""

    def __init__(self, ground: Rgb) -> None:
        self.camera = Camera()
        self.subject = Subject(0, 0, 10, 10)
        self.renders = 0
        self.is_sharp = False
        self._shown, self._fine = Buffer(ground), Buffer(ground)
        self._parts: list[Part] = []
        self._size = (8.0, 8.0)
        self._steps: Iterator[None] | None = None

    @property
    def fbo(self) -> Fbo:
        """What is shown."""
        return self._shown.fbo

    def add(self, part: Part) -> Part:
        """Another part, drawn after those that are there."""
        self._parts.append(part)
        return part

    def resize(self, width: float, height: float) -> None:
        """To a view of that many pixels; draw it afterwards."""
        self._size = (width, height)
        self._shown.resize(width, height)
        self._stop()

    def shrink(self) -> None:
        """Give the frame buffers' memory back."""
        self._stop()
        self._shown.shrink()

    def draw(self) -> None:
        """At once, as it is while it moves; of what the GPU does not have yet only as much as one step."""
        self._stop()
        self.is_sharp = False
        self._shown.draw(self._at_hand(), self._aim(), afresh=True)
        self.renders += 1

    def _at_hand(self) -> Batch:
        batch: Batch = {}
        fresh = 0
        for part in self._of(When.MOVING):
            for call in part.calls:
                if call.is_new:
                    fresh += call.triangles
                    if fresh > STEP_TRIANGLES:
                        return batch
                batch.setdefault(part, []).append(call)
        return batch

    @property
    def begins(self) -> bool:
        """The next step of the sharp picture is its first."""
        return self._steps is None

    def refine(self) -> bool:
        """One step of the sharp picture; True: now it is shown. Where the camera moves meanwhile, `draw`."""
        if self._steps is None:
            self._steps = self._refined()
        if next(self._steps, self) is not self:
            return False
        self._stop()
        return True

    def _refined(self) -> Iterator[None]:
        width, height = self._size
        scale = 2 if width * height * 4 <= MAX_PIXELS else 1
        self._fine.resize(width * scale, height * scale)
        aim = self._aim()
        batches = list(_batches(self._of(When.RESTING)))
        for number, batch in enumerate(batches):
            self._fine.draw(batch, aim, afresh=number == 0)
            yield
        self._shown.take(self._fine.fbo.texture)
        self.is_sharp = True
        self.renders += 1

    def _stop(self) -> None:
        self._steps = None
        self._fine.shrink()

    def _of(self, when: When) -> list[Part]:
        return [part for part in self._parts if part.when in (When.ALWAYS, when)]

    def _aim(self) -> Aim:
        aspect = self._size[0] / max(1.0, self._size[1])
        camera, subject = self.camera, self.subject
        distance = camera.distance(subject, aspect)
        reach = subject.radius + subject.height
        near, far = max(distance - 2 * reach, distance * 0.02), distance + 3 * reach
        top = near * math.tan(FIELD_OF_VIEW / 2)
        projection = Matrix().view_clip(-top * aspect, top * aspect, -top, top, near, far, 1)
        view = Matrix().translate(-subject.x, -subject.y, -subject.height / 2)
        view = Matrix().rotate(math.radians(camera.yaw), 0, 0, 1).multiply(view)
        view = Matrix().rotate(math.radians(camera.pitch), 1, 0, 0).multiply(view)
        view = Matrix().translate(0, 0, -distance).multiply(view)
        over = Matrix().rotate(math.pi, 1, 0, 0)
        over = Matrix().translate(0, 0, subject.height).multiply(over)
        px_per_mm = self._size[1] / (2 * distance * math.tan(FIELD_OF_VIEW / 2))
        return Aim(projection, view, view.multiply(over), px_per_mm)


def _batches(parts: Iterable[Part]) -> Iterator[Batch]:
    """All draw calls in their order, in steps of no more than STEP_TRIANGLES; at least one."""
    batch: Batch = {}
    triangles = 0
    for part in parts:
        for call in part.calls:
            if batch and triangles + call.triangles > STEP_TRIANGLES:
                yield batch
                batch, triangles = {}, 0
            batch.setdefault(part, []).append(call)
            triangles += call.triangles
    yield batch


def _depth(*_: object) -> None:
    # All packs and shapes are closed or seen from above: their backs need not be drawn.
    glEnable(GL_DEPTH_TEST)
    glEnable(GL_CULL_FACE)


def _no_depth(*_: object) -> None:
    glDisable(GL_CULL_FACE)
    glDisable(GL_DEPTH_TEST)
