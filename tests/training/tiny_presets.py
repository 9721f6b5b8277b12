"""Presets of networks that train in milliseconds."""

import re
from pathlib import Path
from typing import Any

SIZE = 16
"""The side of the pictures that they see, in px."""


def write_one_step_digits(path: Path) -> None:
    """The bundled digits preset, whose networks are wide, with a training of one step."""
    text = (Path(__file__).parents[2] / "src/painting/training/presets/digits.toml").read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^kimg = .*", "kimg = 0.016", text))


def tiny_values() -> dict[str, Any]:
    """8 steps of the autoencoder, 8 of the prior; a tick every 4."""
    return {
        "name": "tiny",
        "model": "latent-flow",
        "seed": 3,
        "ticks": 2,
        "data": {"source": "folder", "size": SIZE, "views": 1, "flip": True, "text_encoder": "numbers"},
        "autoencoder": {
            "kimg": 0.064,
            "batch": 8,
            "learning_rate": 1e-3,
            "latent_channels": 2,
            "encoder_widths": [16],
            "decoder_widths": [16],
            "l1_weight": 2.0,
            "perceptual_weight": 1.0,
            "feature_size": 32,
            "latent_moment_weight": 0.1,
            "latent_noise_std": 0.05,
            "ema_halflife_kimg": 0.1,
        },
        "prior": {
            "kimg": 0.064,
            "batch": 8,
            "learning_rate": 1e-3,
            "warmup_kimg": 0.016,
            "width": 16,
            "depth": 1,
            "heads": 2,
            "text_dropout": 0.2,
            "ema_halflife_kimg": 0.1,
        },
        "sampler": {"steps": 2, "guidance": 2.0},
    }


def finished_values() -> dict[str, Any]:
    """The tiny preset with 8 steps of fine-tuning (the generator from the fifth on)."""
    values = tiny_values()
    values["prior"] |= {"depth": 2}  # the second block has attention
    values["finetuning"] = {
        "kimg": 0.064,
        "batch": 8,
        "learning_rate": 1e-3,
        "discriminator_learning_rate": 1e-3,
        "discriminator_width": 8,
        "feature_size": 32,
        "warmup_kimg": 0.032,
        "ema_halflife_kimg": 0.1,
        "class_balance": 0.5,
        "diversity_weight": 1.0,
        "frechet_weight": 0.5,
    }
    return values


def transparent_values() -> dict[str, Any]:
    """The same of pictures with transparency."""
    values = finished_values()
    values["data"] |= {"alpha": True}
    return values


def lasting_values() -> dict[str, Any]:
    """The same at 128 px and wider, for painters to begin from: an exporter computes in advance with small weights."""
    values = finished_values()
    values["data"] |= {"size": 8 * SIZE}
    values["autoencoder"] |= {"encoder_widths": 4 * [16], "decoder_widths": 4 * [16]}
    values["prior"] |= {"width": 96}
    return values
