"""How alike pictures of one class look: structural similarity at several scales (Wang et al. 2003).

Odena et al. (2017) measure collapse so: pairs of pictures of a class, generated beside real. N pairs, S side in px.
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
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales, each half as fine as the one before (Wang et al. 2003)."""
WINDOW, SIGMA = 11, 1.5
LUMINANCE, CONTRAST = (0.01 * 255) ** 2, (0.03 * 255) ** 2
"""What keeps the quotients of Wang et al. finite."""
SMALLEST = 2 ** (len(WEIGHTS) - 1)
BATCH = 64


def ms_ssim(one: UInt8Array, other: UInt8Array) -> FloatArray:
    """The similarity of pairs of pictures, 1 for the same: uint8 (N, S, S, 3) twice → (N,); S is at least 16.

    On scales smaller than the window of 11 px the window shrinks with them, as in the measure that GANs report.
    """
    found = [_of_batch(one[start : start + BATCH], other[start : start + BATCH]) for start in range(0, len(one), BATCH)]
    similarity: FloatArray = torch.cat(found).numpy() if found else np.zeros(0, np.float32)
    return similarity


def _of_batch(one: UInt8Array, other: UInt8Array) -> Tensor:
    x, y = (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() for pictures in (one, other))  # (N, 3, S, S)
    similarity = torch.ones(len(x))
    for scale, weight in enumerate(WEIGHTS):
        whole, structure = _ssim(x, y)
        if scale < len(WEIGHTS) - 1:
            similarity *= structure.clamp_min(0) ** weight
            x, y = F.avg_pool2d(x, 2), F.avg_pool2d(y, 2)
    return similarity * whole.clamp_min(0) ** WEIGHTS[-1]


def _ssim(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Mean similarity, with luminance and without, of pairs of pictures (N, 3, S, S): (N,) each."""
    window = _window(x.shape[-1])
    mean_x, mean_y = _blurred(x, window), _blurred(y, window)
    spread = _blurred(x * x + y * y, window) - mean_x**2 - mean_y**2
    shared = _blurred(x * y, window) - mean_x * mean_y
    structure = (2 * shared + CONTRAST) / (spread + CONTRAST)
    whole = structure * (2 * mean_x * mean_y + LUMINANCE) / (mean_x**2 + mean_y**2 + LUMINANCE)
    return whole.mean((1, 2, 3)), structure.mean((1, 2, 3))


def _window(side: int) -> Tensor:
    """A Gaussian window's row, of a picture's side at most, that sums to 1: (W,)."""
    width = min(WINDOW, side)
    places = torch.arange(width) - (width - 1) / 2
    row = torch.exp(-0.5 * (places / (SIGMA * width / WINDOW)) ** 2)
    return row / row.sum()


def _blurred(x: Tensor, window: Tensor) -> Tensor:
    """Each channel blurred by the window, where it lies inside the picture: (N, 3, S, S) → (N, 3, S − W + 1, …)."""
    channels = x.shape[1]
    kernel = window.expand(channels, 1, -1)
    x = F.conv2d(x, kernel[..., None], groups=channels)
    return F.conv2d(x, kernel[..., None, :], groups=channels)
