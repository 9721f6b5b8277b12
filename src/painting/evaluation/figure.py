"""A figure: one measured number, with all that it takes to read it and to measure it again."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Better = Literal["higher", "lower", "like real"]


@dataclass(frozen=True)
class Figure:
    """`value` over `n` pictures; `real` is the same measure on real pictures, `chance` what ignoring prompts gives.

    Of a distance `real` is the floor: what real pictures of the same number have from others.
    """

    name: str
    value: float
    n: int
    extractor: str
    """Which network or reader saw the pictures; figures of different ones cannot be compared."""
    split: str
    """Where the prompts came from, or the real pictures: "train", "validation", "test", "zero-shot"."""
    protocol: str
    """One sentence that says how to measure it again."""
    real: float | None = None
    chance: float | None = None
    spread: float | None = None
    """The standard deviation of `value` over generation seeds."""
    seed: int = 0
    """The seed of the first picture; the others count up from it."""
    better: Better | None = None
    """Where a better painter's value lies."""

    def as_dict(self) -> dict[str, Any]:
        """For a painter's card: what is not known is left out, shares and distances keep four decimals."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in known.items()}
