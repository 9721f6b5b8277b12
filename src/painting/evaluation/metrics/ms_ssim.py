"""MS-SSIM: structural similarity of pairs of pictures at several scales (Wang et al. 2003).

Odena et al. (2017) measure mode collapse by it: pairs of pictures of a class, generated beside real. N pairs, S side in
px.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from painting.evaluation.figure import Metric
from painting.images import FloatArray, UInt8Array

WITHIN_CLASS_METRIC = Metric(
    id="ms_ssim_within_class",
    name="MS-SSIM within class",
    meaning="How similar two pictures of one class are; more than real ones: too little diversity.",
    better="like real",
    faults=("ignored_latent",),
)
PER_PROMPT_METRIC = Metric(
    id="ms_ssim_per_prompt",
    name="MS-SSIM per prompt",
    meaning="How similar two pictures of one prompt are; more than real ones: too little diversity.",
    better="like real",
    faults=("ignored_latent",),
)
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales, each half as fine as the one before (Wang et al. 2003)."""
WINDOW_PX = 11
SIGMA_PX = 1.5
LUMINANCE_CONSTANT = (0.01 * 255) ** 2
"""C₁ of Wang et al., which keeps the quotient finite."""
CONTRAST_CONSTANT = (0.03 * 255) ** 2
"""C₂."""
MIN_SIDE_PX = 2 ** (len(SCALE_WEIGHTS) - 1)
BATCH_SIZE = 64


def ms_ssim(one: UInt8Array, other: UInt8Array) -> FloatArray:
    """MS-SSIM of pairs of pictures, 1 for equal ones: uint8 (N, S, S, 3) twice → (N,); S is at least 16.

    On scales smaller than the window of 11 px the window shrinks with them, as in the measure that GANs report.
    """
    batches = [
        _ms_ssim_of_batch(one[start : start + BATCH_SIZE], other[start : start + BATCH_SIZE])
        for start in range(0, len(one), BATCH_SIZE)
    ]
    similarity: FloatArray = torch.cat(batches).numpy() if batches else np.zeros(0, np.float32)
    return similarity


def _ms_ssim_of_batch(one: UInt8Array, other: UInt8Array) -> Tensor:
    x, y = (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() for pictures in (one, other))  # (N, 3, S, S)
    similarity = torch.ones(len(x))
    for scale, weight in enumerate(SCALE_WEIGHTS):
        whole, structure = _ssim(x, y)
        if scale < len(SCALE_WEIGHTS) - 1:
            similarity *= structure.clamp_min(0) ** weight  # a negative mean has no real power
            x = F.avg_pool2d(x, 2)
            y = F.avg_pool2d(y, 2)
    return similarity * whole.clamp_min(0) ** SCALE_WEIGHTS[-1]


def _ssim(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Mean SSIM, with luminance and without, of pairs of pictures (N, 3, S, S): (N,) each."""
    window = _window(x.shape[-1])
    mean_x = _blurred(x, window)
    mean_y = _blurred(y, window)
    variances = _blurred(x * x + y * y, window) - mean_x**2 - mean_y**2
    covariance = _blurred(x * y, window) - mean_x * mean_y
    structure = (2 * covariance + CONTRAST_CONSTANT) / (variances + CONTRAST_CONSTANT)
    means = mean_x**2 + mean_y**2
    whole = structure * (2 * mean_x * mean_y + LUMINANCE_CONSTANT) / (means + LUMINANCE_CONSTANT)
    return whole.mean((1, 2, 3)), structure.mean((1, 2, 3))


def _window(side: int) -> Tensor:
    """One row of the Gaussian window, at most a picture's side wide, that sums to 1: (W,)."""
    width = min(WINDOW_PX, side)
    offsets = torch.arange(width) - (width - 1) / 2
    row = torch.exp(-0.5 * (offsets / (SIGMA_PX * width / WINDOW_PX)) ** 2)
    return row / row.sum()


def _blurred(x: Tensor, window: Tensor) -> Tensor:
    """Each channel blurred by the window, where it lies inside the picture: (N, 3, S, S) → (N, 3, S − W + 1, …)."""
    channels = x.shape[1]
    kernel = window.expand(channels, 1, -1)
    x = F.conv2d(x, kernel[..., None], groups=channels)
    return F.conv2d(x, kernel[..., None, :], groups=channels)
