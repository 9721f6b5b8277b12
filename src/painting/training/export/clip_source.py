"""Find a CLIP and load its text model: from a folder laid out as Hugging Face does, or from its hub."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import snapshot_download
from tokenizers import Tokenizer
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer
from transformers.utils import logging

from painting.errors import TextEncoderError
from painting.files.json_fields import JsonFields
from painting.text.catalog import SOURCES

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
HUB_CACHE = re.compile(r"models--([^/]+?)--([^/]+)")  # how the hub's cache names a model's folder
CONFIG = "config.json"
MODEL_TYPES = {"clip", "clip_text_model"}
SAFE_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
OTHER_WEIGHTS = ("pytorch_model.bin", "pytorch_model.bin.index.json")
VOCABULARIES = ({"tokenizer.json"}, {"vocab.json", "merges.txt"})
BESIDE_WEIGHTS = [CONFIG, "tokenizer*.json", "vocab.json", "merges.txt", "special_tokens_map.json", "README.md"]
LICENCES = {SOURCES["clip-vit-b32"]: "MIT, Copyright (c) 2021 OpenAI (github.com/openai/CLIP)"}
UNKNOWN_LICENCE = "unknown: see the model's page"
README_LICENCE = re.compile(r"\A---\n(?:.*\n)*?license:[ \t]*['\"]?([\w.+-]+)['\"]?[ \t]*\n")


@dataclass(frozen=True)
class ClipSource:
    """Where a CLIP is: a local folder, or None where it is the hub; `name` is the model's there, or the folder's."""

    name: str
    folder: Path | None

    @property
    def encoder_id(self) -> str:
        """The id of the text encoder that is made of it: clip-vit-b32 for OpenAI's, else the model's own name."""
        known = {model: encoder for encoder, model in SOURCES.items()}
        return known.get(self.name) or re.sub(r"[^a-z0-9._-]+", "-", _own_name(self.name).lower()).strip("-.")


@dataclass(frozen=True)
class ClipText:
    """A CLIP's text model and its tokenizer, as Hugging Face's own code runs them."""

    model: CLIPTextModel
    tokenizer: CLIPTokenizer

    @property
    def width(self) -> int:
        """Numbers in a text vector."""
        return int(self.model.config.hidden_size)

    @property
    def longest_prompt(self) -> int:
        """The most tokens that it reads, those that begin and end a text among them."""
        return int(self.model.config.max_position_embeddings)

    def tokens(self, text: str) -> dict[str, Tensor]:
        """A text's ids and mask (1, T), cut to the longest prompt."""
        found = self.tokenizer([text], truncation=True, max_length=self.longest_prompt, return_tensors="pt")
        return {"input_ids": found["input_ids"], "attention_mask": found["attention_mask"]}

    def plain_tokenizer(self) -> Tokenizer:
        """The tokenizer without padding and truncation: a text encoder decides about both."""
        tokenizer = Tokenizer.from_str(self.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer


def find_clip(source: str) -> ClipSource:
    """Say whether a source is a folder or a model on the hub; raises TextEncoderError where it is neither."""
    path = Path(source)
    if path.is_dir():
        return ClipSource(_name_of(path.resolve()), path)
    if path.exists():
        raise TextEncoderError(f"{source} is a file: give the folder that holds {CONFIG} and the weights")
    if not HUB_NAME.fullmatch(source):
        raise TextEncoderError(
            f"there is no folder {source!r}, nor is that the name of a model on Hugging Face's hub, like "
            f"{', '.join(SOURCES.values())}"
        )
    return ClipSource(source, None)


def fetch(source: ClipSource) -> Path:
    """The source's folder, downloaded from the hub where it is not local; raises TextEncoderError."""
    if source.folder:
        return source.folder
    try:
        folder = Path(snapshot_download(source.name, allow_patterns=[*BESIDE_WEIGHTS, *SAFE_WEIGHTS, "model-*"]))
        if not _has_one(folder, SAFE_WEIGHTS):  # no reason to fetch the same weights twice
            snapshot_download(source.name, allow_patterns=[*OTHER_WEIGHTS, "pytorch_model-*"])
    except Exception as problem:  # what the network, the hub and its library raise share no base but Exception
        raise TextEncoderError(
            f"cannot fetch {source.name} from Hugging Face's hub ({_first_line(problem)}): where there is a network, "
            f"run: hf download {source.name} --local-dir {_own_name(source.name)}; bring that folder here "
            "and give it instead of the name"
        ) from problem
    return folder


def licence_of(source: ClipSource, folder: Path) -> str:
    """A model's licence: the known one, else what its README.md declares, else where to look."""
    if source.name in LICENCES:
        return LICENCES[source.name]
    try:
        declared = README_LICENCE.match((folder / "README.md").read_text("utf-8", "replace"))
    except OSError:
        declared = None
    return f"{declared[1]}, by the model's README.md" if declared else UNKNOWN_LICENCE


def load_clip(folder: Path) -> ClipText:
    """Load the text half of a CLIP from its folder; raises TextEncoderError where anything is missing or damaged."""
    _check_folder(folder)
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # what is wrong is told once, by us
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        loaded: Any = CLIPTextModel.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True, local_files_only=True
        )
        tokenizer = CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    except Exception as problem:  # transformers, safetensors, tokenizers and torch share no base but Exception
        raise TextEncoderError(f"cannot load a CLIP from {folder}: {_first_line(problem)}") from problem
    model, loading = loaded
    lacking = [*loading["missing_keys"], *(key for key, *_ in loading["mismatched_keys"])]
    if lacking:
        raise TextEncoderError(
            f"the weights in {folder} lack {len(lacking)} parts of a CLIP's text model that fit its {CONFIG}, "
            f"for example {sorted(lacking)[0]}"
        )
    if len(tokenizer) > model.config.vocab_size:
        raise TextEncoderError(
            f"the tokenizer in {folder} has {len(tokenizer)} tokens and the model only {model.config.vocab_size}: "
            "they do not belong together"
        )
    return ClipText(model.eval(), tokenizer)


