"""The base of all presets: the data, the model's name and what every run has; each model adds tables of its own.

Units are in the names: kimg are thousands of training images, widths are channels, sizes are pixels.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self

from painting.errors import TrainingError
from painting.training.config.schema import override

SEED_LIMIT = 2**63
"""Seeds are below this: torch takes no larger ones."""

Constraints = list[tuple[bool, str]]
"""(violated, message) pairs."""
MIN_WARMUPS = 2.0
"""A stage lasts at least so many times its warm-up: in less, what the warm-up protects hardly begins."""


@dataclass(frozen=True)
class DataPreset:
    """The pictures, and how they are varied."""

    source: str
    """Where pictures come from: `"folder"` (captioned pictures), `"shapes"` (drawn by code) or `"digits"` (MNIST's)."""
    size: int
    """Side of the square training pictures in px."""
    views: int
    """Views cached of each picture: the middle square, then random crops with 80 to 100% of its side."""
    flip: bool
    """Whether half the pictures are mirrored, drawn anew at each step."""
    text_encoder: str | None = None
    """The text encoder's name, folder or zip; none for a model that takes no text."""
    synonyms: bool = False
    """Whether half the captions that name colours get other words for them."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """The keys of every preset."""

    sources: ClassVar[tuple[str, ...]] = ("folder", "shapes")
    """The values of data.source that suit the model."""
    takes_text: ClassVar[bool] = True
    """Whether the model is conditioned on text, so that its captions need a text encoder."""
    name: str
    """The preset's name: that of the run's folder and of the exported painter."""
    model: str
    """The model: `latent-flow`, `digits-gan`, `tac-gan`, or a plug-in's."""
    seed: int
    """Random seed of weights and of everything that is drawn, below 2**63; `--seed`."""
    tick_kimg: float
    """Thousands of images between two ticks: statistics, a sample grid, a checkpoint."""
    snapshots: int = 10
    """Snapshots of each stage, evenly spaced, each with its networks and a row of samples; `--snapshots`."""
    evaluate_every_kimg: float = 0.0
    """Thousands of images between evaluations on held-out pictures, 0: never; `--evaluate-every-kimg`."""
    data: DataPreset
    """The table of the pictures."""

    @property
    def last_stage(self) -> str:
        """The table of the stage whose length --kimg and --epochs set."""
        return "gan"

    def min_kimg(self, stage: str) -> float:
        """The shortest useful length of a stage in thousands of images: `MIN_WARMUPS` warm-ups; 0 without one."""
        warmup: float = getattr(getattr(self, stage), "warmup_kimg", 0.0)
        return MIN_WARMUPS * warmup

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
            *self._constraints_of_lengths(),
        ]

    def _constraints_of_lengths(self) -> Constraints:
        stages = [field.name for field in fields(self) if hasattr(getattr(self, field.name), "kimg")]
        return [
            (
                getattr(self, stage).kimg < self.min_kimg(stage),
                f"{stage}.kimg {getattr(self, stage).kimg:g} (--kimg, --epochs) is too few to help: "
                f"at least {self.min_kimg(stage):g}, {MIN_WARMUPS:g} times its warmup_kimg.",
            )
            for stage in stages
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
