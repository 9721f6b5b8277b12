"""A painter's weights come back into networks of its shape as the file stores them, or none do."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from tests.training.conftest import latent_flow_preset, randomise
from tests.training.tiny_presets import lasting_values
from torch import Tensor

from painting.errors import TrainingError
from painting.files import painter_file
from painting.models.latent_flow import LatentFlowSampler
from painting.onnx_session import open_session
from painting.painters import catalog
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset_info import DatasetInfo
from painting.training.export.exporter import painter_graph
from painting.training.export.quantization import round_to_stored
from painting.training.export.weight_import import take_weights
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.preset_loader import load_preset

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
Exported = tuple[LatentFlowSampler, bytes]
FACTS = DatasetInfo("hash", {}, ("kind=rose",), caption_mean=(0.0,) * 5, caption_std=(1.0,) * 5)


def fresh(table: str, **settings: Any) -> LatentFlowSampler:
    """A new run's sampler, with other settings in one of its preset's tables."""
    values = lasting_values() | {"seed": 11}
    values[table] |= settings
    return LatentFlowNetworks(latent_flow_preset(values), FACTS).sampler()


@pytest.fixture(scope="module")
def single() -> Exported:
    """A sampler of a single step, as that of the flowers is, and its graph."""
    sampler = fresh("distillation", steps=1).eval()
    randomise(sampler)
    sampler.scale.measure(3 * torch.randn(8, 2, 8, 8) + 1)
    round_to_stored(sampler)
    return sampler, painter_graph(sampler, 128, 5)


@pytest.fixture(scope="module")
def unrolled(exported_finished: Any) -> Exported:
    """One of two steps, which the graph has unrolled."""
    sampler = exported_finished.networks.sampler().eval()
    round_to_stored(sampler)
    return sampler, painter_file.read(exported_finished.painter).generator


@pytest.mark.parametrize(("painter", "steps"), [("single", 1), ("unrolled", 2)])
def test_weights_come_back_as_they_are_stored(
    request: pytest.FixtureRequest, painter: str, steps: int, differing: Differing
) -> None:
    stored, graph = request.getfixturevalue(painter)
    taking = fresh("distillation", steps=steps)
    untold = taking.prior.null_emb.detach().clone()
    take_weights(taking, graph)
    assert differing(stored.state_dict(), taking.state_dict()) == ["prior.null_emb"]
    assert torch.equal(taking.prior.null_emb, untold)  # a student is always told its text


def test_what_is_taken_is_stored_and_paints_as_before(single: Exported) -> None:
    taking = fresh("distillation", steps=1).eval()
    take_weights(taking, single[1])
    round_to_stored(taking)
    random = torch.Generator().manual_seed(0)
    noise, text = torch.randn(3, 128, generator=random), torch.randn(3, 5, generator=random)
    with torch.no_grad():
        wanted = single[0](noise, text)
        assert torch.equal(taking(noise, text), wanted)
    assert wanted.float().std() > 5


def test_the_bundled_flowers_painter_can_be_begun_from_with_the_preset_of_its_name() -> None:
    painter, preset = painter_file.read(catalog.find("flowers")), load_preset("flowers")
    assert isinstance(preset, LatentFlowPreset)
    mean, std = painter.manifest.caption_mean or (), painter.manifest.caption_std or ()
    taking = (
        LatentFlowNetworks(preset, DatasetInfo("hash", {}, ("species=rose",), caption_mean=mean, caption_std=std))
        .sampler()
        .eval()
    )
    take_weights(taking, painter.generator)
    random = torch.Generator().manual_seed(0)
    given = torch.randn(2, taking.prior.latent_size, generator=random), torch.randn(2, len(mean), generator=random)
    with torch.no_grad():
        pictures = taking(*given).numpy().astype(int)
    session = open_session(painter.generator, 1, TrainingError)
    wanted = session.run(None, {"latents": given[0].numpy(), "text_vectors": given[1].numpy()})[0]
    assert abs(pictures - wanted).max() <= 2 and wanted.std() > 5


def test_a_painter_that_was_not_finished_is_refused_and_nothing_is_changed(differing: Differing) -> None:
    unfinished = LatentFlowNetworks(latent_flow_preset(lasting_values()), FACTS).teacher().eval()
    taking = fresh("distillation", steps=1)
    before = {name: tensor.clone() for name, tensor in taking.state_dict().items()}
    with pytest.raises(TrainingError, match="was not finished, or by an older version: take another"):
        take_weights(taking, painter_graph(unfinished, 128, 5))
    assert not differing(before, taking.state_dict())


@pytest.mark.parametrize(
    ("table", "settings", "told"),
    [
        ("decoder_growth", {"decoder_widths": [16, 16, 16, 24]}, r"decoder\.grain_in\.weight has another size"),
        ("prior", {"width": 64}, r"prior\.attentions\.1\.norm\.bias is missing"),
        ("prior", {"depth": 4}, r"prior\.attentions\.3\.out\.bias is missing"),
    ],
)
def test_a_painter_of_another_shape_is_refused_and_nothing_is_changed(
    exported_finished: Any, table: str, settings: dict[str, Any], told: str, differing: Differing
) -> None:
    taking = fresh(table, **settings)
    before = {name: tensor.clone() for name, tensor in taking.state_dict().items()}
    with pytest.raises(TrainingError, match=f"of another shape than the preset: {told}. Take a preset with its widths"):
        take_weights(taking, painter_file.read(exported_finished.painter).generator)
    assert not differing(before, taking.state_dict())
