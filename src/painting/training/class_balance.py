"""How often each kind is seen: a game that sees a rare one once in sixty times leaves it out.

P pictures, however many views each has; K kinds: the values of the label that has the most of them, as in
`attributes.class_places`.
"""

import numpy as np
from numpy.typing import NDArray

from painting.data.attributes import class_places
from painting.data.picture_set import PictureSet


def shares_by_kind(data: PictureSet, evenness: float) -> NDArray[np.float64] | None:
    """How often each picture of a set is drawn, (P,), in all 1; None: as often as any other.

    A kind of n pictures is drawn in proportion to n^(1 − evenness): 0 leaves all as it is, at 1 kinds are drawn alike.
    Pictures without a kind are one more. An endless set, or one without labels, has no kinds.
    """
    places = class_places(data.attributes)
    if data.count is None or not places or evenness == 0:
        return None
    shown = data.targets(np.arange(0, data.count, data.views))[:, places]  # (P, K)
    kinds = np.where(shown.any(1), shown.argmax(1), len(places))  # (P,)
    weights: NDArray[np.float64] = 1 / np.bincount(kinds)[kinds] ** evenness
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares
