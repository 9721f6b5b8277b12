"""Inception v3, the network by which FID, KID and the Inception Score are defined. N images, S side in px."""

from pathlib import Path

import torch
from torch import Tensor

from painting.evaluation.extractors.base import WeightsMissing, features_in_batches
from painting.evaluation.extractors.downloads import PublishedFile, find_weights
from painting.files.archive import file_sha256
from painting.images import FloatArray, UInt8Array
from painting.models.inception import FEATURE_SIZE, InceptionV3, resize_bilinear_tf1
from painting.progress import TaskProgressCallback

PUBLISHED_WEIGHTS = PublishedFile(
    name="weights-inception-2015-12-05-6726825d.pth",
    url="https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth",
    sha256="6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
    megabytes=96,
)
PUBLISHED_NAME = "inception-v3"
FEATURES_VERSION = 1
"""Raised whenever the same weights would give other features."""
BATCH_SIZE = 32


class Inception:
    """Inception v3 as FID defines it; weights other than the published ones have their hash in the name."""

    kind = "inception"
    width = FEATURE_SIZE

    def __init__(self, path: Path, device: str = "cpu") -> None:
        """Load a file of weights; raises WeightsMissing where it holds no Inception v3."""
        sha256 = file_sha256(path)
        self.name = PUBLISHED_NAME if sha256 == PUBLISHED_WEIGHTS.sha256 else f"{PUBLISHED_NAME}-{sha256[:8]}"
        self.key = f"inception-{FEATURES_VERSION}-{sha256}"
        self._device = device
        self._network = InceptionV3().eval()
        try:
            self._network.load_state_dict(read_tensors(path))
        except RuntimeError as problem:
            lines = str(problem).splitlines()
            raise WeightsMissing(
                f"{path} holds no Inception v3 as FID defines it ({' '.join(lines[1:2] or lines)[:200].strip()}): "
                f"give {PUBLISHED_WEIGHTS.name} of {PUBLISHED_WEIGHTS.url}"
            ) from problem
        self._network.to(device)

    @torch.inference_mode()
    def features(self, pictures: UInt8Array) -> FloatArray:
        """The last pooled features: uint8 (N, S, S, 3) → float32 (N, 2048)."""
        return features_in_batches(pictures, BATCH_SIZE, FEATURE_SIZE, self._extract)

    def _extract(self, pictures: UInt8Array) -> Tensor:
        levels = torch.from_numpy(pictures).to(self._device).permute(0, 3, 1, 2).float()
        resized = resize_bilinear_tf1(levels)  # (n, 3, 299, 299)
        features: Tensor = self._network((resized - 128) / 128)
        return features

    @torch.inference_mode()
    def class_probabilities(self, features: FloatArray) -> FloatArray:
        """Softmax over ImageNet's 1,008 outputs: (N, 2048) → (N, 1008); without the bias, as published."""
        weight = self._network.fc.weight.cpu()
        probabilities: FloatArray = (torch.from_numpy(features) @ weight.T).softmax(1).numpy()
        return probabilities


def load_inception(source: Path | None, download: bool, report: TaskProgressCallback, device: str = "cpu") -> Inception:
    """Load the published network from a file, the cache or the network; raises WeightsMissing."""
    return Inception(find_weights(PUBLISHED_WEIGHTS, source, download, report), device)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read a file of torch's that holds named tensors and nothing else; raises WeightsMissing."""
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as problem:  # pickle, zipfile and torch share no base but Exception
        raise WeightsMissing(f"{path} is not a file of torch's with tensors alone; download it again") from problem
    if not isinstance(tensors, dict) or not all(isinstance(value, Tensor) for value in tensors.values()):
        raise WeightsMissing(f"{path} holds something else than a network's tensors; download it again")
    return tensors
