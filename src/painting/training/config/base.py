"""What the presets of all models share; a model's own tables are in `latent_flow_preset` and `gan_presets`.

Units are in the names: kimg are thousands of images seen, widths are channels, sizes are pixels.
"""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

SEEDS = 2**63
"""How many seeds torch takes."""

Misfits = list[tuple[bool, str]]
"""What may be wrong, and the sentence that says so."""


@dataclass(frozen=True)
class DataPreset:
    """Which pictures: a captioned folder, the drawn shapes or digits; their size, and how all is varied."""

    source: str
    size: int
    views: int
    flip: bool
    text_encoder: str | None = None
    """None: the model takes no text."""
    synonyms: bool = False
    """Whether half the captions that name colours come in other words for them."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What every model's run has.

    `snapshots` is how many rows of pictures and networks a stage keeps; `evaluate_every_kimg` how often a run is
    measured as it goes, 0: never.
    """

    sources: ClassVar[tuple[str, ...]] = ("folder", "shapes")
    """Where pictures for the model may come from."""
    takes_text: ClassVar[bool] = True
    """Whether the model is told what to paint, so that a text encoder must read its captions."""
    name: str
    model: str
    seed: int
    tick_kimg: float
    snapshots: int = 10
    evaluate_every_kimg: float = 0.0
    data: DataPreset

    @property
    def last_stage(self) -> str:
        """The table of the stage that --kimg and --epochs speak of; a game has but one."""
        return "gan"

    def misfits(self) -> Misfits:
        """What does not go together, checked when a preset is read."""
        return [
            (
                self.data.source not in self.sources,
                f"data.source must be {' or '.join(self.sources)} for {self.model}, not {self.data.source}.",
            ),
            (self.data.synonyms and self.data.source != "folder", "data.synonyms are for captions of a folder."),
            (self.takes_text and self.data.text_encoder is None, "data.text_encoder must name the text encoder."),
            (self.seed >= SEEDS, f"seed must be below {SEEDS}."),
            (round(1000 * self.tick_kimg) == 0, "tick_kimg must be at least an image: 0.001."),
            (0 < self.evaluate_every_kimg < 0.001, "evaluate_every_kimg must be at least an image: 0.001; 0: never."),
        ]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
