"""Linear probe: labels predicted from the features of a frozen network by multinomial logistic regression.

N images, D features, V values of a field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.data.array_cache import Rows
from painting.evaluation.extractors.base import Extractor
from painting.evaluation.prompts import evenly_spaced_indices
from painting.images import FloatArray, UInt8Array

L2_PENALTY = 3e-3
"""Factor of the squared weights beside the mean cross-entropy, on standardised features."""
MAX_ITERATIONS = 200
MAX_FITTED_IMAGES = 20_000
"""Of more images, that many evenly spaced ones are taken: their features are held in memory."""
MIN_FEATURE_STD = 1e-3


@dataclass(frozen=True)
class LinearLayer:
    """Classifier of one field: softmax((features − mean) / std · weight + bias); (D,), (D,), (D, V), (V,)."""

    values: tuple[str, ...]
    mean: Tensor
    std: Tensor
    weight: Tensor
    bias: Tensor

    def probabilities(self, features: Tensor) -> Tensor:
        """Features (N, D) → probabilities (N, V)."""
        return (((features - self.mean) / self.std) @ self.weight + self.bias).softmax(1)


class LinearProbe:
    """An extractor with a linear layer for each field of labels: species, colour."""

    def __init__(self, extractor: Extractor, layers: Mapping[str, LinearLayer]) -> None:
        """Read labels by fitted layers, one for each field."""
        self._extractor = extractor
        self.fields = tuple(layers)
        self.layers = layers
        self.kind = extractor.kind
        self.name = extractor.name
        self.key = extractor.key
        self.width = extractor.width
        self.predictor = f"a linear layer on the features of {self.name}, fitted on the training pictures,"

    @classmethod
    def fit(cls, extractor: Extractor, features: Rows, labels: Sequence[Mapping[str, str]]) -> Self:
        """Fit a layer for each field on real images: their features (N, D) and labels."""
        rows = evenly_spaced_indices(len(features), MAX_FITTED_IMAGES)
        fitted = torch.from_numpy(features[rows])  # (N, D)
        fitted_labels = [labels[row] for row in rows]
        fields = sorted({field for image_labels in fitted_labels for field in image_labels})
        return cls(extractor, {field: _fit(fitted, [image.get(field) for image in fitted_labels]) for field in fields})

    def features(self, pictures: UInt8Array) -> FloatArray:
        """The extractor's own: uint8 (N, S, S, 3) → float32 (N, D)."""
        return self._extractor.features(pictures)

    def values(self, field: str) -> list[str]:
        """A field's values in the order of their probabilities."""
        return list(self.layers[field].values)

    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        """Probabilities of each field's V values: (N, D) → (N, V), rows sum to 1."""
        inputs = torch.from_numpy(features)
        return {field: layer.probabilities(inputs).numpy() for field, layer in self.layers.items()}


def _fit(features: Tensor, labels: Sequence[str | None]) -> LinearLayer:
    """Minimise the penalised cross-entropy over the images (N, D) that have a label, by L-BFGS."""
    labelled = [row for row, label in enumerate(labels) if label is not None]
    values = tuple(sorted({label for label in labels if label is not None}))
    targets = torch.tensor([values.index(labels[row]) for row in labelled])
    inputs = features[labelled]
    mean = inputs.mean(0)
    std = inputs.std(0, correction=0).clamp_min(MIN_FEATURE_STD)
    standardised = (inputs - mean) / std
    weight = torch.zeros(features.shape[1], len(values), requires_grad=True)
    bias = torch.zeros(len(values), requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=MAX_ITERATIONS, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(standardised @ weight + bias, targets) + L2_PENALTY * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return LinearLayer(values, mean, std, weight.detach(), bias.detach())
