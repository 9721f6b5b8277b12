"""Pictures near another one: their latents lie on the way from its seed's to those of other seeds.

N counts pictures, Z is the latent size.
"""

from dataclasses import dataclass

import numpy as np

from painting.images import FloatArray
from painting.interpolation import latents_between
from painting.latents import check_seed, picture_seeds, random_seed
from painting.validation import check_number


@dataclass(frozen=True)
class Variation:
    """How far pictures are from their seed's own one, towards others.

    `strength`: the part of the way, from 0, which is the seed's own picture, to 1, which is the other's. `subseed`: the
    seed of the first other picture, from which picture i's is `subseed + i`; None draws one, which the result tells.
    """

    strength: float
    subseed: int | None = None

    def subseeds(self, count: int) -> tuple[int, ...]:
        """The other pictures' seeds, one for each of `count` pictures; none at strength 0. Raises InvalidRequest."""
        strength = check_subseed_strength(self.strength)
        if self.subseed is not None:
            check_seed(self.subseed, "subseed")
        if not strength:
            return ()
        return tuple(picture_seeds(random_seed() if self.subseed is None else self.subseed, count))


def check_subseed_strength(strength: object) -> float:
    """Return the strength of a variation when it is a number from 0 to 1; raises InvalidRequest."""
    return check_number(strength, "subseed_strength", 0, 1)


def latents_near(own: FloatArray, others: FloatArray, strength: float) -> FloatArray:
    """Latents (N, Z) at a part of the way from `own` to `others` (N, Z), row by row, each on its great circle."""
    at = np.array([strength], np.float64)
    return np.concatenate([latents_between(one, other, at) for one, other in zip(own, others, strict=True)])
