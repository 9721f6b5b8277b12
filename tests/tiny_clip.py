"""A small CLIP with random weights, written as Hugging Face's hub lays its models out."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

WIDTH, LONGEST = 32, 77
MERGES = ["r o", "s e</w>", "ro se</w>", "r e", "re d</w>"]
CHARACTERS = sorted(ByteLevel.alphabet())
START, END = "<|startoftext|>", "<|endoftext|>"
TOKENS = [*CHARACTERS, *(f"{c}</w>" for c in CHARACTERS), *("".join(merge.split()) for merge in MERGES), START, END]
LEGACY_END = 2  # what OpenAI's config.json says, wrongly: the end is then where the highest id is


def text_config(end: int = LEGACY_END) -> dict[str, Any]:
    return {
        "model_type": "clip_text_model",
        "hidden_size": WIDTH,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "vocab_size": len(TOKENS),
        "max_position_embeddings": LONGEST,
        "bos_token_id": 0,
        "eos_token_id": end,
        "pad_token_id": 1,
        "projection_dim": 16,
    }


def random_weights(end: int = LEGACY_END) -> dict[str, torch.Tensor]:
    """A text model's weights under the hub's names, with some that it does not need."""
    draws = torch.Generator().manual_seed(7)
    own = CLIPTextModel(CLIPTextConfig(**text_config(end))).state_dict()
    weights = {f"text_model.{name}": 0.2 * torch.randn(value.shape, generator=draws) for name, value in own.items()}
    for name in weights:
        if "norm" in name and name.endswith(".weight"):
            weights[name] += 1
    return weights | {
        "text_model.embeddings.position_ids": torch.arange(LONGEST)[None],
        "text_projection.weight": torch.randn(16, WIDTH, generator=draws),
        "logit_scale": torch.tensor(2.6592),
    }


def write_clip(folder: Path, end: int = LEGACY_END, safe: bool = True, one_tokenizer_file: bool = False) -> Path:
    """Write the model; the same weights and tokenizer whatever files they come in."""
    folder.mkdir(parents=True)
    config = {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": 16}
    (folder / "config.json").write_text(json.dumps(config | {"text_config": text_config(end)}), encoding="utf-8")
    if safe:
        save_file(random_weights(end), folder / "model.safetensors", {"format": "pt"})
    else:
        torch.save(random_weights(end), folder / "pytorch_model.bin")
    (folder / "vocab.json").write_text(json.dumps({token: id for id, token in enumerate(TOKENS)}), encoding="utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *MERGES, ""]), encoding="utf-8")
    if one_tokenizer_file:
        tokenizer = CLIPTokenizer.from_pretrained(folder)
        tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "vocab.json").unlink()
        (folder / "merges.txt").unlink()
    return folder
