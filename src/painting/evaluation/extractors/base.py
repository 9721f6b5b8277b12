"""The `Extractor` protocol, abilities that only some extractors have, and features in batches.

N images, S side in px, D features, M requests, C texts beside each image, T numbers in a text vector, V classes.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from painting.errors import PaintingError
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array


class WeightsMissing(PaintingError):
    """A published network whose weights are missing or damaged; the message says how to get them."""


@runtime_checkable
class Extractor(Protocol):
    """A network that turns images into features; figures of different extractors cannot be compared."""

    @property
    def name(self) -> str:
        """Name in figures, unique to these weights: "inception-v3", "classifier-1a2b3c4d"."""

    @property
    def kind(self) -> str:
        """Name of its row in `registry.EXTRACTOR_TABLE`; "pixels" for pixel statistics."""

    @property
    def key(self) -> str:
        """Hash of its weights and preprocessing, the key of cached features."""

    @property
    def width(self) -> int:
        """Numbers in the features of one image: D."""

    def features(self, pictures: UInt8Array) -> FloatArray:
        """Features: uint8 (N, S, S, 3) → float32 (N, D)."""


@runtime_checkable
class ClassPredictor(Extractor, Protocol):
    """An extractor with a classification head, for the Inception Score."""

    def class_probabilities(self, features: FloatArray) -> FloatArray:
        """Class probabilities: features (N, D) → (N, V), rows sum to 1."""


@runtime_checkable
class LabelPredictor(Extractor, Protocol):
    """An extractor that predicts the data set's labels: for each field (species, color) one of V values."""

    @property
    def fields(self) -> Collection[str]:
        """The fields that it predicts."""

    @property
    def predictor(self) -> str:
        """The subject of a sentence about its predictions: "a classifier trained on …"."""

    def values(self, field: str) -> list[str]:
        """A field's values in the order of their probabilities."""

    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        """Probabilities of each field's values: features (N, D) → (N, V), rows sum to 1."""


@runtime_checkable
class TextMatcher(Extractor, Protocol):
    """An extractor that also measures how well a text fits an image."""

    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        """Text vectors of M requests: float32 (M, T); a row of zeros for a request without text that it can encode."""

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        """Similarity of each image and each of its C texts: (N, D) and (N, C, T) → (N, C); higher is better."""


def features_in_batches(
    pictures: UInt8Array, batch_size: int, width: int, extract: Callable[[UInt8Array], Tensor]
) -> FloatArray:
    """Features of any number of images, uint8 (N, S, S, 3) → float32 (N, width), at most `batch_size` at a time.

    `extract`: uint8 (n, S, S, 3) → float (n, width).
    """
    parts = [torch.zeros(0, width)]  # so that no images have features of the right width
    parts += [extract(pictures[start : start + batch_size]).cpu() for start in range(0, len(pictures), batch_size)]
    features: FloatArray = torch.cat(parts).numpy()
    return features
