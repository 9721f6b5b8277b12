"""Weights of a painter are imported into a sampler of its shape as its graph computes with them, or none are."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from tests.training.conftest import latent_flow_preset, randomise
from tests.training.tiny_presets import lasting_values
from torch import Tensor

from painting.errors import TrainingError
from painting.files import painter_file
from painting.models.latent_flow import LatentFlowSampler
from painting.onnx_session import open_session
from painting.painters import catalog
from painting.training.config.latent_flow import LatentFlowPreset
from painting.training.dataset.dataset_info import DatasetInfo
from painting.training.export.exporter import painter_graph
from painting.training.export.quantization import round_to_stored
from painting.training.export.weight_import import import_weights
from painting.training.export.weight_map import METADATA_KEY, StoredParameter, read_weight_map
from painting.training.latent_flow.networks import LatentFlowNetworks
from painting.training.preset_loader import load_preset

pytestmark = pytest.mark.slow

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]
Exported = tuple[LatentFlowSampler, bytes]
FACTS = DatasetInfo("hash", {}, ("kind=rose",), caption_mean=(0.0,) * 5, caption_std=(1.0,) * 5)


def fresh(table: str = "prior", **settings: Any) -> LatentFlowSampler:
    """A new run's sampler, with other settings in one of its preset's tables."""
    values = lasting_values() | {"seed": 11}
    values[table] |= settings
    return LatentFlowNetworks(latent_flow_preset(values), FACTS).sampler()


@pytest.fixture(scope="module")
def single(exported_finished: Any) -> Exported:
    """A sampler of a single step, as that of the flowers is, and its graph."""
    sampler = exported_finished.networks.sampler().eval()
    round_to_stored(sampler)
    return sampler, painter_file.read(exported_finished.painter).generator


@pytest.fixture
def model(single: Exported) -> onnx.ModelProto:
    """The graph of a single step, to damage."""
    return onnx.load_from_string(single[1])


@pytest.fixture(scope="module")
def unrolled() -> Exported:
    """One of two guided steps, which the graph has unrolled: the painter of a run without fine-tuning."""
    values = lasting_values() | {"finetuning": None}
    sampler = LatentFlowNetworks(latent_flow_preset(values), FACTS).sampler().eval()
    randomise(sampler)
    sampler.scale.measure(3 * torch.randn(8, 2, 8, 8) + 1)
    round_to_stored(sampler)
    return sampler, painter_graph(sampler, 128, 5)


@pytest.mark.parametrize("painter", ["single", "unrolled"])
def test_weights_come_back_as_they_are_stored(
    request: pytest.FixtureRequest, painter: str, differing: Differing
) -> None:
    stored, graph = request.getfixturevalue(painter)
    taking = fresh()
    unconditional = taking.prior.null_emb.detach().clone()
    import_weights(taking, graph)
    assert differing(stored.state_dict(), taking.state_dict()) == ["prior.null_emb"]
    assert torch.equal(taking.prior.null_emb, unconditional)  # fine-tuning is always conditioned on its text


def test_what_is_taken_is_stored_and_paints_as_before(single: Exported) -> None:
    taking = fresh().eval()
    import_weights(taking, single[1])
    round_to_stored(taking)
    random = torch.Generator().manual_seed(0)
    noise, text = torch.randn(3, 128, generator=random), torch.randn(3, 5, generator=random)
    with torch.no_grad():
        wanted = single[0](noise, text)
        assert torch.equal(taking(noise, text), wanted)
    assert wanted.float().std() > 5


def test_the_bundled_flowers_painter_can_be_begun_from_with_the_preset_of_its_name() -> None:
    painter, preset = painter_file.read(catalog.find("flowers")), load_preset("small")
    assert isinstance(preset, LatentFlowPreset)
    mean, std = painter.manifest.caption_mean or (), painter.manifest.caption_std or ()
    taking = (
        LatentFlowNetworks(preset, DatasetInfo("hash", {}, ("species=rose",), caption_mean=mean, caption_std=std))
        .sampler()
        .eval()
    )
    import_weights(taking, painter.generator)
    random = torch.Generator().manual_seed(0)
    given = torch.randn(2, taking.prior.latent_size, generator=random), torch.randn(2, len(mean), generator=random)
    with torch.no_grad():
        pictures = taking(*given).numpy().astype(int)
    session = open_session(painter.generator, 1, TrainingError)
    wanted = session.run(None, {"latents": given[0].numpy(), "text_vectors": given[1].numpy()})[0]
    assert abs(pictures - wanted).max() <= 2 and wanted.std() > 5


@pytest.mark.parametrize(
    ("table", "settings", "differs"),
    [
        ("autoencoder", {"decoder_widths": [16, 16, 16, 24]}, r"decoder\.grain_in\.weight has another size"),
        ("prior", {"width": 64}, r"prior\.attentions\.1\.norm\.bias has another size"),
        ("prior", {"depth": 4}, r"prior\.attentions\.3\.norm\.bias is missing"),
    ],
)
def test_a_painter_of_another_shape_is_refused_and_nothing_is_changed(
    exported_finished: Any, table: str, settings: dict[str, Any], differs: str, differing: Differing
) -> None:
    taking = fresh(table, **settings)
    before = {name: tensor.clone() for name, tensor in taking.state_dict().items()}
    with pytest.raises(TrainingError, match=f"another shape than the preset: {differs}. Take a preset with its widths"):
        import_weights(taking, painter_file.read(exported_finished.painter).generator)
    assert not differing(before, taking.state_dict())


def test_imported_weights_are_those_that_the_graph_computes_with(single: Exported, model: onnx.ModelProto) -> None:
    """The graph is given its own dequantized weights as outputs."""
    compressed = {
        name: stored.initializer.rpartition("/")[0]
        for name, stored in read_weight_map(model).items()
        if stored.initializer.endswith(("/int8", "/float16"))
    }
    for output in sorted(set(compressed.values())):
        model.graph.output.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, None))
    session = open_session(model.SerializeToString(), 1, TrainingError)
    feed = {"latents": np.zeros((1, 128), np.float32), "text_vectors": np.zeros((1, 5), np.float32)}
    computed = dict(zip(compressed.values(), session.run(list(compressed.values()), feed), strict=True))
    sampler = fresh()
    import_weights(sampler, single[1])
    state = sampler.state_dict()
    assert len(compressed) > 10
    for name, output in compressed.items():
        values = computed[output].T if read_weight_map(model)[name].transposed else computed[output]
        np.testing.assert_array_equal(state[name].numpy(), values, err_msg=name)


def test_a_painter_without_a_weight_map_is_refused_in_one_sentence(model: onnx.ModelProto) -> None:
    model.ClearField("metadata_props")
    with pytest.raises(TrainingError, match="has no weight map: export its run again with this version") as refused:
        import_weights(fresh(), model.SerializeToString())
    assert "\n" not in str(refused.value)


def remap(model: onnx.ModelProto, **changed: str) -> bytes:
    """The model with other entries in its map for the parameter of the x embedder's weights."""
    (entry,) = model.metadata_props
    assert entry.key == METADATA_KEY
    parameters = json.loads(entry.value)
    parameters["prior.text_embedder.0.weight"] |= changed
    entry.value = json.dumps(parameters)
    content: bytes = model.SerializeToString()
    return content


