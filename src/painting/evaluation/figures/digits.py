"""Classifier confidence and class shares of painted digits, by a classifier of real digits.

N pictures, V values: the digits 0 … 9, or the classes of another folder laid out like MNIST.
"""

from collections.abc import Sequence

import numpy as np

from painting.data.array_cache import Rows, blocks
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.figures.distribution import FeatureSample
from painting.evaluation.prompts import Request
from painting.images import FloatArray

MIN_CONFIDENCE = 0.9
CONFIDENT_SHARE_METRIC = Metric(
    id="confident_share",
    name=f"{{fields}} classified with confidence over {MIN_CONFIDENCE}",
    meaning="The share of pictures to whose class a classifier gives a high probability.",
    better="higher",
)
RAREST_CLASS_METRIC = Metric(
    id="rarest_class_share",
    name="share of the rarest {fields}",
    meaning="How often the rarest class is painted.",
    better="like real",
)
COMMONEST_CLASS_METRIC = Metric(
    id="commonest_class_share",
    name="share of the commonest {fields}",
    meaning="How often the commonest class is painted.",
    better="like real",
)
DIGIT_CLASSIFIER = ClassifierSettings(widths=(16, 32, 64), images=80_000, learning_rate=4e-3, augmentation="warped")
"""The training of the classifier of digits: about 99% accuracy on held-out ones."""


def digit_figures(classifier: Classifier, sample: FeatureSample, requests: Sequence[Request]) -> list[Figure]:
    """The share of painted pictures classified with confidence, and those of the rarest and the commonest class.

    `requests` (N,) are labelled with what the sample's real pictures show.
    """
    (field,) = classifier.fields
    painted = _probabilities(classifier, sample.painted, field)  # (N, V)
    real = _probabilities(classifier, sample.real, field)  # (N, V)
    values = classifier.values(field)
    predicted = [values[best] for best in real.argmax(axis=1)]
    accuracy = np.mean([value == request.labels[field] for value, request in zip(predicted, requests, strict=True)])
    measures = (
        (CONFIDENT_SHARE_METRIC, confident_share),
        (RAREST_CLASS_METRIC, rarest_class_share),
        (COMMONEST_CLASS_METRIC, commonest_class_share),
    )
    protocol = (
        f"{sample.n:,} pictures, read by a classifier that was trained on real training ones and reads {accuracy:.1%} "
        f"of {sample.n:,} real {sample.split} pictures right; a share counts its likeliest {field} of each picture, "
        "sure or not; real: the same on those."
    )
    return [
        sample.figure(metric, measure(painted), measure(real), protocol, fields=(field,))
        for metric, measure in measures
    ]


def _probabilities(classifier: Classifier, features: Rows, field: str) -> FloatArray:
    return np.concatenate([classifier.field_probabilities(block)[field] for block in blocks(features)])


def confident_share(probabilities: FloatArray) -> float:
    """The share of pictures whose most probable value is more probable than MIN_CONFIDENCE: (N, V) → 0 … 1."""
    return float((probabilities.max(axis=1) > MIN_CONFIDENCE).mean())


def rarest_class_share(probabilities: FloatArray) -> float:
    """The share of the rarest class: (N, V) → 0 … 1/V."""
    return float(class_shares(probabilities).min())


def commonest_class_share(probabilities: FloatArray) -> float:
    """The share of the commonest class: (N, V) → 1/V … 1."""
    return float(class_shares(probabilities).max())


def class_shares(probabilities: FloatArray) -> FloatArray:
    """The share of pictures in which each class is the most probable: (N, V) → (V,), which sums to 1."""
    counts = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])
    return (counts / len(probabilities)).astype(np.float32)
