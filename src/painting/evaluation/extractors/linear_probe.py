"""Labels read off the features of a network that others have trained, by a linear layer fitted on real pictures.

N pictures, D features, V values of a field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from painting.data.array_cache import Rows
from painting.evaluation.extractors.base import Extractor, Kind
from painting.evaluation.prompts import spread_ids
from painting.images import FloatArray, UInt8Array

DECAY = 3e-3
"""The weight of the weights' squares beside the mean cross-entropy, on features of spread 1."""
ROUNDS = 200
MOST = 20_000
"""Of more pictures, some are taken, evenly spread: their features are held in memory."""


@dataclass(frozen=True)
class Layer:
    """What one field's values are read by: (features − mean) / spread · weights + shifts, (D,), (D,), (D, V), (V,)."""

    values: tuple[str, ...]
    mean: Tensor
    spread: Tensor
    weights: Tensor
    shifts: Tensor

    def probabilities(self, features: Tensor) -> Tensor:
        """Features (N, D) → how likely each value is (N, V)."""
        return (((features - self.mean) / self.spread) @ self.weights + self.shifts).softmax(1)


class LinearProbe:
    """An extractor, which also reads labels: species, colour."""

    def __init__(self, extractor: Extractor, features: Rows, labels: Sequence[Mapping[str, str]]) -> None:
        """Fit the readings on real pictures: their features (N, D) and what each of them is labelled with."""
        self._extractor = extractor
        places = spread_ids(len(features), MOST)
        seen = torch.from_numpy(features[places])  # (N, D)
        shown = [labels[place] for place in places]
        fields = sorted({field for told in shown for field in told})
        self._layers = {field: _fitted(seen, [told.get(field) for told in shown]) for field in fields}
        self.kind: Kind = extractor.kind
        self.name, self.key, self.width = extractor.name, extractor.key, extractor.width
        self.fields = tuple(fields)
        self.read_by = f"a linear layer on the features of {self.name}, fitted on the training pictures,"

    def features(self, pictures: UInt8Array) -> FloatArray:
        """The extractor's own: uint8 (N, S, S, 3) → float32 (N, D)."""
        return self._extractor.features(pictures)

    def values(self, field: str) -> list[str]:
        """What a field may be, in the order of its probabilities."""
        return list(self._layers[field].values)

    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        """For each field how likely each of its V values is: (N, D) → (N, V), rows sum to 1."""
        seen = torch.from_numpy(features)
        return {field: layer.probabilities(seen).numpy() for field, layer in self._layers.items()}


def _fitted(features: Tensor, told: Sequence[str | None]) -> Layer:
    """The layer with the least cross-entropy on the pictures (N, D) that have a value: multinomial regression."""
    rows = [row for row, value in enumerate(told) if value is not None]
    values = tuple(sorted({value for value in told if value is not None}))
    wanted = torch.tensor([values.index(told[row]) for row in rows])
    known = features[rows]
    mean, spread = known.mean(0), known.std(0, correction=0).clamp_min(1e-3)
    shown = (known - mean) / spread
    weights = torch.zeros(features.shape[1], len(values), requires_grad=True)
    shifts = torch.zeros(len(values), requires_grad=True)
    descent = torch.optim.LBFGS([weights, shifts], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        descent.zero_grad()
        value = F.cross_entropy(shown @ weights + shifts, wanted) + DECAY * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    descent.step(loss)  # type: ignore[no-untyped-call]
    return Layer(values, mean, spread, weights.detach(), shifts.detach())
