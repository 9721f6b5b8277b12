"""Models in Hugging Face's layout: found in a folder, the hub's cache or the hub, and loaded whole or not at all.

Each function raises the `error` class that its caller names, with one sentence that says what to do.
"""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from painting.distribution import install_command
from painting.errors import PaintingError, quoted_path

CONFIG_FILE = "config.json"
SAFETENSORS_FILES = ("model.safetensors", "model.safetensors.index.json")
PICKLED_FILES = ("pytorch_model.bin", "pytorch_model.bin.index.json")
TOKENIZER_FILES = (("tokenizer.json",), ("vocab.json", "merges.txt"))
"""Alternatives, of which one must be there whole."""
SMALL_FILE_PATTERNS = (
    CONFIG_FILE,
    "preprocessor_config.json",
    "tokenizer*.json",
    "vocab.json",
    "merges.txt",
    "special_tokens_map.json",
    "README.md",
)
HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
CACHE_FOLDER_NAME = re.compile(r"models--([^/]+?)--([^/]+)")
MAX_REASON_LENGTH = 200


@dataclass(frozen=True)
class HubModel:
    """A model in a local folder, or on the hub if that is None; `name` is its name on the hub, else the folder's."""

    name: str
    folder: Path | None

    @property
    def short_name(self) -> str:
        """The name without its owner."""
        return short_name(self.name)


def find_hub_model(source: str, examples: Collection[str], error: type[PaintingError]) -> HubModel:
    """Find a model by a folder's path or a name on the hub, without loading or downloading it.

    `examples`: published names. A folder that is named after one of them is that model.
    """
    path = Path(source)
    if path.is_dir():
        return HubModel(_model_name(path.resolve(), examples), path)
    if path.exists():
        raise error(f"{source} is a file: give the folder that holds {CONFIG_FILE} and the weights")
    if not HUB_NAME.fullmatch(source):
        raise error(
            f"there is no folder {quoted_path(source)}, nor is that the name of a model on Hugging Face's hub, like "
            f"{', '.join(examples)}"
        )
    return HubModel(source, None)


def fetch_hub_model(model: HubModel, error: type[PaintingError], download: bool = True) -> Path:
    """The model's folder: its own, the one in the hub's cache, or, with `download`, a new download into that cache."""
    if model.folder:
        return model.folder
    try:
        from huggingface_hub import snapshot_download

        patterns = [*SMALL_FILE_PATTERNS, *SAFETENSORS_FILES, "model-*"]
        folder = Path(snapshot_download(model.name, allow_patterns=patterns, local_files_only=not download))
        if not _has_any(folder, SAFETENSORS_FILES):  # the pickled weights are the same again: only without these
            patterns = [*PICKLED_FILES, "pytorch_model-*"]
            snapshot_download(model.name, allow_patterns=patterns, local_files_only=not download)
    except ImportError as problem:
        raise error(f"{model.name} needs the clip extra: {install_command('clip')}") from problem
    except Exception as problem:  # the network, the hub and its library share no base class but Exception
        reason = first_line(problem) if download else "it is not in the hub's cache"
        raise error(
            f"cannot fetch {model.name} from Hugging Face's hub ({reason}): where there is a network, "
            f"run: hf download {model.name} --local-dir {model.short_name}; bring that folder here "
            "and give it instead of the name"
        ) from problem
    return folder


def load_hub_model(
    model_class: Any, folder: Path, kinds: Collection[str], error: type[PaintingError], attention: str | None = None
) -> Any:
    """Load a network of one of transformers' classes from a folder alone, in float32 and for evaluation.

    `kinds`: the values of `model_type` in its config.json that the class can read. `attention`: which implementation
    of it; None: transformers' choice. Missing and mismatched weights, which transformers would replace by random ones,
    raise.
    """
    from transformers.utils import logging

    _check_folder(folder, kinds, error)
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # errors are reported once, below
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model, loading = model_class.from_pretrained(
            folder, dtype=torch.float32, attn_implementation=attention, output_loading_info=True, local_files_only=True
        )
    except Exception as problem:  # transformers, safetensors and torch share no base class but Exception
        raise error(f"cannot load a {model_class.__name__} from {folder}: {first_line(problem)}") from problem
    missing = sorted([*loading["missing_keys"], *(key for key, *_ in loading["mismatched_keys"])])
    if missing:
        raise error(
            f"the weights in {folder} lack {len(missing)} parts of a {model_class.__name__} that fit its "
            f"{CONFIG_FILE}, for example {missing[0]}"
        )
    return model.eval()


