"""The Fréchet distance between two samples of features (Heusel et al. 2017; FID is it on Inception v3's features).

N and M pictures, F features; all sums in float64.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating[Any]]
Matrix = NDArray[np.float64]


def frechet_distance(one: Features, other: Features) -> float:
    """|mean₁ − mean₂|² + tr(C₁ + C₂ − 2 (C₁ C₂)^½) of Gaussians fitted to features (N, F) and (M, F), N and M ≥ 2.

    It falls as N grows: compare figures of the same N alone.
    """
    mean_one, covariance_one = _moments(one)
    mean_other, covariance_other = _moments(other)
    # C₁ C₂ has the eigenvalues of C₁^½ C₂ C₁^½, which is symmetric, so that they come out real.
    root = _square_root(covariance_one)
    eigenvalues = np.linalg.eigvalsh(root @ covariance_other @ root)
    cross = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    distance = np.square(mean_one - mean_other).sum() + np.trace(covariance_one + covariance_other) - 2 * cross
    return max(float(distance), 0.0)  # rounding may leave it a hair below


def _moments(features: Features) -> tuple[Matrix, Matrix]:
    """Mean (F,) and covariance (F, F)."""
    exact = features.astype(np.float64)
    return exact.mean(axis=0), np.atleast_2d(np.cov(exact, rowvar=False))


def _square_root(covariance: Matrix) -> Matrix:
    """The symmetric square root of a covariance (F, F)."""
    eigenvalues, vectors = np.linalg.eigh(covariance)
    root: Matrix = (vectors * np.sqrt(np.maximum(eigenvalues, 0))) @ vectors.T
    return root
