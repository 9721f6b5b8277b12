"""Scenes of the shapes dataset: their content, rendering and captions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from painting.images import FloatArray, UInt8Array

SHAPE_COLORS: dict[str, tuple[int, int, int]] = {
    "red": (214, 40, 40),
    "orange": (247, 140, 20),
    "yellow": (255, 220, 40),
    "green": (40, 160, 70),
    "blue": (40, 80, 220),
    "purple": (125, 35, 145),
    "pink": (255, 150, 195),
    "white": (250, 250, 250),
}
BACKGROUND_COLORS: dict[str, tuple[int, int, int]] = {
    "black": (15, 15, 15),
    "gray": (128, 128, 128),
    "white": SHAPE_COLORS["white"],
    "blue": SHAPE_COLORS["blue"],
}
SHAPE_RADII = {"small": 0.20, "medium": 0.28, "large": 0.38}
"""The shapes' outer radius as a share of the picture's side."""
MAX_CENTER_OFFSET = 0.10
"""How far a shape's centre lies from the picture's at most, along each axis, as a share of the side."""

Plane = npt.NDArray[Any]


def _circle(x: Plane, y: Plane) -> Plane:
    return np.hypot(x, y) - 1


def _ring(x: Plane, y: Plane) -> Plane:
    distance: Plane = np.abs(np.hypot(x, y) - 0.76) - 0.24
    return distance


def _square(x: Plane, y: Plane) -> Plane:
    distance: Plane = np.maximum(np.abs(x), np.abs(y)) - 0.86
    return distance


def _triangle(x: Plane, y: Plane) -> Plane:
    """Equilateral triangle, moved down from its centroid so that it fills the same square as the others."""
    y = y - np.float32(0.25)
    sides = np.abs(x) * np.float32(np.cos(np.pi / 6)) - y * np.float32(0.5)
    distance: Plane = np.maximum(sides, y) - np.float32(0.55)
    return distance


def _cross(x: Plane, y: Plane) -> Plane:
    longer = np.maximum(np.abs(x), np.abs(y))
    shorter = np.minimum(np.abs(x), np.abs(y))
    distance: Plane = np.maximum(longer - 1, shorter - 0.32)
    return distance


def _star(x: Plane, y: Plane) -> Plane:
    """Five-pointed star: the plane is folded into half a point, whose edge is then one straight line."""
    tip = 1.05  # radius of the points
    notch = 0.48  # radius between them
    fold = np.pi / 5  # half of a point's angle
    angle = np.abs(np.mod(np.arctan2(x, -y) + fold, 2 * fold) - fold)
    radius = np.hypot(x, y)
    along = radius * np.cos(angle)
    across = radius * np.sin(angle)
    # From the tip to the notch; the cross product with it, over its length, is the distance from that line.
    edge_x = notch * np.cos(fold) - tip
    edge_y = notch * np.sin(fold)
    length = np.hypot(edge_x, edge_y)
    distance: Plane = ((along - tip) * edge_y - across * edge_x) / length
    return distance


SHAPE_DISTANCES: dict[str, Callable[[Plane, Plane], Plane]] = {
    "circle": _circle,
    "square": _square,
    "triangle": _triangle,
    "star": _star,
    "cross": _cross,
    "ring": _ring,
}
"""Signed distance from each shape's edge at (x, y), inside negative, for radius 1; y points down."""

UNSEEN_PAIRS: tuple[tuple[str, str], ...] = (
    ("red", "star"),
    ("orange", "square"),
    ("yellow", "circle"),
    ("green", "ring"),
    ("blue", "triangle"),
    ("purple", "cross"),
    ("pink", "square"),
    ("white", "star"),
)
"""(colour, shape) pairs held out of training: one of each colour, at most two of each shape."""


@dataclass(frozen=True)
class Scene:
    """Content of one picture in words; only the position of the shape is left open."""

    size: str
    color: str
    shape: str
    background: str

    @property
    def pair(self) -> tuple[str, str]:
        """Colour and shape."""
        return (self.color, self.shape)


ALL_SCENES: tuple[Scene, ...] = tuple(
    Scene(size, color, shape, background)
    for size, color, shape, background in product(SHAPE_RADII, SHAPE_COLORS, SHAPE_DISTANCES, BACKGROUND_COLORS)
    if color != background
)


def captions_of(scene: Scene) -> tuple[str, ...]:
    """Captions of a scene, from a full description to colour and shape alone."""
    article = "an" if scene.color == "orange" else "a"
    named = f"{scene.color} {scene.shape}"
    return (
        f"a {scene.size} {named} on a {scene.background} background",
        f"{scene.size} {named} on {scene.background}",
        f"a {scene.size} {named}",
        f"{article} {named} on a {scene.background} background",
        f"{article} {named}",
        named,
    )


def coverage(shape: str, radii: npt.NDArray[np.float64], centers: FloatArray, size: int) -> FloatArray:
    """Coverage of each pixel by a shape, 0 … 1: (N, S, S); radii (N,), centres (N, 2) as (x, y), px."""
    axis = np.arange(size, dtype=np.float32) + np.float32(0.5)
    scale = radii.astype(np.float32)[:, None, None]
    x = (axis[None, None, :] - centers[:, 0, None, None]) / scale  # (N, 1, S)
    y = (axis[None, :, None] - centers[:, 1, None, None]) / scale  # (N, S, 1)
    covered: FloatArray = np.clip(0.5 - SHAPE_DISTANCES[shape](x, y) * scale, 0, 1).astype(np.float32)
    return covered


def draw_scenes(scenes: list[Scene], offsets: npt.NDArray[np.float64], size: int) -> UInt8Array:
    """Render scenes: (N, S, S, 3); offsets (N, 2) in [-1, 1], as shares of MAX_CENTER_OFFSET."""
    radii = np.array([SHAPE_RADII[scene.size] for scene in scenes]) * size
    centers = ((0.5 + MAX_CENTER_OFFSET * offsets) * size).astype(np.float32)
    names = np.array([scene.shape for scene in scenes])
    covered = np.empty((len(scenes), size, size, 1), np.float32)
    for shape in np.unique(names):
        chosen = names == shape
        covered[chosen, :, :, 0] = coverage(str(shape), radii[chosen], centers[chosen], size)
    ink = np.array([SHAPE_COLORS[scene.color] for scene in scenes], np.float32)[:, None, None]
    paper = np.array([BACKGROUND_COLORS[scene.background] for scene in scenes], np.float32)[:, None, None]
    return np.rint(paper + (ink - paper) * covered).astype(np.uint8)
