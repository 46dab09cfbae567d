"""A 3D scene in a frame buffer of its own, drawn only when something in it changed."""

import math
from collections.abc import Iterable
from pathlib import Path

from kivy.clock import Clock
from kivy.core.window import Window  # noqa: F401  its import makes the GL context that Fbo and shaders need
from kivy.graphics import Callback, ClearBuffers, ClearColor, Fbo, Mesh, RenderContext
from kivy.graphics.opengl import GL_CULL_FACE, GL_DEPTH_TEST, glDisable, glEnable
from kivy.graphics.transformation import Matrix

from kiosk.domain.colour import Rgb
from kiosk.ui.widgets.camera import FIELD_OF_VIEW, Camera, Subject
from kiosk.ui.widgets.meshes import FORMAT, Chunk

SHADER = Path(__file__).with_name("model.glsl")
LEAST_LAYER_PX = 2.4
MAX_PIXELS = 6_000_000
"""Edges are smoothed by drawing at twice the size, up to this."""


class ShaderError(RuntimeError):
    """The GPU's driver refused the shader."""


class Part:
    """Some chunks in one colour. `turned_over`: shown upside down, within the subject's height.

    `layer_mm`: it has the grooves of so high layers, or of several together where they could not be seen.
    """

    def __init__(self, colour: Rgb, lit: bool) -> None:
        self.context = RenderContext(
            use_parent_projection=False, use_parent_modelview=False, use_parent_frag_modelview=False
        )
        # Both shaders must be swapped in one step: alone, neither links with Kivy's own other half.
        self.context.shader.source = str(SHADER)
        if not self.context.shader.success:
            raise ShaderError(f"{SHADER.name} does not compile on this GPU")
        self.context["lit"] = float(lit)
        self.context["footprint"] = (0.0, 0.0, 0.0, 0.0)
        self.context["layer_mm"] = 0.0
        self.turned_over = False
        self.layer_mm = 0.0
        self._meshes: list[Mesh] = []
        self._chunks: tuple[Chunk, ...] = ()
        self.paint(colour)

    def paint(self, colour: Rgb) -> None:
        """In another colour."""
        self.context["base_color"] = (*colour, 1.0)

    def cast(self, subject: tuple[float, float, float, float]) -> None:
        """The shadow of something with that centre (x, y) and half size falls on this part."""
        # Kivy takes whole numbers for an ivec4.
        self.context["footprint"] = tuple(float(number) for number in subject)

    def show(self, chunks: Iterable[Chunk]) -> None:
        """Replace what it consists of."""
        self._chunks = tuple(chunks)
        self.context.clear()
        with self.context:
            self._meshes = [
                Mesh(vertices=c.vertices, indices=c.indices, fmt=FORMAT, mode="triangles") for c in self._chunks
            ]

    @property
    def is_something(self) -> bool:
        """There is something to draw."""
        return bool(self._chunks)

    def clear(self) -> None:
        """Give its memory back."""
        self.show(())

    def limit(self, counts: list[int]) -> None:
        """Draw only so many indices of each chunk."""
        for mesh, chunk, count in zip(self._meshes, self._chunks, counts, strict=True):
            if len(mesh.indices) != count:
                mesh.indices = chunk.indices[:count]


class Scene:
    """Parts, a camera, and the texture that they are drawn on. `renders` counts how often it was drawn."""

    def __init__(self, ground: Rgb) -> None:
        self.fbo = Fbo(size=(8, 8), with_depthbuffer=True)
        self.fbo.texture.min_filter = "linear"
        self.camera = Camera()
        self.subject = Subject(0, 0, 10, 10)
        self.renders = 0
        self._parts: list[Part] = []
        self._size = (8.0, 8.0)
        with self.fbo:
            self._clear = ClearColor(*ground, 1)
            ClearBuffers(clear_depth=True)
            Callback(self._depth_on)
        self._depth_off = Callback(self._no_depth)
        self.fbo.add(self._depth_off)
        self._draw_soon = Clock.create_trigger(self._draw, -1)

    def add(self, part: Part) -> Part:
        """Another part, drawn after those that are there."""
        self.fbo.remove(self._depth_off)
        self.fbo.add(part.context)
        self.fbo.add(self._depth_off)
        self._parts.append(part)
        return part

    def draw_only(self, part: Part, shown: bool) -> None:
        """Whether that part is drawn now."""
        if shown == (part.context in self.fbo.children):
            return
        if shown:
            self.fbo.remove(self._depth_off)
            self.fbo.add(part.context)
            self.fbo.add(self._depth_off)
        else:
            self.fbo.remove(part.context)
        self.redraw()

    def resize(self, width: float, height: float, sharp: bool) -> None:
        """To a view of that many pixels; `sharp` smooths edges and costs four times the pixels."""
        scale = 2 if sharp and width * height * 4 <= MAX_PIXELS else 1
        size = (max(8, int(width * scale)), max(8, int(height * scale)))
        self._size = (width, height)
        if tuple(self.fbo.size) != size:
            self.fbo.size = size
            self.fbo.texture.min_filter = "linear"
        self.redraw()

    def shrink(self) -> None:
        """Give the frame buffer's memory back."""
        self.fbo.size = (8, 8)

    def redraw(self) -> None:
        """Before the next frame."""
        self._draw_soon()

    def _draw(self, *_: object) -> None:
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
        for part in self._parts:
            if part.layer_mm:
                together = math.ceil(LEAST_LAYER_PX / (part.layer_mm * px_per_mm))
                part.context["layer_mm"] = float(part.layer_mm * together)
            part.context["projection_mat"] = projection
            part.context["modelview_mat"] = view.multiply(over) if part.turned_over else view
        self.fbo.ask_update()

    def _depth_on(self, *_: object) -> None:
        # All packs and shapes are closed or seen from above: their backs need not be drawn.
        glEnable(GL_DEPTH_TEST)
        glEnable(GL_CULL_FACE)
        self.renders += 1

    def _no_depth(self, *_: object) -> None:
        glDisable(GL_CULL_FACE)
        glDisable(GL_DEPTH_TEST)
