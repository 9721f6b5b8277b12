"""EfficientNet-Lite2, trained on ImageNet, which comes with the training extra (Tan & Le 2019). N images, S side in px.

Training uses its smaller sister, EfficientNet-Lite0, never this one, so its features are independent of the training.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.evaluation.extractors.base import features_in_batches
from painting.images import FloatArray, UInt8Array
from painting.models.efficientnet_lite import FEATURE_SIZE
from painting.models.published import LITE2_PACKAGE, load_efficientnet

IMAGE_SIDE = 256
"""In px: of the multiples of 32 the nearest to 260, which the network was trained at."""
FEATURES_VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH_SIZE = 16
"""Larger batches leave the cache of a core, and take longer a picture."""


class EfficientNet:
    """The last pooled features of EfficientNet-Lite2."""

    kind = "efficientnet"
    name = "efficientnet-lite2"
    width = FEATURE_SIZE
    key = f"efficientnet-{FEATURES_VERSION}-{LITE2_PACKAGE.sha256}"

    def __init__(self, device: str = "cpu") -> None:
        """Load the package's weights; raises MissingExtra where it is not installed, PaintingError for other files."""
        self._network = load_efficientnet(LITE2_PACKAGE, "Extracting features by EfficientNet").to(device)
        self._device = device

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """The last pooled features: uint8 (N, S, S, 3) → float32 (N, 1280)."""
        return features_in_batches(pictures, BATCH_SIZE, FEATURE_SIZE, self._extract)

    def _extract(self, pictures: UInt8Array) -> Tensor:
        levels = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2).float()  # (n, 3, S, S)
        resized = F.interpolate(levels, (IMAGE_SIDE, IMAGE_SIDE), mode="bicubic", antialias=True, align_corners=False)
        return self._network.vectors(resized.clamp(0, 255) / 127.5 - 1)
