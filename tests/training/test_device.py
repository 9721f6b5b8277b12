"""Half the precision trains as well, and pictures that a GPU's memory holds are the very ones of the set."""

import copy
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from tests.training.running import snapshot
from torch import Tensor

from painting.data.picture_set import CaptionedSet
from painting.errors import TrainingError
from painting.training import device, stage
from painting.training.dataset.batches import CaptionedBatches
from painting.training.device import autocast, compile_blocks, pictures_on_device, place_network, select_device
from painting.training.rng import RngKey

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
BYTES = 24 * 16 * 16 * 3
TORCH_COMPILE_WARNING = "ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning"  # of torch's own
STAGES = ["autoencoder", "prior", "finetuning"]

Differing = Callable[[dict[str, Tensor], dict[str, Tensor]], list[str]]


@pytest.fixture
def in_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "autocast", lambda device: torch.autocast("cpu", torch.bfloat16))


def test_a_cpu_computes_in_float32() -> None:
    with autocast(CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


@pytest.mark.parametrize("index", range(3), ids=STAGES)
def test_steps_in_bf16_give_losses_in_float32_near_those_of_float32(
    make_finished: Any, in_bf16: None, differing: Differing, index: int
) -> None:
    one, other = make_finished(), make_finished()
    losses = []
    for made, step in ((one, lambda stage, key: stage.step(key)), (other, other.recipe().step)):
        made.networks.adversaries.gate.open()
        trained = made.stages[index]
        trained.setup()
        late = RngKey(1, trained.name, trained.total_images // trained.batch - 2)  # where all losses take part
        losses.append([step(trained, late) for _ in range(2)])
    for plain, coarse in zip(*losses, strict=True):
        assert all(loss.dtype == torch.float32 for loss in coarse.values())
        for name in plain:
            assert float(coarse[name]) == pytest.approx(float(plain[name]), rel=0.05, abs=0.05), name
    weights = snapshot(other)
    assert differing(snapshot(one), weights)
    assert all(tensor.dtype != torch.bfloat16 for tensor in weights.values())


def test_a_published_network_computes_in_bf16_too(finished: Any, in_bf16: None) -> None:
    stage, seen = finished.stages[2], []
    stage.setup()
    stage.features.network.register_forward_hook(lambda network, given, maps: seen.extend(maps))
    finished.recipe().step(stage, RngKey(0, stage.name, 5))
    assert [maps.dtype for maps in seen] == 8 * [torch.bfloat16]  # four of painted pictures, four of photographs


def test_pictures_are_held_as_they_are_where_they_leave_half_of_the_memory_free(
    finite: CaptionedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "COPY_BLOCK_SIZE", 7)
    monkeypatch.setattr(device, "free_bytes", lambda device: 2 * BYTES)
    held = pictures_on_device(finite, CPU)
    assert held is not None
    np.testing.assert_array_equal(held.numpy(), finite.pictures(np.arange(24)))
    monkeypatch.setattr(device, "free_bytes", lambda device: 2 * BYTES - 2)
    assert pictures_on_device(finite, CPU) is None


def test_neither_an_endless_set_is_held_nor_any_on_a_cpu(
    finite: CaptionedSet, endless: CaptionedSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pictures_on_device(finite, CPU) is None
    monkeypatch.setattr(device, "free_bytes", lambda device: 2**40)
    assert pictures_on_device(endless, CPU) is None


def test_batches_of_held_pictures_are_those_of_the_set(finite: CaptionedSet, monkeypatch: pytest.MonkeyPatch) -> None:
    before = CaptionedBatches(finite, True, CPU)
    monkeypatch.setattr(device, "free_bytes", lambda device: 2**40)
    held = CaptionedBatches(finite, True, CPU)
    monkeypatch.setattr(finite, "pictures", None)  # nothing is read again
    for batches in (held, copy.copy(held)):
        selection = batches.select(RngKey(1, "prior", 0), 12)
        monkeypatch.undo()
        assert torch.equal(batches.pictures(selection), before.pictures(selection))


@pytest.fixture
def compiling() -> Iterator[None]:
    """Compiling as a GPU's networks are, with torch's settings put back afterwards."""
    settings = torch._dynamo.config
    with settings.patch(suppress_errors=settings.suppress_errors, recompile_limit=settings.recompile_limit):
        yield
    torch._dynamo.reset()


@pytest.mark.filterwarnings(TORCH_COMPILE_WARNING)
def test_compiled_blocks_compute_and_learn_as_before(networks: Any, compiling: None) -> None:
    prior = networks.prior
    for weights in prior.parameters():  # fresh gates are zero, so that no block would matter
        torch.nn.init.normal_(weights, std=0.2)
    other, backend = copy.deepcopy(prior), Mock(side_effect=lambda graph, given: graph)
    compile_blocks(other, backend)
    random = torch.Generator().manual_seed(0)
    maps, text = torch.randn(2, 2, 8, 8, generator=random), torch.randn(2, 5, generator=random)
    results = []
    for network in (prior, other):
        made = network(maps, torch.tensor([0.2, 0.7]), text, torch.tensor([True, False]))
        made.square().sum().backward()
        results.append([made, *(weights.grad for weights in network.parameters())])
    assert backend.called and other.state_dict().keys() == prior.state_dict().keys()
    for one, same in zip(*results, strict=True):
        torch.testing.assert_close(one, same)


@pytest.mark.filterwarnings(TORCH_COMPILE_WARNING)
def test_a_block_that_cannot_be_compiled_computes_as_ever(networks: Any, compiling: None) -> None:
    pictures = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    other, backend = copy.deepcopy(networks.autoencoder.encoder), Mock(side_effect=RuntimeError("no compiler"))
    compile_blocks(other, backend)
    torch.testing.assert_close(networks.autoencoder.encoder(pictures), other(pictures))
    assert backend.called


@pytest.mark.parametrize(
    ("compiler", "device", "times"), [("triton", "cuda", 1), ("", "cuda", 0), ("triton", "cpu", 0)]
)
def test_blocks_are_compiled_where_a_gpu_can_have_kernels_made(
    compiler: str, device: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled, network = Mock(), Mock()
    monkeypatch.setattr("painting.training.device.compile_blocks", compiled)
    monkeypatch.setattr("painting.training.device.find_spec", lambda name: object() if name == compiler else None)
    place_network(network, torch.device(device))
    network.to.assert_called_once_with(torch.device(device))
    assert compiled.call_count == times


def test_the_processor_can_always_be_chosen() -> None:
    assert select_device("cpu") == CPU


@pytest.mark.parametrize(("gpu", "mps", "chosen"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")])
def test_the_first_device_that_works_is_taken(
    monkeypatch: pytest.MonkeyPatch, gpu: bool, mps: bool, chosen: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setattr(torch, "zeros", lambda *size, device: None)
    assert select_device("auto").type == chosen


@pytest.mark.parametrize("name", ["gpu", "cuda:99", "", "cpu:x", "mps:7", "meta", "xpu"])
def test_a_device_that_cannot_be_used_is_named(name: str) -> None:
    with pytest.raises(TrainingError, match=f"The device '{name}' cannot be used: .*Take auto, cpu, cuda") as raised:
        select_device(name)
    assert len(str(raised.value)) < 250


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cpu:3", "there is 1 of its kind here, counted from 0"),
        ("cuda:2", "there are 2 of its kind here, counted from 0"),
        ("mps", "this torch cannot compute there"),
        ("cpu:x", "Invalid device string: 'cpu:x'"),
    ],
)
def test_the_error_says_why_a_device_cannot_be_used(monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    def zeros(size: int, device: torch.device) -> None:
        if device.type == "mps":
            raise NotImplementedError("Could not run 'aten::empty.memory_format' with arguments")

    monkeypatch.setattr(torch, "zeros", zeros)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(TrainingError) as raised:
        select_device(name)
    assert str(raised.value) == f"The device '{name}' cannot be used: {reason}. Take auto, cpu, cuda, cuda:1 or mps."