def load_hub_tokenizer(tokenizer_class: Any, folder: Path, vocabulary_size: int, error: type[PaintingError]) -> Any:
    """Load a tokenizer of one of transformers' classes for a model with an embedding for `vocabulary_size` tokens."""
    # Without its files transformers would make up a tokenizer of three tokens.
    if not any(all((folder / name).is_file() for name in names) for names in TOKENIZER_FILES):
        raise error(f"{folder} holds no tokenizer: tokenizer.json, or vocab.json and merges.txt, is needed")
    try:
        tokenizer = tokenizer_class.from_pretrained(folder, local_files_only=True)
    except Exception as problem:  # transformers and tokenizers share no base class but Exception
        raise error(f"cannot load a {tokenizer_class.__name__} from {folder}: {first_line(problem)}") from problem
    if len(tokenizer) > vocabulary_size:
        raise error(
            f"the tokenizer in {folder} has {len(tokenizer)} tokens and the model only {vocabulary_size}: "
            "they do not belong together"
        )
    return tokenizer


def weights_sha256(folder: Path) -> str:
    """One SHA-256 in hexadecimal over a model's config and weights, in however many files they are."""
    files = sorted(path for path in folder.iterdir() if path.suffix in {".safetensors", ".bin"})
    hashes = []
    for path in sorted([*files, folder / CONFIG_FILE]):
        with path.open("rb") as file:
            hashes.append(hashlib.file_digest(file, "sha256").hexdigest())
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def short_name(name: str) -> str:
    """A model's name on the hub without its owner."""
    return name.rpartition("/")[2]


def first_line(problem: Exception) -> str:
    """The first line of an error's message, shortened, without a full stop; its class where it has no message."""
    lines = str(problem).strip().splitlines()
    return lines[0][:MAX_REASON_LENGTH].rstrip(". ") if lines else type(problem).__name__


def _model_name(folder: Path, published: Collection[str]) -> str:
    """The hub's name of a model in the hub's cache or in a folder named after a published one, else the folder's."""
    cached = next(filter(None, map(CACHE_FOLDER_NAME.fullmatch, folder.parts)), None)
    if cached:
        return "/".join(cached.groups())
    return next((name for name in published if short_name(name) == folder.name), folder.name)


def _check_folder(folder: Path, kinds: Collection[str], error: type[PaintingError]) -> None:
    kind = _model_type(folder, error)
    if kind not in kinds:
        raise error(f"the model in {folder} is of the type {kind!r}, where {' or '.join(sorted(kinds))} is needed")
    if not _has_any(folder, (*SAFETENSORS_FILES, *PICKLED_FILES)):
        raise error(f"{folder} holds no weights: {SAFETENSORS_FILES[0]} or {PICKLED_FILES[0]} is needed")


def _model_type(folder: Path, error: type[PaintingError]) -> str:
    try:
        config = json.loads((folder / CONFIG_FILE).read_bytes())
    except OSError as problem:
        raise error(
            f"{folder} is not a model in Hugging Face's layout: its {CONFIG_FILE} cannot be read ({problem.strerror})"
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise error(f"the {CONFIG_FILE} in {folder} is not JSON") from problem
    kind = config.get("model_type") if isinstance(config, dict) else None
    return kind[:100] if isinstance(kind, str) else ""


def _has_any(folder: Path, names: Collection[str]) -> bool:
    return any((folder / name).is_file() for name in names)
