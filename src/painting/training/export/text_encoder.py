"""Export of a CLIP's text model as a text encoder: an ONNX graph, checked against torch before the folder is named.

N texts, T tokens in one of them, P checked texts, E numbers in a text vector.
"""

import os
import tempfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from painting.atomic_file import rename
from painting.errors import TextEncoderError
from painting.files.archive import sha256
from painting.images import FloatArray
from painting.models.hub import fetch_hub_model
from painting.text.catalog import bundled_names, user_folder
from painting.text.encoder import TextEncoder
from painting.text.encoder_file import DESCRIPTION_FILE, GRAPH_FILE, TOKENIZER_FILE, EncoderDescription
from painting.training.export.clip_text import ClipText, encoder_id_of, find_clip, licence_of, load_clip_text
from painting.training.export.onnx_graph import round_to_float16, store_as_float16, strip_metadata, trace

POOLING_DESCRIPTION = "the hidden state of the token that ends the text, after the last layer norm; no projection"
MIN_FLOAT16_COSINE = 0.9999
"""Between each vector by half and by single precision weights; below it the weights stay in single precision."""
MAX_RELATIVE_DIFFERENCE = 1e-4
"""Between a graph's vector and torch's, relative to its largest entry, or to 1."""
MAX_ID_LENGTH = 100
CHECKED_TEXTS = (
    "rose",
    "a red rose",
    "A Yellow SUNFLOWER, with a dark centre & long petals!",
    "this flower is blue and white in color, with petals that are rounded and a stigma that is light yellow",
    "une fleur à pétales blancs 🌼 — 雏菊",
    "very " * 200 + "small",
)


@dataclass(frozen=True)
class ExportedEncoder:
    """An exported text encoder: its folder, description, size in bytes, and whether weights are in half precision."""

    folder: Path
    description: EncoderDescription
    size: int
    is_float16: bool


class PooledText(nn.Module):
    """A CLIP's text model with the inputs and the output of a text encoder's graph."""

    def __init__(self, model: nn.Module) -> None:
        """Wrap a CLIP's text model."""
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask, int64 (N, T) → text vectors (N, E)."""
        positions = torch.arange(ids.shape[1])
        causal = positions[None, :] <= positions[:, None]  # (T, T)
        visible = causal[None, None] & (mask[:, None, None, :] != 0)  # (N, 1, T, T)
        bias = torch.where(visible, 0.0, torch.finfo(torch.float32).min)
        pooled: Tensor = self.model(input_ids=ids, attention_mask=bias).pooler_output  # (N, E)
        return pooled


def export_clip(source: str, output: Path | None = None, encoder_id: str | None = None) -> ExportedEncoder:
    """Write the text encoder of a CLIP, from a folder in Hugging Face's layout or from its hub.

    `output`: the folder to write; None: one named by its id in the user's folder of text encoders. `encoder_id`: its
    id instead of the model's. Raises TextEncoderError where the model cannot be fetched, is not a whole CLIP, or its
    graph does not give torch's vectors; nothing is left then.
    """
    found = find_clip(source)
    name = _checked_id(encoder_id or encoder_id_of(found))
    target = user_folder() / name if output is None else output
    _check_free(target)
    folder = fetch_hub_model(found, TextEncoderError)
    clip, is_float16 = choose_precision(load_clip_text(folder))
    description = EncoderDescription(
        id=name,
        width=clip.width,
        longest_prompt=clip.max_tokens,
        unknown_token=str(clip.tokenizer.unk_token),
        pooling=POOLING_DESCRIPTION,
        model=f"{found.name}, its text model, weights in {'half' if is_float16 else 'single'} precision",
        licence=licence_of(found, folder),
    )
    members = {GRAPH_FILE: clip_graph(clip.model, is_float16), TOKENIZER_FILE: clip.plain_tokenizer().to_str().encode()}
    description = replace(description, members={name: sha256(content) for name, content in members.items()})
    members[DESCRIPTION_FILE] = description.to_json()
    _write(target, members, clip)
    return ExportedEncoder(target, description, sum(map(len, members.values())), is_float16)


def clip_graph(model: nn.Module, is_float16: bool) -> bytes:
    """Trace a CLIP's text model into a graph from `ids` and `mask`, int64 (N, T), to `text_vectors`, float32 (N, E)."""
    max_tokens = int(model.config.max_position_embeddings)  # type: ignore[union-attr, arg-type]
    axes = {0: torch.export.Dim("N"), 1: torch.export.Dim("T", min=1, max=max_tokens)}
    ids, mask = torch.ones(2, 3, min(7, max_tokens), dtype=torch.int64).unbind()
    graph = trace(PooledText(model).eval(), {"ids": (ids, axes), "mask": (mask, axes)}, "text_vectors")
    if is_float16:
        graph = store_as_float16(graph)
    content: bytes = strip_metadata(graph).SerializeToString(deterministic=True)
    return content


