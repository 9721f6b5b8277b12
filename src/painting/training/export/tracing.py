"""A torch network traced into an ONNX graph with some axes left free."""

import logging
import warnings
from collections.abc import Mapping

import onnx
import torch
from torch import Tensor, nn

Axes = Mapping[int, "torch.export.Dim"]
"""Which axes of an input are free, and their names."""


def trace(network: nn.Module, inputs: Mapping[str, tuple[Tensor, Axes]], output: str, opset: int) -> onnx.ModelProto:
    """The graph of a network that takes these inputs by position and gives one output.

    `inputs`: name → an example and its free axes; an example's free axes must be longer than 1.
    """
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it tells of operators of packages that we do not use
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            tuple(example for example, _ in inputs.values()),
            dynamo=True,
            input_names=list(inputs),
            output_names=[output],
            dynamic_shapes=tuple(dict(axes) for _, axes in inputs.values()),
            opset_version=opset,
            verbose=False,
        )
    assert program is not None
    return program.model_proto
