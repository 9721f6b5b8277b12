"""Presets: what a run trains and how long, as data in TOML files, checked when read.

Units are in the names: kimg are thousands of images seen, widths are channels, sizes are pixels.
"""

import math
import tomllib
import types
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from painting.errors import TrainingError
from painting.models.latent_flow import GRID, Sampling

MODELS = ("latent-flow",)
SOURCES = ("folder", "shapes")
SEEDS = 2**63
"""How many seeds torch takes."""


@dataclass(frozen=True)
class DataPreset:
    """Which pictures: a captioned folder or the drawn shapes, their size, and how each is varied."""

    source: str
    size: int
    views: int
    flip: bool
    text_encoder: str


@dataclass(frozen=True)
class FeaturesPreset:
    """The attribute classifier whose features measure likeness."""

    kimg: float
    batch: int
    learning_rate: float
    widths: tuple[int, ...]


@dataclass(frozen=True)
class AutoencoderPreset:
    """Encoder, decoder and the discriminator that sharpens the decoder in the last part of the stage."""

    kimg: float
    batch: int
    learning_rate: float
    latent_channels: int
    encoder_widths: tuple[int, ...]
    decoder_widths: tuple[int, ...]
    l1_weight: float
    perceptual_weight: float
    latent_pull_weight: float
    latent_noise: float
    discriminator_width: int
    adversarial_weight: float
    adversarial_from: float


@dataclass(frozen=True)
class PriorPreset:
    """The flow-matching transformer on standardised latents."""

    kimg: float
    batch: int
    learning_rate: float
    warmup_kimg: float
    width: int
    depth: int
    heads: int
    text_dropout: float
    ema_halflife_kimg: float


@dataclass(frozen=True)
class Preset:
    """A whole run of the latent flow painter."""

    name: str
    model: str
    seed: int
    tick_kimg: float
    data: DataPreset
    features: FeaturesPreset
    autoencoder: AutoencoderPreset
    prior: PriorPreset
    sampler: Sampling

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def preset_names() -> list[str]:
    """The names of the presets that come with the package."""
    folder = resources.files("painting") / "presets"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_preset(name: str) -> Preset:
    """Read a preset by its name, or from a TOML file of the user's.

    Raises TrainingError that says which key is missing, unknown or of the wrong kind.
    """
    if name in preset_names():
        file = resources.files("painting") / "presets" / f"{name}.toml"
    elif name.endswith(".toml") and Path(name).is_file():
        file = Path(name)
    else:
        raise TrainingError(f"There is no preset {name!r}. Take one of {', '.join(preset_names())}, or a .toml file.")
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrainingError(f"The preset {name} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # no TOML, or not even UTF-8
        raise TrainingError(f"The preset {name} is not valid TOML: {error}.") from error
    return preset_from_dict(values)


def preset_from_dict(values: dict[str, Any]) -> Preset:
    """Build a preset from plain values, checking every key and type, and that they go together."""
    preset: Preset = _build(Preset, values, "preset")
    _check_fit(preset)
    return preset


def _check_fit(preset: Preset) -> None:
    size, ae, prior = preset.data.size, preset.autoencoder, preset.prior
    halvings = len(ae.encoder_widths)
    misfits = [
        (preset.model not in MODELS, f"model must be one of {', '.join(MODELS)}, not {preset.model}."),
        (preset.data.source not in SOURCES, f"data.source must be one of {', '.join(SOURCES)}."),
        (preset.seed >= SEEDS, f"seed must be below {SEEDS}."),
        (round(1000 * preset.tick_kimg) == 0, "tick_kimg must be at least an image: 0.001."),
        (size != GRID * 2**halvings, f"{halvings} encoder_widths fit data.size {GRID * 2**halvings}, not {size}."),
        (
            len(ae.decoder_widths) != halvings + 1,
            f"decoder_widths must be {halvings + 1} widths, one more than encoder_widths.",
        ),
        (prior.width % prior.heads != 0, f"prior.width {prior.width} must be a multiple of prior.heads {prior.heads}."),
    ]
    for wrong, sentence in misfits:
        if wrong:
            raise TrainingError(f"The preset {preset.name} does not fit together: {sentence}")


def _build(kind: Any, value: Any, where: str) -> Any:
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or not value:
            raise TrainingError(f"{where} must be a list, not {value!r}.")
        return tuple(_build(get_args(kind)[0], entry, where) for entry in value)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise TrainingError(f"{where} must be of type {kind.__name__}, not {value!r}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise TrainingError(f"{where} must be a finite number, but is {value!r}.")
    if isinstance(value, int | float) and value < 0:
        raise TrainingError(f"{where} must not be negative, but is {value!r}.")
    if type(value) is int and value == 0 and where != "preset.seed":
        raise TrainingError(f"{where} must be at least 1.")
    return value


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise TrainingError(f"{where} must be a table, not {value!r}.")
    hints: dict[str, type | types.GenericAlias] = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if unknown := sorted(set(value) - set(names)):
        raise TrainingError(f"{where} has an unknown key {unknown[0]!r}. Known keys: {', '.join(names)}.")
    if missing := [f.name for f in fields(kind) if f.default is MISSING and f.name not in value]:
        raise TrainingError(f"{where} lacks the key {missing[0]!r}.")
    return kind(**{name: _build(hints[name], given, f"{where}.{name}") for name, given in value.items()})
