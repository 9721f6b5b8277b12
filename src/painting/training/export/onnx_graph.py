"""Export of a network as an ONNX graph of plain operators, and its weights stored in half precision.

N pictures in a batch, Z latent numbers, E numbers in a text vector.
"""

import logging
import warnings
from collections.abc import Mapping

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

OPSET_VERSION = 20  # the first with Gelu as one operator
MIN_COMPRESSED_NUMEL = 1024
"""Smaller weights are stored in float32: their bytes do not count."""
TRACED_BATCH_SIZE = 3
FLOAT16_SUFFIX = "/float16"
"""Appended to the name of a weight that is stored in half precision."""
FreeAxes = Mapping[int, "torch.export.Dim"]
"""Axes of an input that may have any length → their names."""


def trace(network: nn.Module, inputs: Mapping[str, tuple[Tensor, FreeAxes]], output: str) -> onnx.ModelProto:
    """Trace a network that takes these inputs by position and returns one output.

    `inputs`: name → an example and its free axes; an example's free axes must be longer than 1.
    """
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it warns of packages' operators that are not used here
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            tuple(example for example, _ in inputs.values()),
            dynamo=True,
            input_names=list(inputs),
            output_names=[output],
            dynamic_shapes=tuple(dict(axes) for _, axes in inputs.values()),
            opset_version=OPSET_VERSION,
            verbose=False,
        )
    assert program is not None
    return program.model_proto


def trace_sampler(sampler: nn.Module, latent_size: int, text_width: int) -> onnx.ModelProto:
    """Trace a sampler into a graph from `latents` (N, Z) and `text_vectors` (N, E) to `pictures`, N being free.

    A text width of 0: the sampler takes latents alone.
    """
    widths = {"latents": latent_size}
    if text_width:
        widths["text_vectors"] = text_width
    batch_axis = {0: torch.export.Dim("N")}
    inputs = {name: (torch.zeros(TRACED_BATCH_SIZE, width), batch_axis) for name, width in widths.items()}
    return trace(sampler, inputs, "pictures")


def round_to_float16(network: nn.Module) -> None:
    """Round a network's weights to half precision in place, so that it computes what its stored graph will."""
    with torch.no_grad():
        # Constant buffers that are no part of the state are exported exactly.
        for weight in network.state_dict().values():
            if weight.is_floating_point():
                weight.copy_(weight.half().float())


def store_as_float16(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store large weights as float16, each followed by a Cast to float32 that a runtime folds away when it loads."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type == onnx.TensorProto.FLOAT and np.prod(weight.dims) >= MIN_COMPRESSED_NUMEL:
            name = weight.name
            values = numpy_helper.to_array(weight)
            weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}{FLOAT16_SUFFIX}"))
            casts.append(onnx.helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT))
    prepend_nodes(model.graph, casts)
    del model.graph.value_info[:]  # shapes between operators; a runtime infers its own
    return model


def prepend_nodes(graph: onnx.GraphProto, nodes: list[onnx.NodeProto]) -> None:
    """Put nodes before those of a graph, whose nodes must stand in the order of computation."""
    ordered = [*nodes, *graph.node]
    del graph.node[:]
    graph.node.extend(ordered)


def strip_metadata(model: onnx.ModelProto) -> onnx.ModelProto:
    """Remove the exporter's notes: stack traces with paths of this machine, and class names."""
    for message in [model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output]:
        message.ClearField("doc_string")
        message.ClearField("metadata_props")
    return model
