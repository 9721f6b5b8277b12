"""What pixels alone tell, as an extractor like the others: one number a picture, its sharpness.

N pictures, S side in px.
"""

import numpy as np

from painting.evaluation.extractors.base import Kind
from painting.images import FloatArray, UInt8Array

LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


class Pixels:
    """The mean strength of each picture's finest detail, in levels of 255."""

    name, key, width = "pixels", "pixels-1", 1
    kind: Kind = "pixels"

    def features(self, pictures: UInt8Array) -> FloatArray:
        """The mean absolute Laplacian of luminance: uint8 (N, S, S, 3), S ≥ 3 → float32 (N, 1); blur lowers it."""
        gray = pictures @ LUMINANCE  # (N, S, S)
        around = gray[:, :-2, 1:-1] + gray[:, 2:, 1:-1] + gray[:, 1:-1, :-2] + gray[:, 1:-1, 2:]
        strength: FloatArray = np.abs(4 * gray[:, 1:-1, 1:-1] - around).mean(axis=(1, 2))[:, None]
        return strength.astype(np.float32)
