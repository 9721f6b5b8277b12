"""What evaluation asks of a network that looks at pictures: one interface, whatever the network.

N pictures, S side in px, D features, M requests, T numbers in a text vector, V classes.
"""

from collections.abc import Collection, Sequence
from typing import Literal, Protocol, runtime_checkable

from painting.errors import PaintingError
from painting.evaluation.prompts import Request
from painting.images import FloatArray, UInt8Array

Kind = Literal["efficientnet", "inception", "clip", "dinov2", "classifier", "pixels"]


class WeightsMissing(PaintingError):
    """A published network whose weights are not here; says what is missing and how to get it."""


@runtime_checkable
class Extractor(Protocol):
    """Turns pictures into features; figures of different extractors cannot be compared."""

    @property
    def name(self) -> str:
        """What figures call it: "inception-v3", "classifier-1a2b3c4d"."""

    @property
    def kind(self) -> Kind:
        """Which family of networks it is of."""

    @property
    def key(self) -> str:
        """A hash of its weights and of how it treats pictures: features are cached by it."""

    @property
    def width(self) -> int:
        """Numbers in the features of one picture: D."""

    def features(self, pictures: UInt8Array) -> FloatArray:
        """What the network sees: uint8 (N, S, S, 3) → float32 (N, D)."""


@runtime_checkable
class NamesClasses(Extractor, Protocol):
    """An extractor that also says what pictures show, for the Inception Score."""

    def class_probabilities(self, features: FloatArray) -> FloatArray:
        """How likely each class is: features (N, D) → (N, V), rows sum to 1."""


@runtime_checkable
class ReadsLabels(Extractor, Protocol):
    """An extractor that also reads what pictures are labelled with: for each field (species, color) one of V values."""

    @property
    def fields(self) -> Collection[str]:
        """The fields that it reads."""

    @property
    def read_by(self) -> str:
        """Who reads, in a figure's words: "a classifier trained on …"."""

    def values(self, field: str) -> list[str]:
        """What a field may be, in the order of its probabilities."""

    def field_probabilities(self, features: FloatArray) -> dict[str, FloatArray]:
        """For each field how likely each value is: features (N, D) → (N, V), rows sum to 1."""


@runtime_checkable
class MatchesText(Extractor, Protocol):
    """An extractor that also tells how well a text fits a picture."""

    def request_vectors(self, requests: Sequence[Request]) -> FloatArray:
        """What requests ask for: M of them → float32 (M, T); a row of zeros: nothing that it could judge."""

    def similarity(self, features: FloatArray, vectors: FloatArray) -> FloatArray:
        """How well each of C texts fits each picture: (N, D) and (N, C, T) → (N, C); more is better."""
