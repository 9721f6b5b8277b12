"""The Fréchet distance between two samples of features (Heusel et al. 2017; FID is it on Inception v3's features).

N and M pictures, D features; all sums in float64, in blocks.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from painting.data.array_cache import Rows, blocks
from painting.evaluation.figure import Metric

Matrix = NDArray[np.float64]

FRECHET_METRIC = Metric(
    id="frechet_distance",
    name="Fréchet distance",
    meaning="The distance of painted pictures as a whole from real ones; real is the floor, that of other real ones.",
    better="lower",
)
FRECHET_REAL_HALVES_METRIC = Metric(
    id="frechet_distance_real_halves",
    name="Fréchet distance between real halves",
    meaning="The distance between two halves of the real pictures: less cannot be expected.",
    better=None,
    of_real=True,
)
FID_METRIC = replace(FRECHET_METRIC, id="fid", name="FID")
"""The Fréchet distance on the features of the published Inception v3, and on no others."""
FID_REAL_HALVES_METRIC = replace(FRECHET_REAL_HALVES_METRIC, id="fid_real_halves", name="FID between real halves")


class Moments:
    """The mean and the covariance of features that come in blocks, merged exactly (Chan et al. 1983)."""

    def __init__(self, width: int) -> None:
        """Start with no features of this width."""
        self.count = 0
        self.mean: Matrix = np.zeros(width)
        self._scatter: Matrix = np.zeros((width, width))

    def add(self, features: NDArray[np.floating[Any]]) -> None:
        """Add the features of more pictures: (n, D)."""
        count = self.count + len(features)
        exact = features.astype(np.float64)
        mean = exact.mean(axis=0)
        centered = exact - mean
        shift = mean - self.mean
        # The scatter of two parts is that of each around its own mean, and that of the two means.
        self._scatter += centered.T @ centered
        self._scatter += np.outer(shift, shift) * (self.count * len(features) / count)
        self.mean += shift * (len(features) / count)
        self.count = count

    @property
    def covariance(self) -> Matrix:
        """The unbiased covariance: (D, D)."""
        covariance: Matrix = self._scatter / (self.count - 1)
        return covariance


def moments_of(rows: Rows) -> Moments:
    """The moments of features (N, D), N ≥ 2."""
    moments = Moments(rows.shape[1])
    for block in blocks(rows):
        moments.add(block)
    return moments


def frechet_distance(one: Rows, other: Rows) -> float:
    """|mean₁ − mean₂|² + tr(C₁ + C₂ − 2 (C₁ C₂)^½) of Gaussians fitted to features (N, D) and (M, D), N and M ≥ 2.

    It falls as N grows: compare figures of the same N alone.
    """
    if max(len(one), len(other)) <= one.shape[1]:
        return _between_few(one[:].astype(np.float64), other[:].astype(np.float64))
    return frechet_between(moments_of(one), moments_of(other))


def frechet_between(one: Moments, other: Moments) -> float:
    """The Fréchet distance between Gaussians with these moments."""
    # C₁ C₂ has the eigenvalues of C₁^½ C₂ C₁^½, which is symmetric, so that they come out real.
    root = _square_root(one.covariance)
    eigenvalues = np.linalg.eigvalsh(root @ other.covariance @ root)
    cross = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    shift = np.square(one.mean - other.mean).sum()
    distance = shift + np.trace(one.covariance + other.covariance) - 2 * cross
    return max(float(distance), 0.0)  # rounding may leave it a hair below


def _between_few(one: Matrix, other: Matrix) -> float:
    """The Fréchet distance for no more pictures than features, without a D × D matrix: many times faster.

    With A and B the features around their means over √(N − 1) and √(M − 1), C₁ = AᵀA, C₂ = BᵀB, and tr (C₁ C₂)^½ is
    the sum of the singular values of A Bᵀ.
    """
    centered = [(rows - rows.mean(axis=0)) / np.sqrt(len(rows) - 1) for rows in (one, other)]
    cross = np.linalg.svd(centered[0] @ centered[1].T, compute_uv=False).sum()
    shift = np.square(one.mean(axis=0) - other.mean(axis=0)).sum()
    distance = shift + sum(np.square(rows).sum() for rows in centered) - 2 * cross
    return max(float(distance), 0.0)


def _square_root(covariance: Matrix) -> Matrix:
    """The symmetric square root of a covariance (D, D)."""
    eigenvalues, vectors = np.linalg.eigh(covariance)
    root: Matrix = (vectors * np.sqrt(np.maximum(eigenvalues, 0))) @ vectors.T
    return root
