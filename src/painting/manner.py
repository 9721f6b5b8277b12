"""How pictures are painted, beside what they show and by which seeds."""

from dataclasses import dataclass

from painting.variations import Variation


@dataclass(frozen=True)
class Manner:
    """What a caller may ask for: nothing in it changes what is painted unless it is given.

    `truncation`: 0.1 … 1; below 1, pictures are more typical and more alike. `strength`: 0 … 1.5, how closely the
    prompt is followed, for painters that were trained to be told. `variation`: how near pictures are to the seed's own.
    """

    truncation: float = 1.0
    strength: float = 1.0
    variation: Variation | None = None


PLAIN = Manner()