@pytest.mark.parametrize(
    "changed",
    [
        {"initializer": "nothing"},
        {"initializer": "prior.x_embedder.bias"},  # whose float32 needs no scale
        {"scale": "nothing"},
        {"scale": "prior.x_embedder.bias"},
        {"scale": "prior.x_embedder.weight/float16"},
        {"scale": ""},
    ],
)
def test_a_map_that_does_not_fit_its_graph_is_refused_and_nothing_is_changed(
    model: onnx.ModelProto, changed: dict[str, str], differing: Differing
) -> None:
    sampler = fresh()
    before = {name: tensor.clone() for name, tensor in sampler.state_dict().items()}
    with pytest.raises(TrainingError, match=r"does not fit its graph at '.*': take another painter"):
        import_weights(sampler, remap(model, **changed))
    assert not differing(before, sampler.state_dict())


def test_an_initializer_with_too_few_bytes_is_refused(model: onnx.ModelProto) -> None:
    stored = read_weight_map(model)["prior.text_embedder.0.weight"]
    assert stored == StoredParameter("prior.text_embedder.0.weight/int8", "prior.text_embedder.0.weight/scale")
    weight = next(weight for weight in model.graph.initializer if weight.name == stored.initializer)
    weight.raw_data = weight.raw_data[:-1]
    with pytest.raises(TrainingError, match=r"does not fit its graph at 'prior\.text_embedder\.0\.weight/int8'"):
        import_weights(fresh(), model.SerializeToString())
