"""Pixel statistics as an extractor: the sharpness of each image. N images, S side in px."""

import numpy as np

from painting.images import FloatArray, UInt8Array

LUMINANCE_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


class Pixels:
    """The mean absolute Laplacian of each image, in levels of 255."""

    kind = "pixels"
    name = "pixels"
    key = "pixels-1"
    width = 1

    def features(self, pictures: UInt8Array) -> FloatArray:
        """Mean absolute Laplacian of luminance: uint8 (N, S, S, 3), S ≥ 3 → float32 (N, 1); blur lowers it."""
        gray = pictures @ LUMINANCE_WEIGHTS  # (N, S, S)
        neighbours = gray[:, :-2, 1:-1] + gray[:, 2:, 1:-1] + gray[:, 1:-1, :-2] + gray[:, 1:-1, 2:]
        laplacian = 4 * gray[:, 1:-1, 1:-1] - neighbours  # (N, S-2, S-2)
        sharpness: FloatArray = np.abs(laplacian).mean(axis=(1, 2))[:, None]
        return sharpness.astype(np.float32)
