"""Every preset of the package builds networks that fit together, and a mistake in a preset is refused by its name."""

from pathlib import Path
from typing import Any

import pytest
import torch

from painting.errors import TrainingError
from painting.models.autoencoder import Encoder
from painting.models.layers import LATENT_SIDE
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.config.preset_files import preset_names
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.preset_loader import load_preset, preset_from_dict
from painting.training.registry import build_networks

TEXT_WIDTH = 7
CAPTIONED = DatasetInfo(
    "hash", {}, ("kind=rose", "kind=tulip"), ("a rose",), "numbers", "ab" * 32, (0.0,) * TEXT_WIDTH, (1.0,) * TEXT_WIDTH
)
UNCAPTIONED = DatasetInfo("hash", {}, ("digit=0", "digit=1"))


def latent_flow_preset(name: str) -> LatentFlowPreset:
    preset = load_preset(name)
    assert isinstance(preset, LatentFlowPreset)
    return preset


def test_the_presets_that_the_documentation_names_are_there() -> None:
    assert {"small", "large", "shapes", "digits", "tac-gan"} <= set(preset_names())


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_what_it_says_and_survives_being_written_down(name: str) -> None:
    preset = load_preset(name)
    assert preset.name == name
    assert preset_from_dict(preset.as_dict()) == preset


@pytest.mark.parametrize("name", preset_names())
@torch.no_grad()
def test_what_a_preset_builds_paints_pictures_of_its_size(name: str) -> None:
    preset = load_preset(name)
    facts = CAPTIONED if preset.data.text_encoder else UNCAPTIONED
    networks = build_networks(preset, facts)
    inputs = [torch.zeros(1, size) for size in (networks.latent_size, facts.text_width) if size]
    painted = networks.sampler().eval()(*inputs)
    assert (painted.shape, painted.dtype) == ((1, preset.data.size, preset.data.size, 3), torch.uint8)


@pytest.mark.parametrize("name", ["small", "large", "shapes", "shapes-quick"])
@torch.no_grad()
def test_the_networks_of_a_latent_flow_preset_take_its_pictures(name: str) -> None:
    preset = latent_flow_preset(name)
    ae = preset.autoencoder
    pictures = torch.zeros(1, 3, preset.data.size, preset.data.size)
    assert Encoder(ae.encoder_widths, ae.latent_channels)(pictures).shape == (
        1,
        ae.latent_channels,
        LATENT_SIDE,
        LATENT_SIDE,
    )


def test_a_file_of_the_users_is_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PRESET)
    assert latent_flow_preset(str(path)).prior.heads == 2


def test_an_unknown_preset_is_answered_with_the_known_ones() -> None:
    with pytest.raises(TrainingError, match=r"no preset 'smal'.*shapes.*small"):
        load_preset("smal")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("name = ")
    with pytest.raises(TrainingError, match=r"mine.toml is not valid TOML"):
        load_preset(str(path))


@pytest.mark.parametrize(
    ("table", "key", "value", "said"),
    [
        (None, "modle", "x", "preset has an unknown key 'modle'"),
        ("prior", "widht", 16, "preset.prior has an unknown key 'widht'.*Known keys: .*width"),
        ("prior", "width", "wide", "preset.prior.width must be of type int, not 'wide'"),
        ("prior", "width", True, "preset.prior.width must be of type int, not True"),
        ("prior", "width", 16.0, "preset.prior.width must be of type int, not 16.0"),
        ("prior", "kimg", True, "preset.prior.kimg must be of type float, not True"),
        ("prior", "kimg", -1, "preset.prior.kimg must not be negative"),
        ("prior", "depth", -2, "preset.prior.depth must not be negative, but is -2"),
        ("data", "flip", 1, "preset.data.flip must be of type bool, not 1"),
        ("autoencoder", "encoder_widths", 8, "preset.autoencoder.encoder_widths must be a list, not 8"),
        ("autoencoder", "encoder_widths", [], "preset.autoencoder.encoder_widths must be a list"),
        ("autoencoder", "encoder_widths", [8, "x"], "preset.autoencoder.encoder_widths must be of type int, not 'x'"),
        (None, "sampler", 5, "preset.sampler must be a table, not 5"),
        ("prior", "kimg", float("nan"), "preset.prior.kimg must be a finite number"),
        ("prior", "kimg", float("inf"), "preset.prior.kimg must be a finite number"),
    ],
)
def test_a_mistake_is_named(values: dict[str, Any], table: str | None, key: str, value: object, said: str) -> None:
    (values[table] if table else values)[key] = value
    with pytest.raises(TrainingError, match=said):
        preset_from_dict(values)


@pytest.mark.parametrize("key", ["seed", "prior", "sampler"])
def test_a_missing_key_is_named(values: dict[str, Any], key: str) -> None:
    del values[key]
    with pytest.raises(TrainingError, match=f"preset lacks the key '{key}'"):
        preset_from_dict(values)


def test_a_missing_key_in_a_table_is_named(values: dict[str, Any]) -> None:
    del values["prior"]["heads"]
    with pytest.raises(TrainingError, match=r"preset.prior lacks the key 'heads'"):
        preset_from_dict(values)


def test_whole_numbers_do_where_fractions_may_stand(values: dict[str, Any]) -> None:
    values["prior"]["kimg"] = 2
    preset = preset_from_dict(values)
    assert isinstance(preset, LatentFlowPreset)
    assert preset.prior.kimg == 2 and isinstance(preset.prior.kimg, float)


def test_lists_become_tuples_so_that_a_preset_cannot_change(preset: LatentFlowPreset) -> None:
    assert preset.autoencoder.encoder_widths == (16,)


PRESET = """
name = "mine"
model = "latent-flow"
seed = 0
ticks = 60
data = {source = "folder", size = 16, views = 1, flip = true, text_encoder = "minilm-l6"}
prior.kimg = 1
prior.batch = 8
prior.learning_rate = 1e-3
prior.warmup_kimg = 0
prior.width = 16
prior.depth = 1
prior.heads = 2
prior.text_dropout = 0.1
prior.ema_halflife_kimg = 1
sampler = {steps = 2, guidance = 2}

[autoencoder]
kimg = 1
batch = 8
learning_rate = 1e-3
latent_channels = 2
encoder_widths = [8]
decoder_widths = [8]
l1_weight = 4
perceptual_weight = 1
feature_size = 32
latent_moment_weight = 0.1
latent_noise_std = 0.05
ema_halflife_kimg = 1
"""


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model", "latent-flaw", "model must be one of latent-flow, digits-gan, tac-gan, not 'latent-flaw'"),
        ("seed", 2**63, "seed must be below 9223372036854775808"),
        ("ticks", 0, "ticks must be at least 1"),
    ],
)
def test_what_no_training_can_use_is_refused(key: str, value: object, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        preset_from_dict(load_preset("small").as_dict() | {key: value})


def test_a_file_that_is_not_even_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TrainingError, match="is not valid TOML"):
        load_preset(str(tmp_path / "mine.toml"))
