"""Make a text encoder of a CLIP: its text model as an ONNX graph, proved equal to torch before it gets its name.

N is the number of texts, T of tokens in one of them, E the width of a text vector.
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

from painting.errors import TextEncoderError
from painting.files.archive import sha256
from painting.images import FloatArray
from painting.text.catalog import bundled_names, user_folder
from painting.text.encoder import TextEncoder
from painting.text.encoder_file import DESCRIPTION, GRAPH, TOKENIZER, Description
from painting.training.export.clip_source import ClipText, fetch, find_clip, licence_of, load_clip
from painting.training.export.onnx_graph import OPSET, halve, round_to_half, strip
from painting.training.export.tracing import trace

POOLING = "the hidden state of the token that ends the text, after the last layer norm; no projection"
LEAST_COSINE = 0.9999
"""What weights in half precision must keep of every vector's direction; else they stay in single precision."""
LARGEST_DIFFERENCE = 1e-4
"""How far a graph's vector may be from torch's, as a part of its largest entry, or of 1."""
PROOFS = (
    "rose",
    "a red rose",
    "A Yellow SUNFLOWER, with a dark centre & long petals!",
    "this flower is blue and white in color, with petals that are rounded and a stigma that is light yellow",
    "une fleur à pétales blancs 🌼 — 雏菊",
    "very " * 200 + "small",
)


@dataclass(frozen=True)
class ExportedEncoder:
    """A text encoder that was made: its folder, what it is, its size in bytes, the precision of its weights."""

    folder: Path
    description: Description
    size: int
    half: bool


class PooledText(nn.Module):
    """A CLIP's text model with the inputs and the output of a text encoder's graph."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1])
        before = places[None, :] <= places[:, None]  # (T, T)
        seen = before[None, None] & (mask[:, None, None, :] != 0)  # (N, 1, T, T)
        bias = torch.where(seen, 0.0, torch.finfo(torch.float32).min)
        pooled: Tensor = self.model(input_ids=ids, attention_mask=bias).pooler_output  # (N, E)
        return pooled


def export_clip(source: str, output: Path | None = None, encoder_id: str | None = None) -> ExportedEncoder:
    """Write the text encoder of a CLIP, from a folder in Hugging Face's layout or from its hub.

    `output`: the folder to make; None: one named by its id in the user's folder of text encoders. `encoder_id`: its
    id instead of the model's. Raises TextEncoderError where the model cannot be had, is not a whole CLIP, or its
    graph does not give torch's vectors; nothing is left then.
    """
    found = find_clip(source)
    name = _checked_id(encoder_id or found.encoder_id)
    target = user_folder() / name if output is None else output
    _check_free(target)
    folder = fetch(found)
    clip = load_clip(folder)
    chosen, half = smallest(clip)
    about = Description(
        id=name,
        width=clip.width,
        longest_prompt=clip.longest_prompt,
        unknown_token=str(clip.tokenizer.unk_token),
        pooling=POOLING,
        model=f"{found.name}, its text model, weights in {'half' if half else 'single'} precision",
        licence=licence_of(found, folder),
    )
    members = {GRAPH: clip_graph(chosen.model, half), TOKENIZER: clip.plain_tokenizer().to_str().encode()}
    about = replace(about, members={name: sha256(content) for name, content in members.items()})
    members[DESCRIPTION] = about.to_json()
    _write(target, members, chosen)
    return ExportedEncoder(target, about, sum(map(len, members.values())), half)


def clip_graph(model: nn.Module, half: bool) -> bytes:
    """A CLIP's text model as a graph from `ids` and `mask`, int64 (N, T), to `text_vectors`, float32 (N, E)."""
    longest = int(model.config.max_position_embeddings)  # type: ignore[union-attr, arg-type]
    axes = {0: torch.export.Dim("N"), 1: torch.export.Dim("T", min=1, max=longest)}
    ids, mask = torch.ones(2, 3, min(7, longest), dtype=torch.int64).unbind()
    graph = trace(PooledText(model).eval(), {"ids": (ids, axes), "mask": (mask, axes)}, "text_vectors", OPSET)
    content: bytes = strip(halve(graph) if half else graph).SerializeToString(deterministic=True)
    return content


@torch.no_grad()
def torch_vectors(clip: ClipText) -> FloatArray:
    """The vectors of the proofs (P, E) as Hugging Face's own code gives them.

    Raises TextEncoderError where it does not pool at the token that ends a text: by its config.json another one does.
    """
    rows = []
    for text in PROOFS:
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


def smallest(clip: ClipText) -> tuple[ClipText, bool]:
    """The text model with weights that half precision can hold, if its vectors stay where they were; else as it is."""
    rounded = ClipText(deepcopy(clip.model), clip.tokenizer)
    round_to_half(rounded.model)
    exact = torch_vectors(clip)
    if not all(bool(torch.isfinite(weight).all()) for weight in rounded.model.parameters()):
        return clip, False  # beyond what half precision can hold
    near = torch_vectors(rounded)
    cosines = (exact * near).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(near, axis=1)
    return (rounded, True) if cosines.min() > LEAST_COSINE else (clip, False)


def _write(target: Path, members: Mapping[str, bytes], clip: ClipText) -> None:
    """Write a text encoder's folder under another name, prove it, and only then give it its own."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as name:
            part = Path(name) / "text_encoder"
            part.mkdir()
            for member, content in members.items():
                _write_through(part / member, content)
            prove(TextEncoder.load(part), torch_vectors(clip))
            part.rename(target)
    except OSError as problem:
        raise TextEncoderError(f"cannot write {target}: {problem.strerror or problem}") from problem


def prove(encoder: TextEncoder, expected: FloatArray) -> None:
    """Raise TextEncoderError unless a text encoder gives the proofs' vectors (P, E) that torch gave."""
    differences = np.abs(encoder.encode(PROOFS) - expected).max(axis=1)
    allowed = LARGEST_DIFFERENCE * np.maximum(1, np.abs(expected).max(axis=1))
    if not (differences <= allowed).all():
        worst = int(np.argmax(differences / allowed))
        raise TextEncoderError(
            f"the graph of {encoder.id} does not give torch's vectors: {PROOFS[worst][:60]!r} differs by "
            f"{differences[worst]:.2g}; nothing was written"
        )


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _checked_id(name: str) -> str:
    usable = 1 <= len(name) <= 100 and all(part.isalnum() or part in "._-" for part in name) and name[0] != "."
    if not usable:
        raise TextEncoderError(f"{name[:100]!r} cannot be a text encoder's id: give letters, digits and .-_ with --id")
    if name in bundled_names():
        raise TextEncoderError(f"a bundled text encoder is named {name} already: give another id with --id")
    return name


def _check_free(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists():
        raise TextEncoderError(f"{target} is there already: move it away, or name another folder with -o")
