"""Whether painted digits can be read, and whether all ten are painted: what a reader of real digits makes of them.

N pictures, V values: the digits 0 … 9, or the classes of another folder laid out like MNIST.
"""

from collections.abc import Sequence

import numpy as np

from painting.data.array_cache import Rows, blocks
from painting.evaluation.extractors.classifier import Classifier, ClassifierSettings
from painting.evaluation.figure import Figure, Metric
from painting.evaluation.figures.distribution import Sample
from painting.evaluation.prompts import Request
from painting.images import FloatArray

PICTURES = 2000
SURE = 0.9
CONFIDENT_SHARE_METRIC = Metric(
    id="confident_share",
    name=f"{{fields}} classified with confidence over {SURE}",
    meaning="The share of pictures that a classifier recognizes surely.",
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
READER = ClassifierSettings(widths=(16, 32, 64), images=80_000, learning_rate=4e-3, augmentation="warped")
"""The classifier that reads digits: about 99% of those that it has not seen."""


def digit_figures(reader: Classifier, sample: Sample, requests: Sequence[Request]) -> list[Figure]:
    """How many painted pictures are read surely, and how many show the rarest and the commonest value.

    `requests` (N,) are labelled with what the sample's real pictures show.
    """
    (field,) = reader.fields
    painted, real = _read(reader, sample.painted, field), _read(reader, sample.real, field)  # (N, V)
    values = reader.values(field)
    read = [values[best] for best in real.argmax(axis=1)]
    right = np.mean([value == request.labels[field] for value, request in zip(read, requests, strict=True)])
    measures = (
        (CONFIDENT_SHARE_METRIC, sure_share),
        (RAREST_CLASS_METRIC, smallest_share),
        (COMMONEST_CLASS_METRIC, largest_share),
    )
    protocol = (
        f"{sample.n:,} pictures, read by a classifier that was trained on real training ones and reads {right:.1%} of "
        f"{sample.n:,} real {sample.split} pictures right; a share counts its likeliest {field} of each picture, sure "
        "or not; real: the same on those."
    )
    return [
        sample.figure(metric, measure(painted), measure(real), protocol, fields=(field,))
        for metric, measure in measures
    ]


def _read(reader: Classifier, rows: Rows, field: str) -> FloatArray:
    return np.concatenate([reader.field_probabilities(block)[field] for block in blocks(rows)])


def sure_share(probabilities: FloatArray) -> float:
    """The share of pictures whose likeliest value is likelier than SURE: (N, V) → 0 … 1."""
    return float((probabilities.max(axis=1) > SURE).mean())


def smallest_share(probabilities: FloatArray) -> float:
    """The rarest value's share: (N, V) → 0 … 1/V."""
    return float(shares(probabilities).min())


def largest_share(probabilities: FloatArray) -> float:
    """The commonest value's share: (N, V) → 1/V … 1."""
    return float(shares(probabilities).max())


def shares(probabilities: FloatArray) -> FloatArray:
    """For each value the share of pictures in which it is the likeliest: (N, V) → (V,), which sums to 1."""
    counts = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])
    return (counts / len(probabilities)).astype(np.float32)