def _name_of(folder: Path) -> str:
    """The hub's name of a model that lies in the hub's cache or in a folder named after it, else the folder's."""
    cached = next(filter(None, map(HUB_CACHE.fullmatch, folder.parts)), None)
    if cached:
        return "/".join(cached.groups())
    return next((model for model in SOURCES.values() if _own_name(model) == folder.name), folder.name)


def _own_name(name: str) -> str:
    return name.rpartition("/")[2]


def _check_folder(folder: Path) -> None:
    try:
        config = (folder / CONFIG).read_bytes()
    except OSError as problem:
        raise TextEncoderError(
            f"{folder} is not a model in Hugging Face's layout: its {CONFIG} cannot be read ({problem.strerror})"
        ) from problem
    kind = JsonFields(config, CONFIG, TextEncoderError).text("model_type")
    if kind not in MODEL_TYPES:
        raise TextEncoderError(f"the model in {folder} is a {kind!r}, not a CLIP: only CLIP's text models are exported")
    if not _has_one(folder, (*SAFE_WEIGHTS, *OTHER_WEIGHTS)):
        raise TextEncoderError(f"{folder} holds no weights: {SAFE_WEIGHTS[0]} or {OTHER_WEIGHTS[0]} is needed")
    # Without its files transformers makes up a tokenizer of three tokens.
    if not any(all((folder / name).is_file() for name in names) for names in VOCABULARIES):
        raise TextEncoderError(f"{folder} holds no tokenizer: tokenizer.json, or vocab.json and merges.txt, is needed")


def _has_one(folder: Path, names: tuple[str, ...]) -> bool:
    return any((folder / name).is_file() for name in names)


def _first_line(problem: Exception) -> str:
    lines = str(problem).strip().splitlines()
    return lines[0][:200].rstrip(". ") if lines else type(problem).__name__