@torch.no_grad()
def torch_vectors(clip: ClipText) -> FloatArray:
    """The vectors of the checked texts (P, E) by Hugging Face's own code.

    Raises TextEncoderError where it does not pool at the token that ends a text: its config.json names another one.
    """
    rows = []
    for text in CHECKED_TEXTS:
        output = clip.model(**clip.tokens(text))
        if not torch.equal(output.pooler_output, output.last_hidden_state[:, -1]):
            raise TextEncoderError(
                f"its config.json names token {clip.model.config.eos_token_id} as the end of a text and its "
                "tokenizer ends texts otherwise: they do not belong together"
            )
        rows.append(output.pooler_output)
    vectors: FloatArray = torch.cat(rows).numpy()
    if not np.isfinite(vectors).all():
        raise TextEncoderError("its weights give vectors that are not finite: they are damaged")
    return vectors


def choose_precision(clip: ClipText) -> tuple[ClipText, bool]:
    """The text model rounded to half precision and True if that keeps its vectors, else the model itself and False."""
    rounded = ClipText(deepcopy(clip.model), clip.tokenizer)
    round_to_float16(rounded.model)
    exact = torch_vectors(clip)
    if not all(bool(torch.isfinite(weight).all()) for weight in rounded.model.parameters()):
        return clip, False  # a weight is beyond the range of half precision
    vectors = torch_vectors(rounded)
    cosines = (exact * vectors).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(vectors, axis=1)
    return (rounded, True) if cosines.min() > MIN_FLOAT16_COSINE else (clip, False)


def check_vectors(encoder: TextEncoder, expected: FloatArray) -> None:
    """Raise TextEncoderError unless a text encoder gives torch's vectors (P, E) of the checked texts."""
    differences = np.abs(encoder.encode(CHECKED_TEXTS) - expected).max(axis=1)
    allowed = MAX_RELATIVE_DIFFERENCE * np.maximum(1, np.abs(expected).max(axis=1))
    if not (differences <= allowed).all():
        worst = int(np.argmax(differences / allowed))
        raise TextEncoderError(
            f"the graph of {encoder.id} does not give torch's vectors: {CHECKED_TEXTS[worst][:60]!r} differs by "
            f"{differences[worst]:.2g}; nothing was written"
        )


def _write(target: Path, members: Mapping[str, bytes], clip: ClipText) -> None:
    """Write and check a text encoder in a temporary folder beside `target`, then rename it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as name:
            folder = Path(name) / "text_encoder"
            folder.mkdir()
            for member, content in members.items():
                _write_synced(folder / member, content)
            check_vectors(TextEncoder.load(folder), torch_vectors(clip))
            rename(folder, target)
    except OSError as problem:
        raise TextEncoderError(f"cannot write {target}: {problem.strerror or problem}") from problem


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _checked_id(name: str) -> str:
    has_id_characters = all(character.isalnum() or character in "._-" for character in name)
    if not (1 <= len(name) <= MAX_ID_LENGTH and has_id_characters and name[0] != "."):
        shown = name[:MAX_ID_LENGTH]
        raise TextEncoderError(f"{shown!r} cannot be a text encoder's id: give letters, digits and .-_ with --id")
    if name in bundled_names():
        raise TextEncoderError(f"a bundled text encoder is named {name} already: give another id with --id")
    return name


def _check_free(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists():
        raise TextEncoderError(f"{target} is there already: move it away, or name another folder with -o")
