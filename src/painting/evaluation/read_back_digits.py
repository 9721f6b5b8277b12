"""Whether painted digits can be read, and whether all ten are painted: what a reader of real digits makes of them.

N pictures, V values: the digits 0 … 9, or the classes of another folder laid out like MNIST.
"""

import numpy as np

from painting.data.digits import Digits
from painting.evaluation.figure import Figure
from painting.evaluation.probe import Probe, ProbeSettings
from painting.images import FloatArray, UInt8Array

PICTURES = 2000
SURE = 0.9
READER = ProbeSettings(widths=(16, 32, 64), images=80_000, learning_rate=4e-3, varied="warped")
"""The probe that reads digits: about 99% of those that it has not seen."""


def read_back_digits(reader: Probe, painted: UInt8Array, held_out: Digits) -> list[Figure]:
    """How many painted pictures (N, S, S, 3) are read surely, and how many show the rarest and the commonest value.

    `held_out` are real pictures that the reader was not trained on.
    """
    (field,) = reader.fields
    ids = np.arange(held_out.count)
    of_painted = reader.probabilities(painted)[field]  # (N, V)
    of_real = reader.probabilities(held_out.pictures(ids))[field]  # (M, V)
    right = float((of_real.argmax(axis=1) == held_out.labels(ids)).mean())
    measures = {
        f"{field} read with confidence over {SURE}": sure_share,
        f"share of the rarest {field}": smallest_share,
        f"share of the commonest {field}": largest_share,
    }
    return [
        Figure(
            name=name,
            value=measure(of_painted),
            real=measure(of_real),
            n=len(painted),
            extractor=reader.name,
            split="test",
            protocol=f"{len(painted):,} pictures, seeds 0, 1, 2 …, read by a classifier that was trained on real ones "
            f"and reads {right:.1%} of {len(ids):,} others right; a share counts its likeliest {field} of each "
            "picture, sure or not; real: the same on those others.",
        )
        for name, measure in measures.items()
    ]


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
