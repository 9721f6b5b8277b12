"""A figure: one measured number, with all that it takes to read it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` over `n` pictures; `real` is the same measure on real pictures, `chance` what ignoring prompts gives."""

    name: str
    value: float
    n: int
    extractor: str
    """Which network or reader saw the pictures; figures of different ones cannot be compared."""
    split: str
    protocol: str
    """One sentence that says how to measure it again."""
    real: float | None = None
    chance: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For a painter's card: what is not known is left out, shares and distances keep four decimals."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in known.items()}
