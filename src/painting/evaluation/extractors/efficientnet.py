"""An extractor that others have trained and that comes with the training extra: EfficientNet-Lite2. N pictures.

Training sees pictures by its smaller sister, EfficientNet-Lite0 (`training.finish_steps`), never by this one.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.evaluation.extractors.base import Kind
from painting.evaluation.extractors.batched import features_in_batches
from painting.images import FloatArray, UInt8Array
from painting.models.efficientnet_lite import FEATURE_SIZE
from painting.models.published import LITE2_PACKAGE, load_efficientnet

SIDE = 256
"""Pictures are resized to this many px: of the multiples of 32 the nearest to 260, which the network was trained at."""
VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH = 32


class EfficientNet:
    """EfficientNet-Lite2, trained on ImageNet by its authors (Tan & Le 2019)."""

    kind: Kind = "efficientnet"
    name = "efficientnet-lite2"
    width = FEATURE_SIZE
    key = f"efficientnet-{VERSION}-{LITE2_PACKAGE.sha256}"

    def __init__(self, device: str = "cpu") -> None:
        """Load the package's weights; raises MissingExtra where it is not installed, PaintingError for other files."""
        self._device = device
        self._network = load_efficientnet(LITE2_PACKAGE, "Looking at pictures by EfficientNet").to(device)

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """The last pooled features: uint8 (N, S, S, 3) → float32 (N, 1280)."""
        return features_in_batches(pictures, BATCH, FEATURE_SIZE, self._seen)

    def _seen(self, pictures: UInt8Array) -> Tensor:
        levels = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2).float()  # (n, 3, S, S)
        resized = F.interpolate(levels, (SIDE, SIDE), mode="bicubic", antialias=True, align_corners=False)
        return self._network.vectors(resized.clamp(0, 255) / 127.5 - 1)
