"""The base of all presets: the data, the model's name and what every run has; each model adds tables of its own.

Units are in the names: kimg are thousands of training images, widths are channels, sizes are pixels.
"""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from painting.errors import TrainingError
from painting.training.config.schema import override

SEED_LIMIT = 2**63
"""Seeds are below this: torch takes no larger ones."""

Constraints = list[tuple[bool, str]]
"""(violated, message) pairs."""


@dataclass(frozen=True)
class DataPreset:
    """The training pictures: a captioned folder, drawn shapes or digits; their size and augmentation."""

    source: str
    size: int
    views: int
    flip: bool
    text_encoder: str | None = None
    """None: the model takes no text."""
    synonyms: bool = False
    """Whether half the captions that name colours get other words for them."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """The keys of every preset.

    `snapshots`: how many a stage has, each with its networks and a row of samples. `evaluate_every_kimg`: how often a
    run is evaluated as it trains; 0: never.
    """

    sources: ClassVar[tuple[str, ...]] = ("folder", "shapes")
    """The values of data.source that suit the model."""
    takes_text: ClassVar[bool] = True
    """Whether the model is conditioned on text, so that its captions need a text encoder."""
    name: str
    model: str
    seed: int
    tick_kimg: float
    snapshots: int = 10
    evaluate_every_kimg: float = 0.0
    data: DataPreset

    @property
    def last_stage(self) -> str:
        """The table of the stage whose length --kimg and --epochs set."""
        return "gan"

    def constraints(self) -> Constraints:
        """What must hold between keys, beyond their types."""
        return [
            (
                self.data.source not in self.sources,
                f"data.source must be {' or '.join(self.sources)} for {self.model}, not {self.data.source}.",
            ),
            (self.data.synonyms and self.data.source != "folder", "data.synonyms are for captions of a folder."),
            (self.takes_text and self.data.text_encoder is None, "data.text_encoder must name the text encoder."),
            (self.seed >= SEED_LIMIT, f"seed must be below {SEED_LIMIT}."),
            (round(1000 * self.tick_kimg) == 0, "tick_kimg must be at least an image: 0.001."),
            (0 < self.evaluate_every_kimg < 0.001, "evaluate_every_kimg must be at least an image: 0.001; 0: never."),
        ]

    def validated(self) -> Self:
        """The preset itself; raises TrainingError where a constraint is violated."""
        for violated, message in self.constraints():
            if violated:
                raise TrainingError(f"The preset {self.name} is inconsistent: {message}")
        return self

    def replaced(self, **changes: Any) -> Self:
        """A validated copy with other values; a mapping changes some keys of a table: `prior={"batch": 8}`.

        Raises TrainingError for an unknown key, a value of another type, and a violated constraint.
        """
        return override(self, changes, "preset").validated()

    def as_dict(self) -> dict[str, Any]:
        """The preset as plain values, as in its TOML file."""
        return asdict(self)
