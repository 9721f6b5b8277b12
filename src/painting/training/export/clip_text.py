"""The text model of a CLIP and its tokenizer, loaded from Hugging Face's layout; its id and licence."""

import re
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from painting.errors import TextEncoderError
from painting.models.hub import HubModel, find_hub_model, load_hub_model, load_hub_tokenizer
from painting.text.catalog import HUB_MODELS

CLIP_MODEL_TYPES = {"clip", "clip_text_model"}
KNOWN_LICENCES = {HUB_MODELS["clip-vit-b32"]: "MIT, Copyright (c) 2021 OpenAI (github.com/openai/CLIP)"}
UNKNOWN_LICENCE = "unknown: see the model's page"
README_LICENCE = re.compile(r"\A---\n(?:.*\n)*?license:[ \t]*['\"]?([\w.+-]+)['\"]?[ \t]*\n")


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
    def max_tokens(self) -> int:
        """Tokens of the longest prompt, including those that begin and end a text."""
        return int(self.model.config.max_position_embeddings)

    def tokens(self, text: str) -> dict[str, Tensor]:
        """A text's ids and mask (1, T), truncated to the longest prompt."""
        encoded = self.tokenizer([text], truncation=True, max_length=self.max_tokens, return_tensors="pt")
        return {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"]}

    def plain_tokenizer(self) -> Tokenizer:
        """The tokenizer without padding and truncation, which a text encoder does itself."""
        tokenizer = Tokenizer.from_str(self.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer


def find_clip(source: str) -> HubModel:
    """Find a CLIP by a folder's path or a name on the hub; raises TextEncoderError if it is neither."""
    return find_hub_model(source, HUB_MODELS.values(), TextEncoderError)


def load_clip_text(folder: Path) -> ClipText:
    """Load the text half of a CLIP from its folder; raises TextEncoderError where anything is missing or damaged."""
    # Eager attention consists of plain operators, which alone may stand in an exported graph.
    model = load_hub_model(CLIPTextModel, folder, CLIP_MODEL_TYPES, TextEncoderError, attention="eager")
    tokenizer = load_hub_tokenizer(CLIPTokenizer, folder, model.config.vocab_size, TextEncoderError)
    return ClipText(model, tokenizer)


def encoder_id_of(clip: HubModel) -> str:
    """The id of the text encoder made from a CLIP: clip-vit-b32 for OpenAI's, else the model's name as an id."""
    known = {name: encoder_id for encoder_id, name in HUB_MODELS.items()}
    return known.get(clip.name) or re.sub(r"[^a-z0-9._-]+", "-", clip.short_name.lower()).strip("-.")


def licence_of(clip: HubModel, folder: Path) -> str:
    """A model's licence: the known one, else the one that its README.md declares, else a pointer to its page."""
    if clip.name in KNOWN_LICENCES:
        return KNOWN_LICENCES[clip.name]
    try:
        declared = README_LICENCE.match((folder / "README.md").read_text("utf-8", "replace"))
    except OSError:
        declared = None
    return f"{declared[1]}, by the model's README.md" if declared else UNKNOWN_LICENCE
