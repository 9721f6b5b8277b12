"""Small CLIP and DINOv2 with random weights, written as Hugging Face's hub lays its models out."""

from pathlib import Path

import torch
from tests.tiny_clip import text_config, write_clip
from transformers import CLIPConfig, CLIPModel, Dinov2Config, Dinov2Model


def write_whole_clip(folder: Path) -> Path:
    """Both towers, width 16, pictures of 32 px, and a tokenizer."""
    write_clip(folder)
    (folder / "model.safetensors").unlink()
    torch.manual_seed(3)
    vision = {
        "hidden_size": 24,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": 32,
        "patch_size": 8,
    }
    CLIPModel(CLIPConfig(text_config=text_config(), vision_config=vision, projection_dim=16)).save_pretrained(folder)
    return folder


def write_dinov2(folder: Path) -> Path:
    """Width 16, pictures of 518 px and patches of 14, as the published ones have."""
    torch.manual_seed(4)
    config = Dinov2Config(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=518, patch_size=14)
    Dinov2Model(config).save_pretrained(folder)
    return folder
