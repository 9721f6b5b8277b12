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
MIN_SCRATCH_FRACTION = 0.02
"""The fraction of a preset's lengths below which a run from random weights shows nothing: digits appear at 0.025."""


@dataclass(frozen=True)
class DataPreset:
    """The pictures, and how they are varied."""

    source: str
    """Where pictures come from: `"folder"` (captioned pictures), `"shapes"` (drawn by code) or `"digits"` (MNIST's)."""
    size: int
    """Side of the square training pictures in px."""
    views: int
    """Views cached of each picture: the middle square, then random crops with 80 to 100% of its side. Where `alpha` is
    learned, every view of a transparent picture is all of it, padded to a square."""
    flip: bool
    """Whether half the pictures are mirrored, drawn anew at each step."""
    text_encoder: str | None = None
    """The text encoder's name, folder or zip; none for a model that takes no text."""
    alpha: bool = False
    """Whether transparency is learned and painted; else pictures are laid on white."""
    synonyms: bool = False
    """Whether half the captions that name colours get other words for them."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """The keys of every preset."""

    sources: ClassVar[tuple[str, ...]] = ("folder", "shapes")
    """The values of data.source that suit the model."""
    paints_alpha: ClassVar[bool] = False
    """Whether the model can learn transparency."""
    takes_text: ClassVar[bool] = True
    """Whether the model is conditioned on text, so that its captions need a text encoder."""
    name: str
    """The preset's name: that of a run without a folder of pictures."""
    model: str
    """The model: `latent-flow`, `digits-gan`, `tac-gan`, or a plug-in's."""
    seed: int
    """Random seed of weights and of everything that is drawn, below 2**63; `--seed`."""
    ticks: int = 60
    """Ticks of each stage, evenly spaced: statistics, a sample grid, a checkpoint; `--minutes` sets one every two."""
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

    @property
    def stage_tables(self) -> tuple[str, ...]:
        """The tables of its stages, in the order of training: those that have a length."""
        return tuple(field.name for field in fields(self) if hasattr(getattr(self, field.name), "kimg"))

    def min_kimg(self, stage: str, is_warm_start: bool = False) -> float:
        """The shortest useful length of a stage in thousands of images, however it is set.

        `MIN_WARMUPS` warm-ups, and from random weights `MIN_SCRATCH_FRACTION` of its length in this preset.
        """
        table = getattr(self, stage)
        warmup: float = getattr(table, "warmup_kimg", 0.0)
        length: float = table.kimg
        return max(MIN_WARMUPS * warmup, 0.0 if is_warm_start else MIN_SCRATCH_FRACTION * length)

    def constraints(self) -> Constraints:
        """What must hold between keys, beyond their types."""
        return [
            (
                self.data.source not in self.sources,
                f"data.source must be {' or '.join(self.sources)} for {self.model}, not {self.data.source}.",
            ),
            (
                self.data.alpha and not (self.paints_alpha and self.data.source == "folder"),
                f"data.alpha is for a folder's pictures and latent-flow, not for {self.data.source} and {self.model}.",
            ),
            (self.data.synonyms and self.data.source != "folder", "data.synonyms are for captions of a folder."),
            (self.takes_text and self.data.text_encoder is None, "data.text_encoder must name the text encoder."),
            (self.seed >= SEED_LIMIT, f"seed must be below {SEED_LIMIT}."),
            (0 < self.evaluate_every_kimg < 0.001, "evaluate_every_kimg must be at least an image: 0.001; 0: never."),
            *self._constraints_of_lengths(),
        ]

    def _constraints_of_lengths(self) -> Constraints:
        kimg = {stage: getattr(self, stage).kimg for stage in self.stage_tables}
        return [
            (length < self.min_kimg(stage), _too_few(stage, length, self.min_kimg(stage)))
            for stage, length in kimg.items()
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

    def with_last_stage(self, kimg: float, is_warm_start: bool) -> Self:
        """A validated copy whose last stage has another length; raises TrainingError where that is too few to help."""
        changed = override(self, {self.last_stage: {"kimg": kimg}}, "preset")
        least = self.min_kimg(self.last_stage, is_warm_start)
        if kimg < least:
            raise TrainingError(_too_few(self.last_stage, kimg, least))
        return changed.validated()

    def as_dict(self) -> dict[str, Any]:
        """The preset as plain values, as in its TOML file."""
        return asdict(self)


def _too_few(stage: str, kimg: float, least: float) -> str:
    return f"{stage}.kimg {kimg:g} (--kimg, --epochs) is too few to help: at least {least:g}."
