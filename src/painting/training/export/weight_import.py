"""A painter file's weights, back in networks of the same shape: what a new run can begin from."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from painting.errors import TrainingError
from painting.models.autoencoder import LatentScale
from painting.models.latent_flow import LatentFlowSampler
from painting.training.export.quantization import stored_weights
from painting.training.export.scale_fusion import fused_scales

UNTOLD = {"prior.null_emb"}
"""What an exported graph has no use for: a student paints without guidance."""
GRAIN = "decoder.grain.fields"
Scaling = tuple[NDArray[np.float32], NDArray[np.float32]]


def take_weights(sampler: LatentFlowSampler, graph: bytes) -> None:
    """Put the weights of a painter's graph into a sampler of the same shape on the CPU, as they are stored there.

    Raises TrainingError where the graph is of another shape.
    """
    stored = onnx.load_from_string(graph).graph
    taken = {name: torch.from_numpy(values.copy()) for name, values in stored_weights(stored).items()}
    order, merged = _acting(sampler), fused_scales(stored)
    taken |= _turned(stored, taken) | _scalings(order, merged)
    if GRAIN not in taken:
        raise TrainingError("The painter to begin from was not finished, or by an older version: take another.")
    wanted = sampler.state_dict()
    for name in sorted(wanted.keys() - UNTOLD):
        if name not in taken or taken[name].shape != wanted[name].shape:
            raise TrainingError(
                f"The painter to begin from is of another shape than the preset: {name} "
                f"{'has another size' if name in taken else 'is missing'}. Take a preset with its widths and depths."
            )
    again = sum(name.startswith("prior.") for name, _ in order)  # they act anew in each of a student's steps
    if len(merged) < len(order) or (len(merged) - len(order)) % again:
        raise TrainingError("The painter to begin from has other normalisations than the preset's networks.")
    sampler.load_state_dict({name: taken.get(name, value) for name, value in wanted.items()})


def _turned(graph: onnx.GraphProto, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Linear weights that an exporter has transposed in advance, which ends their names: those of biases behind them
    tell them."""
    products = {node.output[0]: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    sums = [node.input for node in graph.node if node.op_type == "Add"]
    return {
        bias.removesuffix("bias") + "weight": weights[products[product]].T
        for product, bias in sums
        if bias.endswith(".bias") and products.get(product) in weights
    }


def _scalings(order: Sequence[tuple[str, nn.Module]], merged: Sequence[Scaling]) -> dict[str, Tensor]:
    """Gains and shifts, which a graph no longer names: those of its last step stand in the order in which they act."""
    taken: dict[str, Tensor] = {}
    for (name, module), (scale, shift) in zip(reversed(order), reversed(merged), strict=False):
        gain, offset = ("std", "mean") if isinstance(module, LatentScale) else ("weight", "bias")
        shape = getattr(module, gain).shape
        if scale.size == shape.numel():
            taken |= {
                f"{name}.{gain}": torch.from_numpy(scale).reshape(shape),
                f"{name}.{offset}": torch.from_numpy(shift).reshape(shape),
            }
    return taken


@torch.no_grad()
def _acting(sampler: LatentFlowSampler) -> list[tuple[str, nn.Module]]:
    """The modules that scale and shift channels, in the order in which they act last."""
    names: dict[nn.Module, str] = {
        module: name
        for name, module in sampler.named_modules()
        if isinstance(module, LatentScale) or (isinstance(module, nn.GroupNorm) and module.affine)
    }
    acted: dict[str, nn.Module] = {}

    def note(module: nn.Module, *_: object) -> None:
        acted.pop(names[module], None)
        acted[names[module]] = module

    hooks = [module.register_forward_hook(note) for module in names]
    sampler(torch.zeros(1, sampler.prior.latent_size), torch.zeros(1, sampler.prior.text_width))
    for hook in hooks:
        hook.remove()
    return list(acted.items())
