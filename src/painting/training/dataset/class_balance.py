"""Class-balanced sampling weights: adversarial training drops rare classes.

P pictures, however many views each has; K classes: the values of the label that has the most of them, as in
`attributes.class_columns`.
"""

import numpy as np
from numpy.typing import NDArray

from painting.data.attributes import class_columns
from painting.data.picture_set import PictureSet


def class_balanced_weights(data: PictureSet, balance: float) -> NDArray[np.float64] | None:
    """The sampling probability of each picture of a set, float64 (P,), with sum 1; None: uniform.

    A class of n pictures is sampled in proportion to n^(1 − balance): at 0 as often as it is, at 1 all classes alike.
    Pictures without a class are one more class. An endless set, or one without labels, has no classes.
    """
    columns = class_columns(data.attributes)
    if data.count is None or not columns or balance == 0:
        return None
    labels = data.targets(np.arange(0, data.count, data.views))[:, columns]  # (P, K)
    classes = np.where(labels.any(1), labels.argmax(1), len(columns))  # (P,)
    # Each of the n pictures of a class weighs n^(−balance), so the class as a whole n^(1 − balance).
    weights: NDArray[np.float64] = 1 / np.bincount(classes)[classes] ** balance
    probabilities: NDArray[np.float64] = weights / weights.sum()
    return probabilities
