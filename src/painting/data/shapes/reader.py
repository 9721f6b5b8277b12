"""Classifier of colour and shape by template matching, for pictures of the shapes dataset, real or generated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from painting.data.shapes.scenes import SHAPE_COLORS, SHAPE_DISTANCES, SHAPE_RADII, coverage
from painting.images import FloatArray, UInt8Array

_CHUNK_SIZE = 64
_FITTED_RADII = np.linspace(0.9 * SHAPE_RADII["small"], 1.1 * SHAPE_RADII["large"], 12)
_SHIFTS_PX = np.array([(0.0, 0.0), (0.5, 0.5)])  # whole pixels come from the cross-correlation


@dataclass(frozen=True)
class ShapeReading:
    """Predicted colour and shape of one picture, and how well the shape fits, 0 … 1."""

    color: str
    shape: str
    fit: float


def read_shape(pictures: UInt8Array) -> list[ShapeReading]:
    """Classify each picture by its nearest colour and best fitting shape; pictures (N, S, S, 3), 0 … 255."""
    readings: list[ShapeReading] = []
    for start in range(0, len(pictures), _CHUNK_SIZE):
        readings += _read_chunk(pictures[start : start + _CHUNK_SIZE].astype(np.float32))
    return readings


def _read_chunk(pictures: FloatArray) -> list[ShapeReading]:
    masks, inks = _separate(pictures)
    palette = np.array(list(SHAPE_COLORS.values()), np.float32)
    nearest = np.linalg.norm(inks[:, None] - palette, axis=2).argmin(axis=1)
    fits = _fits(masks)
    best = fits.argmax(axis=1)
    colors = list(SHAPE_COLORS)
    shapes = list(SHAPE_DISTANCES)
    return [
        ShapeReading(colors[color], shapes[shape], float(fit[shape]))
        for color, shape, fit in zip(nearest, best, fits, strict=True)
    ]


def _separate(pictures: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Separate shape and background: masks (N, S, S) in 0 … 1 and the shapes' colours (N, 3).

    The background is the border's median, so a shape may touch the border here and there.
    """
    border = np.concatenate([pictures[:, 0], pictures[:, -1], pictures[:, 1:-1, 0], pictures[:, 1:-1, -1]], axis=1)
    paper = np.median(border, axis=1)  # (N, 3)
    difference = pictures - paper[:, None, None]
    strength = np.linalg.norm(difference, axis=3)  # (N, S, S)
    # Not the maximum, which one noisy pixel would set; the cores leave out the edges, whose colours are mixed.
    strongest = np.quantile(strength, 0.97, axis=(1, 2), keepdims=True)
    cores = strength >= 0.85 * strongest
    inks = np.stack([np.median(picture[core], axis=0) for picture, core in zip(pictures, cores, strict=True)])
    # A pixel's share of ink is its projection on the line from paper to ink.
    direction = inks - paper
    contrast = np.maximum(np.square(direction).sum(axis=1), 1)
    share = np.einsum("nyxc,nc->nyx", difference, direction) / contrast[:, None, None]
    return np.clip(share, 0, 1).astype(np.float32), inks


def _fits(masks: FloatArray) -> FloatArray:
    """Best cosine similarity of each mask with each shape, over radii and positions: (N, shapes) in 0 … 1.

    All positions at once by cross-correlation in the frequency domain.
    """
    size = masks.shape[1]
    spectra = np.fft.rfft2(masks)
    norms = np.maximum(np.sqrt(np.square(masks).sum(axis=(1, 2))), 1e-6)
    best = np.zeros((len(masks), len(SHAPE_DISTANCES)), np.float32)
    for index, shape in enumerate(SHAPE_DISTANCES):
        for template in _templates(shape, size):
            overlaps = np.fft.irfft2(spectra * np.conj(np.fft.rfft2(template)), s=(size, size))
            best[:, index] = np.maximum(best[:, index], overlaps.max(axis=(1, 2)) / norms)
    return best


def _templates(shape: str, size: int) -> FloatArray:
    """Templates of a shape at all fitted radii, in the middle and half a pixel beside it, each of norm 1: (T, S, S)."""
    radii = np.repeat(_FITTED_RADII * size, len(_SHIFTS_PX))
    centers = np.tile(size / 2 + _SHIFTS_PX, (len(_FITTED_RADII), 1)).astype(np.float32)
    drawn = coverage(shape, radii, centers, size)
    templates: FloatArray = drawn / np.sqrt(np.square(drawn).sum(axis=(1, 2), keepdims=True))
    return templates
