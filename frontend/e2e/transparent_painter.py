"""Write a painter file whose pictures have alpha: the bundled digits, cut out of their black background.

Usage: python transparent_painter.py FILE
"""

import sys
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper, numpy_helper

from painting.files import painter_file
from painting.painters import catalog

digits = painter_file.read(catalog.find("digits"))
model = onnx.load_model_from_string(digits.generator)
graph = model.graph
for node in graph.node:
    node.output[:] = ["colors" if name == "pictures" else name for name in node.output]
for name, value in {"zero": [0], "one": [1], "channels": [3]}.items():
    graph.initializer.append(numpy_helper.from_array(np.array(value, np.int64), f"alpha {name}"))
graph.node.append(helper.make_node("Slice", ["colors", "alpha zero", "alpha one", "alpha channels"], ["alpha"]))
graph.node.append(helper.make_node("Concat", ["colors", "alpha"], ["pictures"], axis=3))
graph.output[0].type.tensor_type.shape.dim[3].dim_value = 4
manifest = replace(digits.manifest, name="cut-out")
painter_file.write(sys.argv[1], manifest, model.SerializeToString(), np.zeros((1, 8, 8, 3), np.uint8))
