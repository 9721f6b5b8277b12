"""A sampler as an ONNX graph: any batch, plain operators; and its weights stored in half precision."""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from painting.training.export.tracing import trace

OPSET = 20  # the first with Gelu as one operator
WORTH_HALVING = 1024
TRACED_BATCH = 3
HALF = "/half"
"""What follows the name of a weight that is stored in half precision."""


def round_to_half(network: nn.Module) -> None:
    """Round a network's weights to what half precision can hold, so that it paints as its stored graph will."""
    with torch.no_grad():
        for weight in network.state_dict().values():  # what is no weight, a buffer of constants, is exported exactly
            if weight.is_floating_point():
                weight.copy_(weight.half().float())


def to_onnx(sampler: nn.Module, latent_size: int, text_width: int) -> onnx.ModelProto:
    """Trace a sampler into a graph from `latents` (N, Z) and `text_vectors` (N, E) to `pictures`, N being free.

    A text width of 0 is a sampler's that takes latents alone.
    """
    sizes = {"latents": latent_size} | ({"text_vectors": text_width} if text_width else {})
    batch = torch.export.Dim("N")
    inputs = {name: (torch.zeros(TRACED_BATCH, size), {0: batch}) for name, size in sizes.items()}
    return trace(sampler, inputs, "pictures", OPSET)


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store large weights as float16 with a Cast to float32 behind each, which a runtime folds away when it loads."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type == onnx.TensorProto.FLOAT and np.prod(weight.dims) >= WORTH_HALVING:
            name, values = weight.name, numpy_helper.to_array(weight)
            weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}{HALF}"))
            casts.append(onnx.helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    del model.graph.value_info[:]  # shapes between operators; a runtime infers its own
    return model


def strip(model: onnx.ModelProto) -> onnx.ModelProto:
    """Take out what the exporter notes for its authors: stack traces with paths of this machine, and class names."""
    for noted in [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output]:
        noted.ClearField("doc_string")
        noted.ClearField("metadata_props")
    return model
